"""The process in which papers are made: reads orders on stdin, answers on stdout, holds no secrets and no database.

One order and one answer are each a JSON line with lengths, then bytes. Started by `workflow.papers.engine` only.
"""

import base64
import json
import resource
import sys
from typing import Any, BinaryIO

from workflow.papers.composing import RenderError, draft
from workflow.papers.editions import Edition
from workflow.papers.rendering import Rendered, render

MEMORY = 700 * 1024 * 1024


def _edition(told: dict[str, Any]) -> Edition:
    images = {name: base64.b64decode(data) for name, data in told.pop("images").items()}
    return Edition(**told, images=images)


def _answer(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    edition = _edition(order["edition"])
    if order["do"] == "draft":
        filled = draft(edition, order["facts"])
        return {"ok": True, "missing": filled.missing, "unknown": filled.unknown}, filled.text.encode()
    made: Rendered = render(edition, order["facts"], order["format"])
    return {
        "ok": True,
        "missing": made.missing,
        "unknown": made.unknown,
        "mime": made.mime,
        "sha256": made.sha256,
    }, made.data


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer orders until the parent closes the pipe."""
    while line := orders.readline():
        order = json.loads(orders.read(int(line)))
        try:
            head, data = _answer(order)
        except RenderError as wrong:
            head, data = {"ok": False, "code": wrong.code, "line": wrong.line, "detail": wrong.detail}, b""
        except MemoryError:
            head, data = {"ok": False, "code": "memory", "line": 0, "detail": ""}, b""
        except Exception as wrong:  # noqa: BLE001 - the parent must hear of every failure and the child go on
            head, data = {"ok": False, "code": "failed", "line": 0, "detail": type(wrong).__name__}, b""
        answers.write(json.dumps({**head, "size": len(data)}).encode() + b"\n" + data)
        answers.flush()


def main() -> None:
    """Set the limits and serve."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
