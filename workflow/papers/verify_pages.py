"""The public page that says whether a paper is genuine: no personal data, the same shape for a code unknown."""

import hashlib
from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from workflow.base.languages import translations
from workflow.base.limits import spend
from workflow.papers import queries, words
from workflow.papers.rules import plain_code
from workflow.web.doors import ANYONE, Act, Door, uploaded

door = Door("verify", __name__, url_prefix="/verify")

TRIES = 30
WINDOW = timedelta(minutes=10)


@door.get("", ANYONE)
def ask(act: Act) -> ResponseReturnValue:
    """Ask for a code."""
    return act.page("papers_pages/verify_ask.html")


@door.post("", ANYONE)
def look_up(act: Act) -> ResponseReturnValue:
    """Take a typed code to its page."""
    code = plain_code(request.form.get("code", "")[:60])
    return act.to("verify.show", code=code or "unknown")


@door.get("/<code>", ANYONE)
def show(act: Act, code: str) -> ResponseReturnValue:
    """Say in both languages whether the paper is genuine."""
    return _verdict(act, code)


@door.post("/<code>", ANYONE)
def compare(act: Act, code: str) -> ResponseReturnValue:
    """Say whether a file is exactly what was issued under this code; nothing of it is kept."""
    upload = uploaded("file")
    return _verdict(act, code, hashlib.sha256(upload.data).hexdigest() if upload else "")


def _verdict(act: Act, code: str, given: str | None = None) -> ResponseReturnValue:
    session = act.session
    session.rollback()
    spend(session, act.now, "papers.verify", request.remote_addr or "", limit=TRIES, window=WINDOW)
    act.keep()
    known = plain_code(code[:60])
    found = queries.verify(session, known) if known else None
    said = words.VERDICTS[found.state] if found else words.UNKNOWN_CODE
    verdict = {language: translations(language).gettext(said) for language in ("ru", "en")}
    same = found is not None and given in found.hashes
    told = None if given is None else words.FILES[same if given else None]
    file_told = told and {language: translations(language).gettext(told) for language in ("ru", "en")}
    return act.page("papers_pages/verify.html", 200 if found else 404, found=found, verdict=verdict, code=known or "",
                    file_told=file_told, same=same, kind_name=words.kind_name)  # fmt: skip
