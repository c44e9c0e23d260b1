r"""An IMAP server that says what the test wants, for what a real one cannot be made to do.

``ImapScript({"FETCH": b"* 1 FETCH (...)\r\n{tag} OK done\r\n"})``: the answer to a command by its name,
``{tag}`` filled in; the usual answers for the rest. An answer is one text or a list of them, for one
command after the other, and ``MORE`` names a line that goes on with a command. It may end with DROP
(hang up) or STALL (say nothing more).
"""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from maild.gateways.imap import ImapAccount

DROP = b"<drop>"
STALL = b"<stall>"
OK = b"{tag} OK done\r\n"

_USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE\r\n" + OK,
    "SELECT": b"* 1 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 9] -\r\n* OK [UIDNEXT 8] -\r\n" + OK,
    "SEARCH": b"* SEARCH 7\r\n" + OK,
    "IDLE": b"+ idling\r\n",
    "LOGOUT": b"* BYE\r\n" + OK,
}


class ImapScript:
    """Serves connections one after another; ``commands`` holds the lines that came."""

    def __init__(
        self, answers: Mapping[str, bytes | Sequence[bytes]], greeting: bytes = b"* OK hello"
    ) -> None:
        self.commands: list[str] = []
        self.connections = 0
        self._answers = {
            name: [said] if isinstance(said, bytes) else list(said)
            for name, said in (_USUAL | dict(answers)).items()
        }
        self._greeting = greeting
        self._ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def account(self, tls: str = "none", timeout: float = 0.3) -> ImapAccount:
        """How to reach it."""
        return ImapAccount("127.0.0.1", self.port, tls, "", "desk", "sesame", timeout=timeout)

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self._ending.is_set():
                sock.close()
                return
            self.connections += 1
            with sock, suppress(OSError):
                self._converse(sock)

    def _converse(self, sock: socket.socket) -> None:
        if self._greeting in (STALL, DROP):
            self._say(sock, self._greeting)
            return
        sock.sendall(self._greeting + b"\r\n")
        with sock.makefile("rb") as lines:
            tag = b""
            for line in lines:
                words = line.split()
                self.commands.append(line.decode("ascii", "replace").strip())
                if len(words) == 1:  # the rest of a command: DONE, or an answer to a challenge
                    name = b"MORE"
                else:
                    tag, name = words[0], words[2] if words[1] == b"UID" else words[1]
                if not self._say(sock, self._answer(name.decode()).replace(b"{tag}", tag)):
                    return

    def _answer(self, name: str) -> bytes:
        answers = self._answers.get(name.upper(), [OK])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _say(self, sock: socket.socket, answer: bytes) -> bool:
        """Send an answer; whether the conversation goes on."""
        sock.sendall(answer.replace(DROP, b"").replace(STALL, b""))
        if answer.endswith(STALL):
            self._ending.wait(30)
        return not answer.endswith((STALL, DROP))

    @contextmanager
    def running(self) -> Iterator["ImapScript"]:
        """Listening, for as long as the block lasts."""
        self._thread.start()
        try:
            yield self
        finally:
            self._ending.set()
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
            self._listener.close()
            self._thread.join(5)
