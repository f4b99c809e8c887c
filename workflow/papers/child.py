"""The process in which papers are made: reads orders on stdin, answers on stdout, holds no secrets and no database.

One order and one answer are each a JSON line with lengths, then bytes. Started by `workflow.papers.engine` only.
"""

import base64
import gc
import json
import os
import resource
import signal
import sys
import sysconfig
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from workflow.papers.authoring.checking import plainly
from workflow.papers.authoring.own_docx import examine
from workflow.papers.authoring.scrubbing import TemplateError
from workflow.papers.composing import RenderError, draft
from workflow.papers.editions import Edition, kind
from workflow.papers.rendering import Rendered, render

MEMORY = 700 * 1024 * 1024
ALARM = 120
"""Seconds after which one order ends the process from within: the parent kills far earlier, unless it died itself."""
_ROOM = Path(__file__).resolve().parents[1]
READABLE = tuple(
    os.path.realpath(folder)  # an environment is often a link to a folder elsewhere
    for folder in (
        _ROOM, _ROOM.parent / "templates" / "papers", sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"),
        sysconfig.get_path("purelib"), "/usr/share/zoneinfo",
    )
)  # fmt: skip
"""Folders whose files this process may read: the program, its libraries, the wordings as delivered."""
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill",
             "shutil.", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink",
             "ftplib.", "smtplib.", "urllib.", "webbrowser.", "pty.")  # fmt: skip


def _edition(told: dict[str, Any]) -> Edition:
    images = {name: base64.b64decode(data) for name, data in told.pop("images").items()}
    template = base64.b64decode(told.pop("template", ""))
    return Edition(**told, images=images, template=template)


def _answer(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if order["do"] == "examine":
        return _examined(order)
    edition = _edition(order["edition"])
    if order["do"] == "draft":
        filled = draft(edition, order["facts"])
        forms = [asdict(each) for each in filled.forms]
        told = {"ok": True, "missing": filled.missing, "unknown": filled.unknown, "forms": forms}
        return told, filled.text.encode()
    made: Rendered = render(edition, order["facts"], order["format"])
    return {
        "ok": True,
        "missing": made.missing,
        "unknown": made.unknown,
        "mime": made.mime,
        "sha256": made.sha256,
    }, made.data


def _examined(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        found = examine(base64.b64decode(order["template"]), kind(order["kind"]))
    except TemplateError as wrong:
        raise RenderError(wrong.code) from wrong
    return {"ok": True, "removed": found.removed, "faults": [plainly(each) for each in found.faults]}, found.data


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Say that it is ready, and answer orders until the parent closes the pipe."""
    answers.write(b"ready\n")
    answers.flush()
    while line := orders.readline():
        order = json.loads(orders.read(int(line)))
        signal.alarm(ALARM)
        try:
            head, data = _answer(order)
        except RenderError as wrong:
            head, data = {"ok": False, "code": wrong.code, "line": wrong.line, "detail": wrong.detail}, b""
        except MemoryError:
            head, data = {"ok": False, "code": "memory", "line": 0, "detail": ""}, b""
        except Exception as wrong:  # noqa: BLE001 - the parent must hear of every failure and the child go on
            head, data = {"ok": False, "code": "failed", "line": 0, "detail": type(wrong).__name__}, b""
        signal.alarm(0)
        told = json.dumps({**head, "size": len(data)}).encode()
        answers.write(b"%09d\n" % len(told) + told + data)
        answers.flush()


def watch(event: str, given: tuple[Any, ...]) -> None:
    """Refuse what making a paper never needs: other programs, the network, writing, files that are not ours.

    A second wall behind the sandbox (PEP 578): no way to any of these is known.

    Raises:
        PermissionError: what was tried.
    """
    if event in {"open", "os.listdir", "os.scandir"}:
        path, flags = given[0], given[2] if len(given) > 2 else 0
        if isinstance(path, int):
            return
        place = os.path.realpath(os.fsdecode("." if path is None else path))
        if (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or not place.startswith(READABLE):
            raise PermissionError(event)
    elif event.startswith(FORBIDDEN):
        raise PermissionError(event)


def main() -> None:
    """Set the limits and serve."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(watch)
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    gc.freeze()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
