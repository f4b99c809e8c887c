"""The register of numbers: read, printed, taken away as a workbook."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.files import XLSX
from workflow.papers import register, words
from workflow.papers.paper_page import names
from workflow.papers.rules import Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import language as reader_language
from workflow.web.workbooks import Sheet, workbook

door = Door("paper_register", __name__)

READ = needs(Permission.PAPERS_READ)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _asked(act: Act) -> tuple[int, str, list[int]]:
    this_year = local_date(act.now, act.actor.zone).year
    known = register.years(act.session, act.actor)
    told = request.args.get("year", "")
    year = int(told) if told.isascii() and told.isdigit() and len(told) == 4 else (known[0] if known else this_year)
    return year, request.args.get("series", "")[:40], known or [this_year]


@door.get("/papers/register", READ)
def show(act: Act) -> ResponseReturnValue:
    """Show the numbers of a year."""
    year, series, known = _asked(act)
    shelves = [(one.series, one.title(reader_language())) for one in register.shelves(act.session)]
    rows = register.lines(act.session, act.actor, year, series)
    return act.page("papers_pages/register.html", year=year, series=series, years=sorted({*known, year}, reverse=True),
                    shelves=shelves, titles=dict(shelves), rows=rows, **names())  # fmt: skip


@door.get("/papers/register.xlsx", READ)
def take_away(act: Act) -> ResponseReturnValue:
    """Take the numbers of a year away as a workbook."""
    year, series, _known = _asked(act)
    language = reader_language()
    titles = {one.series: one.title(language) for one in register.shelves(act.session)}
    rows = [
        [
            line.paper.number, line.paper.dated, titles.get(line.paper.series, line.paper.series),
            words.kind_name(line.paper.kind, language), line.visit.title(language), _(words.STANDINGS[line.standing]),
            _remark(line),
        ]
        for line in register.lines(act.session, act.actor, year, series)
    ]  # fmt: skip
    headings = [(_("Number"), 16), (_("Date"), 12), (_("Register of"), 30), (_("Paper"), 40), (_("Visit"), 44),
                (_("State"), 16), (_("Remark"), 44)]  # fmt: skip
    title = _("Register %(year)s", year=year)
    name = f"register-{year}{'-' + series if series in titles else ''}.xlsx"
    return offer(workbook(title, [Sheet(title, headings, rows)]), name=name, media_type=XLSX)


def _remark(line: register.Line) -> str:
    if line.standing is Standing.ANNULLED:
        return line.paper.reason
    if line.replaced_by:
        return _("Replaced by No. %(number)s", number=line.replaced_by)
    return ""
