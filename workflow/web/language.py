"""The language switch of people who have not signed in; accounts keep theirs in their settings."""

from collections.abc import Callable

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from workflow.base.languages import LANGUAGES
from workflow.web.doors import ANYONE, Act, Door

door = Door("language", __name__)

LANGUAGE_KEEPERS: list[Callable[[Act, str], None]] = []
"""Told of the choice of somebody who is signed in; the accounts room keeps it. Filled in `app.py`."""


@door.post("/language/<string:language>", ANYONE)
def choose(act: Act, language: str) -> ResponseReturnValue:
    """Switch the interface's language and go back to the page the switch stood on."""
    if language in LANGUAGES:
        session["language"] = language
        for keep in LANGUAGE_KEEPERS:
            keep(act, language)
    return redirect(own_path(request.form.get("back")) or url_for("desk.today"), code=303)


def own_path(text: str | None) -> str:
    """Give a path of ours to go on to, or "": never an address elsewhere, be it hidden behind a tab or a backslash."""
    good = text and text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return str(text) if good else ""
