"""Pages of reports: a year's figures, and the year as a workbook."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import NotFound
from workflow.base.files import XLSX
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import rollback
from workflow.office.facts import collect as office
from workflow.office.queries import our_zone
from workflow.outcomes.rules import OutcomeKind, OutcomeState
from workflow.outcomes.wording import KINDS, STATES
from workflow.papers import editions
from workflow.papers.composing import RenderError
from workflow.papers.engine import RENDERER
from workflow.papers.facts import with_paper
from workflow.papers.rendering import MIMES, Format
from workflow.papers.service import fault, find_kind
from workflow.reports import queries, rules
from workflow.reports.receptions import receptions
from workflow.visits.models import Visit
from workflow.visits.rules import Direction, Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import country, days, language, partial_day
from workflow.web.workbooks import Sheet, workbook

door = Door("reports", __name__)
READ = needs(Permission.REPORTS_READ)


def directions() -> dict[str, str]:
    """Give the words for directions."""
    return {Direction.INCOMING.value: _("Incoming"), Direction.OUTGOING.value: _("Outgoing"),
            Direction.ONLINE.value: _("Online"), Direction.HOSTED.value: _("Hosted event")}


def standings() -> dict[str, str]:
    """Give the words for standings."""
    return {Standing.LIVE.value: _("Going on"), Standing.POSTPONED.value: _("Postponed"),
            Standing.CANCELLED.value: _("Cancelled"), Standing.CLOSED.value: _("Closed")}


@door.get("/reports", READ)
def index(act: Act) -> ResponseReturnValue:
    """Show a year in figures, each leading to its visits."""
    this_year = local_date(act.now, our_zone(act.session)).year
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else this_year
    if not rules.is_year(year):
        raise NotFound("year")
    known = queries.years(act.session, act.actor)
    return act.page("reports/index.html", figures=queries.year_figures(act.session, act.actor, year), year=year,
                    years=sorted({*known, this_year, year}, reverse=True), directions=directions())


@door.get("/reports/<int:year>.xlsx", READ)
def yearly(act: Act, year: int) -> Response:
    """Offer a year's visits and their outcomes as a workbook."""
    if not rules.is_year(year):
        raise NotFound("year")
    words, kinds, states = directions(), KINDS, STATES
    visits = Sheet(_("Visits"), [
        (_("No."), 6), (_("Visit"), 40), (_("Direction"), 12), (_("First day"), 12), (_("Last day"), 12),
        (_("Dates as known"), 22), (_("Partner"), 28), (_("Country"), 16), (_("Place"), 20), (_("Purpose"), 40),
        (_("Basis"), 36), (_("Members"), 10), (_("Responsible"), 24), (_("Status"), 14), (_("Report filed"), 12),
        (_("Outcomes"), 10), (_("Open outcomes"), 10),
    ], [
        [line.visit.id, line.visit.title(language()), words[line.visit.direction], line.visit.arrival,
         line.visit.departure, _dates(line.visit), line.partner, country(line.visit.country), line.visit.place,
         line.visit.purpose, line.basis, line.members, line.responsible, standings()[line.visit.standing],
         "✓" if line.tally.filed else "", line.tally.total, line.tally.open]
        for line in queries.year_lines(act.session, act.actor, year)
    ])
    outcomes = Sheet(_("Outcomes"), [
        (_("Visit"), 40), (_("Kind"), 16), (_("What"), 60), (_("Owner"), 28), (_("Due by"), 12), (_("State"), 14),
        (_("Note"), 40),
    ], [
        [visit.title(language()), _(kinds[OutcomeKind(row.kind)]), row.what, owner, row.due_on,
         _(states[OutcomeState(row.state)]), row.note]
        for row, visit, owner in queries.outcome_lines(act.session, act.actor, year)
    ])
    return offer(workbook(_("Visits of %(year)s", year=year), [visits, outcomes]), name=f"visits-{year}.xlsx",
                 media_type=XLSX)


@door.get("/reports/<int:year>/receptions.<language>.<form>", READ)
def journal(act: Act, year: int, language: str, form: str) -> Response:
    """Print the journal of receptions of foreign delegations over a year."""
    kind = find_kind("reception-journal")
    if not rules.is_year(year) or language not in kind.wordings or form not in ("pdf", "docx"):
        raise NotFound("paper")
    told = {"office": office(act.session, FactScope(visit_id=0, language="*", now=act.now)),
            "receptions": receptions(act.session, act.actor, year,
                                      until=local_date(act.now, our_zone(act.session)))}
    facts = with_paper(told, number="", dated=None, code=None, verify_url="", final=True)
    rollback(act.session)
    wanted: Format = "pdf" if form == "pdf" else "docx"
    try:
        made = RENDERER.render(editions.edition(kind.key, language), facts, wanted)
    except RenderError as wrong:
        raise fault(wrong) from wrong
    return offer(made.data, name=f"receptions-{year}-{language}.{form}", media_type=MIMES[wanted])


def _dates(visit: Visit) -> str:
    return partial_day(visit.dates_text) if visit.dates_text else days(visit.arrival, visit.departure)
