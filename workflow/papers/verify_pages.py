"""The public page that says whether a paper is genuine: no personal data, the same shape for a code unknown."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from workflow.base.languages import translations
from workflow.base.limits import spend
from workflow.papers import queries, words
from workflow.papers.rules import plain_code
from workflow.web.doors import ANYONE, Act, Door

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
    session = act.session
    session.rollback()
    spend(session, act.now, "papers.verify", request.remote_addr or "", limit=TRIES, window=WINDOW)
    act.keep()
    known = plain_code(code[:60])
    found = queries.verify(session, known) if known else None
    said = words.VERDICTS[found.state] if found else words.UNKNOWN_CODE
    verdict = {language: translations(language).gettext(said) for language in ("ru", "en")}
    return act.page("papers_pages/verify.html", 200 if found else 404, found=found, verdict=verdict, code=known or "",
                    kind_name=words.kind_name)  # fmt: skip
