"""What the road costs with no program around it; ``throughput.py`` runs it, nobody else.

For the same mails it makes the same fetches, the same durable commits with as many rows (SQLAlchemy Core), the
same decryptions, SMTP connections that carry one letter after another, as maild's do, and the same marks, by the
same libraries and as many at once. Nothing is parsed, looked up, decided or composed.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from aiosmtplib import SMTP
from imapclient import IMAPClient
from sqlalchemy import JSON, Boolean, Connection, Table, Text, create_engine, event, insert, update

from maild.gateways import tls
from maild.store.instant import Instant
from maild.store.schema import clock, envelope, journal, letter, letter_bytes, location, metadata, raw

T = TypeVar("T")

BATCH, SENDERS, OPENERS = 50, 4, 2
WINDOW = "BODY.PEEK[]<0.131072>"
NOW = datetime.now(UTC)  # noqa: TID251 - there is no desk here whose clock could be asked
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF")


@dataclass(frozen=True)
class Job:
    """How many mails there are, the servers, and what maild did for each: the letters' bytes, rows by table."""

    mails: int
    imap: int
    imap_ca: str
    user: str
    smtp: int
    smtp_ca: str
    database: str
    home: str
    letters: list[str]
    rows: dict[str, int]


class Bare:
    """The road without maild."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.engine = create_engine(f"sqlite:///{job.database}")
        event.listen(self.engine, "connect", _connected)
        event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self.writer = ThreadPoolExecutor(1)
        self.numbers = count(1)
        self.idle: list[SMTP] = []
        self.to_send: asyncio.Queue[int] = asyncio.Queue()
        self.to_open: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()

    async def commit(self, work: Callable[[Connection], T]) -> T:
        """One durable commit, in the thread of the only writer."""

        def run() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self.writer, run)

    async def run(self) -> None:
        """Everything, reading, opening and sending side by side."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.read())
            group.create_task(self.send())
            for _ in range(OPENERS):
                group.create_task(self.open())

    async def read(self) -> None:
        """Fetch and keep batch by batch, handle each mail, mark them all."""
        client, uids = await asyncio.to_thread(self.connect)
        for start in range(0, len(uids), BATCH):
            batch = uids[start : start + BATCH]
            items = ["INTERNALDATE", "RFC822.SIZE", WINDOW]
            found = await asyncio.to_thread(client.fetch, batch, items)
            mails = {uid: found[uid][b"BODY[]<0>"] for uid in batch}
            await self.commit(lambda c, mails=mails: self.keep(c, mails))
            for uid, content in mails.items():
                for number in await self.commit(lambda c, uid=uid: self.handle(c, uid)):
                    self.to_send.put_nowait(number)
                if self.job.home:
                    self.to_open.put_nowait((uid, content))
        for _ in range(OPENERS):
            self.to_open.put_nowait(None)
        await asyncio.to_thread(client.add_flags, uids, ["maild-report"], True)
        await self.commit(lambda c: c.execute(update(location).values(marked=True)))

    def connect(self) -> tuple[IMAPClient, list[int]]:
        """Logged in over TLS, with the folder's UIDs."""
        client = IMAPClient("localhost", self.job.imap, ssl_context=tls.context(self.job.imap_ca))
        client.plain_login(self.job.user, "sesame")
        client.select_folder("INBOX")
        return client, client.search(["UID", "1:*"])

    def keep(self, connection: Connection, mails: dict[int, bytes]) -> None:
        """Every mail of a batch as it came."""
        for uid, content in mails.items():
            known = {"id": uid, "size": len(content), "identity": f"i{uid}", "state": "kept"}
            connection.execute(insert(envelope).values(**_row(envelope, uid) | known))
            connection.execute(insert(raw).values(envelope_id=uid, content=content))
            connection.execute(insert(location).values(**_row(location, uid) | {"uid": uid}))

    def handle(self, connection: Connection, uid: int) -> list[int]:
        """What maild writes down for a mail; the letters it owes."""
        owed = []
        for name, many in self.job.rows.items():
            for _ in range(many):
                number, table = next(self.numbers), metadata.tables[name]
                connection.execute(insert(table).values(**_row(table, number)))
                owed += [number] if table is letter else []
        connection.execute(
            update(envelope).where(envelope.c.id == uid).values(state="done", verdict="report")
        )
        connection.execute(update(location).where(location.c.envelope_id == uid).values(mark="report"))
        return owed

    async def open(self) -> None:
        """Decrypt, and write down that it was."""
        command = ("gpg", "--homedir", self.job.home, "--batch", "--no-tty", "--quiet", "--decrypt")
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        while sealed := await self.to_open.get():
            uid, content = sealed
            gpg = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere)
            opened, _ = await gpg.communicate(content[content.index(b"-----BEGIN PGP") :])
            assert opened
            await self.commit(lambda c, uid=uid: _done(c, uid))

    async def send(self) -> None:
        """Claim a few letters, send them at once, go on."""
        left = self.job.mails * len(self.job.letters)
        while left:
            claimed = [await self.to_send.get()]
            while len(claimed) < SENDERS and not self.to_send.empty():
                claimed.append(self.to_send.get_nowait())
            await self.commit(lambda c, claimed=claimed: _claim(c, claimed))
            await asyncio.gather(*(self.hand_in(one) for one in claimed))
            left -= len(claimed)
        for server in self.idle:
            await server.quit()

    async def hand_in(self, number: int) -> None:
        """Fix the bytes, send them over a connection that is kept for the next letter, settle."""
        content = self.job.letters[number % len(self.job.letters)].encode()
        await self.commit(lambda c: _fix(c, number, content))
        server = self.idle.pop() if self.idle else await self.logged_in()
        await server.sendmail("security@project.example", [f"r{number}@reporter.example"], content)
        self.idle.append(server)
        await self.commit(lambda c: self.settle(c, number))

    async def logged_in(self) -> SMTP:
        """A new connection; there are as many as letters under way at once."""
        context = tls.context(self.job.smtp_ca)
        name = {"hostname": "localhost", "port": self.job.smtp, "local_hostname": "[127.0.0.1]"}
        server = SMTP(**name, start_tls=True, tls_context=context)
        await server.connect()
        await server.login("desk", "sesame")
        return server

    def settle(self, connection: Connection, number: int) -> None:
        """The letter went out; that is a line of the journal, and keeps a promise."""
        _change(connection, number, state="sent", settled=NOW)
        for _ in range(2):
            connection.execute(insert(journal).values(**_row(journal, next(self.numbers))))
        connection.execute(update(clock).where(clock.c.id == number).values(met=NOW))


