"""A text edited in Word: the DOCX comes back, its words are shown as a difference, then saved like any other edit."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.base.actor import Permission
from workflow.base.errors import Invalid
from workflow.papers import approving, editions, queries, service
from workflow.papers.composing import RenderError, check_text
from workflow.papers.forms import VersionForm
from workflow.papers.from_word import read_word
from workflow.papers.paper_page import names, show
from workflow.papers.rewording import difference, reworded
from workflow.papers.rules import PaperAct
from workflow.papers.service import MAX_TEXT, open_paper
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.forms import Form

door = Door("paper_word", __name__)

WRITE = needs(Permission.PAPERS_WRITE)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


@door.post("/papers/<int:paper_id>/texts/<language>/word", WRITE)
def read(act: Act, paper_id: int, language: str) -> ResponseReturnValue:
    """Show what a DOCX would change of a text; nothing is kept of the file."""
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            paper, _kind = open_paper(act.session, act.actor, paper_id, PaperAct.EDIT)
            text = queries.get_text(paper, language)
            upload = uploaded("file")
            if upload is None:
                raise Invalid("papers.nothing-sent", field="file")
            blocks = read_word(upload)
            facts = approving.facts_of(act.session, act.now, paper, editions.kind(paper.kind))
            words = reworded(text.text, blocks, facts, language)
            if len(words) > MAX_TEXT:
                raise Invalid("base.too-long", field="file", limit=MAX_TEXT)
            _check(words)
            rows = difference(text.text, words)
            return act.page(
                "papers_pages/word_difference.html", visit=get_visit(act.session, act.actor, paper.visit_id),
                tab="papers", paper=paper, text=text, new_text=words, rows=rows, version=form.data.version,
                changed=any(mark != "same" for mark, _line in rows), **names(),
            )  # fmt: skip
    return show(act, paper_id, form.status, form_name=f"word-{language}", form=form)


def _check(words: str) -> None:
    try:
        check_text(words)
    except RenderError as wrong:
        found = service.fault(wrong)
        raise Invalid(found.code, field="file", **found.params) from wrong
