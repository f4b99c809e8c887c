"""Papers made in a child process with limits of time and memory, from web and worker alike.

The child is a fresh program, never a fork: Typst hangs for ever in a fork of a process that has used it. It lives on
from paper to paper; when it breaks a limit or dies it is killed and the next order starts another.
"""

import atexit
import base64
import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, NoReturn

from workflow.papers.authoring.checking import Fault
from workflow.papers.authoring.own_docx import Examined
from workflow.papers.composing import RenderError
from workflow.papers.declining import FormUsed
from workflow.papers.editions import Edition
from workflow.papers.plain import freeze
from workflow.papers.rendering import Format, Rendered
from workflow.papers.wording import Filled

SECONDS = 20.0
STARTING = 30.0
"""Seconds that a child may take to begin; the limit of an order counts from then on."""
MAX_HEAD = 1024 * 1024
MAX_ANSWER = 64 * 1024 * 1024


class Renderer:
    """One child, used by one thread at a time."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def render(self, edition: Edition, facts: Mapping[str, Any], format: Format) -> Rendered:  # noqa: A002 - as in `rendering`
        """`rendering.render`, with limits.

        Raises:
            RenderError: as there; also `time`, `memory`, `died`.
        """
        head, data = self._ask({"do": "render", "edition": as_plain(edition), "facts": freeze(facts), "format": format})
        return Rendered(data, head["mime"], head["sha256"], tuple(head["missing"]), tuple(head["unknown"]))

    def draft(self, edition: Edition, facts: Mapping[str, Any]) -> Filled:
        """`rendering.draft`, with limits.

        Raises:
            RenderError: as there; also `time`, `memory`, `died`.
        """
        head, data = self._ask({"do": "draft", "edition": as_plain(edition), "facts": freeze(facts)})
        forms = tuple(FormUsed(**each) for each in head["forms"])
        return Filled(data.decode(), tuple(head["missing"]), tuple(head["unknown"]), forms)

    def examine(self, template: bytes, kind: str) -> Examined:
        """`authoring.own_docx.examine` of a DOCX template for a kind, with limits.

        Raises:
            RenderError: `template-damaged`, `template-too-large`, `template-entities`, `time`, `memory`, `died`.
        """
        told = base64.b64encode(template).decode()
        head, data = self._ask({"do": "examine", "kind": kind, "template": told})
        return Examined(data, dict(head["removed"]), tuple(Fault(**each) for each in head["faults"]))

    def close(self) -> None:
        """End the child, if it is ours."""
        with self._lock:
            self._kill()

    def _ask(self, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        body = json.dumps(order, ensure_ascii=False).encode()
        with self._lock:
            try:
                child = self._living()
                deadline = time.monotonic() + self.seconds
                _write(child, f"{len(body)}\n".encode() + body, deadline)
                head, data = _read_answer(child, deadline)
            except _TooLongError:
                self._fail("too-long")
            except TimeoutError:
                self._fail("time")
            except (OSError, EOFError, ValueError):
                self._fail("died")
            if head.get("code") == "memory":
                self._kill()
        if not head["ok"]:
            raise RenderError(head["code"], line=head["line"], detail=head["detail"])
        return head, data

    def _living(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._child, self._owner = None, os.getpid()
        if self._child is not None and self._child.poll() is not None:
            self._kill()
        if self._child is None:
            environment = {
                "PATH": os.environ.get("PATH", ""),
                "LANG": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "RAYON_NUM_THREADS": "1",  # a letter is too little work for two: they would wait for each other
            }
            self._child = subprocess.Popen(
                [sys.executable, "-m", "workflow.papers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
            for stream in (self._child.stdin, self._child.stdout):
                assert stream is not None  # noqa: S101 - both are pipes
                os.set_blocking(stream.fileno(), False)
            _read_line(self._child, time.monotonic() + STARTING)
        return self._child

    def _fail(self, code: str) -> NoReturn:
        self._kill()
        raise RenderError(code)

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        child.wait()


def as_plain(edition: Edition) -> dict[str, Any]:
    """An edition as JSON takes it: the whole of what is laid out."""
    return {
        "kind": edition.kind,
        "language": edition.language,
        "wording": edition.wording,
        "layout": edition.layout,
        "title": edition.title,
        "official": edition.official,
        "template": base64.b64encode(edition.template).decode(),
        "images": {name: base64.b64encode(data).decode() for name, data in edition.images.items()},
    }


def _wait(descriptor: int, deadline: float, *, write: bool = False) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT if write else select.POLLIN)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


def _write(child: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    assert child.stdin is not None  # noqa: S101 - it is a pipe
    descriptor, sent = child.stdin.fileno(), 0
    while sent < len(data):
        try:
            sent += os.write(descriptor, data[sent : sent + 65_536])
        except BlockingIOError:
            _wait(descriptor, deadline, write=True)


def _read_some(child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    _wait(child.stdout.fileno(), deadline)
    data = os.read(child.stdout.fileno(), size)
    if not data:
        raise EOFError
    return data


def _read_line(child: subprocess.Popen[bytes], deadline: float) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        line += _read_some(child, 1, deadline)
        if len(line) > 100_000:
            raise ValueError("answer")
    return bytes(line)


class _TooLongError(Exception):
    """More bytes than a paper can have."""


def _read_answer(child: subprocess.Popen[bytes], deadline: float) -> tuple[dict[str, Any], bytes]:
    """The head of an answer and the bytes that it tells of.

    Mostly they come in one piece: every further read would begin with cold caches, while the child waits.

    Raises:
        TimeoutError, EOFError, OSError, ValueError: it does not come whole.
    """
    got = bytearray()

    def until(size: int) -> None:
        while len(got) < size:
            got.extend(_read_some(child, 65_536, deadline))

    until(10)
    start = 10 + int(got[:10])
    if start > MAX_HEAD:
        raise ValueError("answer")
    until(start)
    head: dict[str, Any] = json.loads(got[10:start])
    if head["size"] > MAX_ANSWER:
        raise _TooLongError
    until(start + head["size"])
    if len(got) != start + head["size"]:
        raise ValueError("answer")
    return head, bytes(got[start:])


RENDERER = Renderer()
"""The one child of this process."""
atexit.register(RENDERER.close)
