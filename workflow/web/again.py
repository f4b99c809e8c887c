"""A form that was sent too late: after signing out, or when the page stood open for too long.

What was typed is given back, to be sent once more with a fresh token; a letter is not typed twice because a night went
by. Only a form that our own page sent is answered so: else a stranger's page could put its words into a reader's mouth.
"""

from urllib.parse import urlsplit

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from workflow.base.actor import ActorKind

TOKEN = "csrf_token"  # noqa: S105 — the name of the field
SECRET = "password"  # noqa: S105 — so are fields named that are not given back

LEFT_OUT = "file-left-out"
"""Sent along where a file was chosen the first time, so that the second page of the kind says so too."""


def offered_again(*, needs_account: bool) -> ResponseReturnValue | None:
    """Give the page that holds what was typed; None where it must not, or need not, be given back."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in (TOKEN, LEFT_OUT)]
    if not fields or not _is_ours() or any(SECRET in name for name, _text in fields):
        return None
    signed_out = needs_account and g.actor.kind is not ActorKind.PERSON
    files = LEFT_OUT in request.form or any(file.filename for _name, file in request.files.items(multi=True))
    return render_template("errors/again.html", fields=fields, address=request.full_path.rstrip("?"),
                           signed_out=signed_out, left_out=LEFT_OUT if files else ""), 400


def _is_ours() -> bool:
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