def _change(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(letter).where(letter.c.id == number).values(**values))


def _fix(connection: Connection, number: int, content: bytes) -> None:
    fixed = {"letter_id": number, "content": content}
    connection.execute(insert(letter_bytes).values(**_row(letter_bytes, number) | fixed))


def _claim(connection: Connection, numbers: list[int]) -> None:
    connection.execute(update(letter).where(letter.c.id.in_(numbers)).values(state="sending"))


def _done(connection: Connection, uid: int) -> None:
    connection.execute(update(envelope).where(envelope.c.id == uid).values(state="done"))


def _row(table: Table, number: int) -> dict[str, Any]:
    """A row with something in every column that must not be empty, of about the usual length."""
    kinds = {Instant: NOW, Boolean: False, Text: f"{table.name}-{number:040}", JSON: {"of": f"{number:040}"}}
    wanted = [column for column in table.columns if column.primary_key or not column.nullable]
    return {column.name: kinds.get(type(column.type), number) for column in wanted}


def _connected(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def main() -> None:
    """Do the job on standard input; print the seconds it took, and those of the processor (gpg's included)."""
    bare = Bare(Job(**json.load(sys.stdin)))
    begin, before = time.perf_counter(), sum(os.times()[:4])
    try:
        asyncio.run(bare.run())
    finally:
        bare.engine.dispose()
    print(time.perf_counter() - begin, sum(os.times()[:4]) - before)


if __name__ == "__main__":
    main()
