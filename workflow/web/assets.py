"""Addresses of static files with the hash of their content, so that they can be cached for ever."""

import hashlib
from functools import cache
from pathlib import Path

from flask import g, url_for

STATIC = Path(__file__).resolve().parent / "static"


@cache
def _mark(name: str, _changed: float) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Give the address of a file under `web/static`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    known: dict[str, str] = g.setdefault("assets", {})  # a page names the sprite of icons hundreds of times
    if name not in known:
        known[name] = url_for("static", filename=name, v=_mark(name, (STATIC / name).stat().st_mtime))
    return known[name]
