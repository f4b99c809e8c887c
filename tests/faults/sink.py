"""A real SMTP server in a process of its own that keeps what it accepted on disk, and may kill the sender.

A message is written and synced *before* the client reads "250", so the disk holds the truth about what has arrived,
whoever dies afterwards. `plan.json` in its folder names a process group and a number: at that many-th command from
now on the sink kills the group with SIGKILL, at a point that a real crash could hit: before or after any reply.

Run as ``python -m tests.faults.sink FOLDER PORT``.
"""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import die_with_parent, free_port, wait_until

PLAN = "plan.json"


class Keeper:
    """aiosmtpd's handler: counts commands, keeps messages, carries out the plan."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = 0

    def _step(self) -> None:
        """Count one command; kill when the plan says that this is the one."""
        plan_file = self._folder / PLAN
        try:
            plan = json.loads(plan_file.read_text())
        except FileNotFoundError:
            return
        plan["commands"] -= 1
        if plan["commands"] > 0:
            plan_file.write_text(json.dumps(plan))
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(plan["group"], signal.SIGKILL)
        plan_file.unlink()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Greet."""
        session.host_name = hostname
        self._step()
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the sender."""
        envelope.mail_from = address
        self._step()
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient."""
        envelope.rcpt_tos.append(address)
        self._step()
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message for good, then say so."""
        self._step()
        self._kept += 1
        path = self._folder / f"{os.getpid()}-{self._kept:05}.eml"
        with path.open("wb") as file:
            file.write(envelope.content if isinstance(envelope.content, bytes) else b"")
            file.flush()
            os.fsync(file.fileno())
        self._step()
        return "250 kept"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """Say goodbye."""
        self._step()
        return "221 Bye"


async def serve(folder: Path, port: int) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="sink.example", enable_SMTPUTF8=True), "127.0.0.1", port
    )
    async with server:
        await server.serve_forever()


@dataclass(frozen=True)
class Arrived:
    """One message on the sink's disk."""

    message_id: str
    recipient: str
    subject: str


@dataclass(frozen=True)
class Sink:
    """A running sink, seen from a test."""

    folder: Path
    port: int

    def arrived(self) -> list[Arrived]:
        """Read everything that was accepted, in order."""
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found.append(Arrived(str(message["Message-ID"]), str(message["To"]), str(message["Subject"])))
        return found

    def kill_at(self, group: int, commands: int) -> None:
        """Have the process group killed at the so many-th command from now."""
        whole = self.folder / "plan.new"
        whole.write_text(json.dumps({"group": group, "commands": commands}))
        whole.replace(self.folder / PLAN)

    def killed(self) -> bool:
        """Say whether the last plan was carried out."""
        return not (self.folder / PLAN).exists()

    def answers(self) -> bool:
        """Say whether the sink greets."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=2) as client:
                return client.noop()[0] == 250
        except OSError:
            return False


@contextmanager
def running_sink(folder: Path) -> Iterator[Sink]:
    """Run a sink for the length of a block."""
    folder.mkdir(parents=True, exist_ok=True)
    sink = Sink(folder, free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sink", str(folder), str(sink.port)],
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        wait_until(sink.answers, what="the SMTP sink to answer")
        yield sink
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
