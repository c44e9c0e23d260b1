"""A provider that has been taken over: its answers are nonsense, endless, or lead elsewhere."""

import gzip
import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from maild.config.oauth import OAuthSection
from maild.core.values.token import Token
from maild.errors import PermanentError, TemporaryError
from maild.gateways.oauth import grants
from maild.gateways.oauth.grants import Application, Invitation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OLD = Token("old-access", NOW, NOW + timedelta(hours=1), "old-refresh")
Said = Callable[[], Iterator[bytes]]


def answer(body: bytes, *fields: str, status: str = "200 OK") -> Said:
    """One whole answer."""
    lines = (f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(body)}", "Content-Type: application/json")
    return lambda: iter(("".join(f"{one}\r\n" for one in lines).encode() + b"\r\n", body))


def given(**fields: object) -> Said:
    """An answer in JSON."""
    return answer(json.dumps(fields).encode())


def endless() -> Iterator[bytes]:
    """An answer that never ends."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b" " * 0x10000 + b"\r\n"


@contextmanager
def provider(said: Said) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that says this to everybody: its address, and what it was asked."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        asked: list[bytes] = []
        serving = threading.Thread(target=_serve, args=(listening, said, asked), daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked


def _serve(listening: socket.socket, said: Said, asked: list[bytes]) -> None:
    with suppress(OSError):
        while True:
            visitor, _ = listening.accept()
            with visitor, suppress(OSError):
                asked.append(visitor.recv(65536))
                for piece in said():
                    visitor.sendall(piece)


def desk(url: str) -> Application:
    """The desk's application at this provider."""
    urls = {f"{name}_url": f"{url}/{name}" for name in ("authorize", "device", "token")}
    section = OAuthSection(grant="device-code", client_id="desk", scopes=("mail",), **urls)
    return Application(section, "security@project.example")


DEEP = answer(b'{"access_token": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")
BOMB = gzip.compress(b'{"access_token": "x", "more": "' + b" " * 200_000_000 + b'"}')
REFUSED: dict[str, Said] = {
    "nested deeper than anybody reads": DEEP,
    "endless": endless,
    "a bomb": answer(BOMB, "Content-Encoding: gzip"),
    "a line end in the token": given(access_token="a\r\nX: y", expires_in=60),
    "a list": given(access_token=["a"]),
    "no letters": given(access_token=""),
    "a life without end": answer(b'{"access_token": "a", "expires_in": Infinity}'),
    "a life that is no number": answer(b'{"access_token": "a", "expires_in": NaN}'),
    "a life of 9,000 digits": answer(b'{"access_token": "a", "expires_in": ' + b"9" * 9000 + b"}"),
    "a life that is over": given(access_token="a", expires_in=-5),
    "a refresh token that is a number": given(access_token="a", refresh_token=7),
    "an error that is an object": answer(b'{"error": {"a": 1}}', status="400 Bad Request"),
    "an error that speaks": given(error="invalid\u001b[2Jgrant", error_description="\u001b[31mhello"),
    "a page": answer(b"<html>log in</html>"),
    "nothing": answer(b""),
    "not JSON of UTF-8": answer(b"\xff\xfe{\0}\0"),
    "a token beside a list": answer(b'[{"access_token": "a"}]'),
    "sent on": answer(b"", "Location: http://127.0.0.1:9/elsewhere", status="307 Temporary Redirect"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_answer_does_harm(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it answers when the token is renewed: trouble in our words, in little memory, asked once."""
    monkeypatch.setattr(grants, "LONGEST", 5.0)
    with provider(REFUSED[name]) as (url, asked):
        with pytest.raises((TemporaryError, PermanentError)) as trouble:
            grants.renewed(desk(url), OLD, NOW)
        assert str(trouble.value).isprintable()
        assert "old-refresh" not in str(trouble.value)
        assert len(asked) == 1


def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good answer of which each byte takes ten seconds is not waited for to its end."""
    clock = itertools.count(0, 10)
    monkeypatch.setattr(grants, "monotonic", lambda: float(next(clock)))
    with provider(given(access_token="a", expires_in=60)) as (url, _), pytest.raises(TemporaryError):
        grants.renewed(desk(url), OLD, NOW)


INVITES: dict[str, Said] = {
    "nested deeper than anybody reads": answer(b"[" * 200_000),
    "endless": endless,
    "a pause that is no number": answer(
        b'{"device_code": "d", "user_code": "u", "verification_uri": "https://x.example", "interval": NaN,'
        b' "expires_in": 60}'
    ),
    "a time that is no number": answer(
        b'{"device_code": "d", "user_code": "u", "verification_uri": "https://x.example", "expires_in": NaN}'
    ),
    "an address that moves the cursor": given(
        device_code="d", user_code="u", verification_uri="https://x.example/\u001b[2J", expires_in=60
    ),
    "a code of two lines": given(
        device_code="d", user_code="u\nenter your password at", verification_uri="https://x", expires_in=60
    ),
}


@pytest.mark.parametrize("name", INVITES)
def test_no_invitation_does_harm(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it answers when a person is to be asked: trouble in our words."""
    monkeypatch.setattr(grants, "LONGEST", 5.0)
    with provider(INVITES[name]) as (url, _), pytest.raises((TemporaryError, PermanentError)):
        made: Invitation = grants.invited(desk(url))
        grants.by_device(desk(url), made, lambda seconds: NOW + timedelta(seconds=seconds))
