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


def offered_again(*, needs_account: bool) -> ResponseReturnValue | None:
    """Give the page that holds what was typed; None where it must not, or need not, be given back."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != TOKEN]
    if not fields or not _is_ours() or any(SECRET in name for name, _text in fields):
        return None
    signed_out = needs_account and g.actor.kind is not ActorKind.PERSON
    files = any(upload.filename for _name, upload in request.files.items(multi=True))
    return render_template("errors/again.html", fields=fields, address=request.full_path.rstrip("?"),
                           signed_out=signed_out, files=files), 400


def _is_ours() -> bool:
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
