"""What the desk adds to a partner's page: the last contact, the history of visits, and what was promised."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.reasons import Where
from workflow.outcomes.queries import OutcomeLine, promises_of_partner
from workflow.outcomes.wording import KINDS, STATES
from workflow.papers.models import Dispatch, Paper
from workflow.partners.panels import Panel, PanelRow, PanelSource
from workflow.visits.forms import directions
from workflow.visits.models import Visit
from workflow.visits.queries import Slice, VisitFilter, filtered, list_visits
from workflow.visits.rules import Standing
from workflow.web.formats import day, days, language, partial_day

SHOWN = 50


def partner_panels(session: Session, actor: Actor, now: datetime, partner_id: int) -> Sequence[Panel]:
    """Give the panels of a partner that the actor may see."""
    if not actor.may(Permission.VISITS_READ):
        return []
    visits = list_visits(session, actor, VisitFilter(partner_id=partner_id), limit=SHOWN)
    panels = [_contacts(session, actor, now, partner_id), _history(visits, partner_id)]
    if actor.may(Permission.OUTCOMES_READ):
        panels.append(_promises(promises_of_partner(session, actor, now, partner_id)))
    return panels


def _contacts(session: Session, actor: Actor, now: datetime, partner_id: int) -> Panel:
    today = local_date(now, actor.zone)
    theirs = filtered(actor, VisitFilter(partner_id=partner_id)).where(Visit.standing != Standing.CANCELLED.value)
    ours = theirs.with_only_columns(Visit.id)
    last = session.scalars(
        theirs.where(Visit.arrival <= today).order_by(Visit.arrival.desc(), Visit.id.desc()).limit(1)
    ).one_or_none()
    coming = session.scalars(
        theirs.where(Visit.arrival > today, Visit.standing == Standing.LIVE.value)
        .order_by(Visit.arrival, Visit.id).limit(1)
    ).one_or_none()
    letter: date | None = None
    if actor.may(Permission.PAPERS_READ):
        letter = session.scalar(
            select(func.max(Dispatch.sent_on)).join(Paper, Paper.id == Dispatch.paper_id)
            .where(Paper.visit_id.in_(ours))
        )
    rows = [
        PanelRow([_("Last visit or meeting"), when(last) if last else "—"], _where(last)),
        PanelRow([_("Next one"), when(coming) if coming else "—"], _where(coming)),
        PanelRow([_("Last letter sent"), day(letter)]),
    ]
    return Panel(_("Last contact"), [_("Contact"), _("When")], rows, counted=False)


def _history(visits: Slice, partner_id: int) -> Panel:
    words = dict(directions())
    standings = {Standing.LIVE: _("Open"), Standing.POSTPONED: _("Postponed"), Standing.CANCELLED: _("Cancelled"),
                 Standing.CLOSED: _("Closed")}
    rows = [
        PanelRow([visit.title(language()), when(visit), words.get(visit.direction, visit.direction),
                  standings[Standing(visit.standing)]], _where(visit))
        for visit in visits.rows
    ]
    whole = None
    if visits.next_cursor:
        whole = PanelRow([_("All visits with this partner")],
                         Where("desk.visits", {"show": "all", "partner_id": partner_id}))
    return Panel(_("History of visits"), [_("Visit"), _("When"), _("Direction"), _("State")], rows,
                 _("No visit with this partner yet"), counted=whole is None, whole=whole)


def _promises(promises: Sequence[OutcomeLine]) -> Panel:
    kinds, states = {str(key): word for key, word in KINDS.items()}, {str(key): word for key, word in STATES.items()}
    rows = [
        PanelRow([line.outcome.what, _(kinds[line.outcome.kind]), line.owner, day(line.outcome.due_on),
                  _(states[line.outcome.state])], Where("outcomes.index", {"visit_id": line.visit.id}))
        for line in promises
    ]
    return Panel(_("Promises"), [_("What"), _("Kind"), _("Owner"), _("Due by"), _("State")], rows,
                 _("Nothing was promised yet"))


def when(visit: Visit) -> str:
    """Write when a visit was, as precisely as is known."""
    if visit.dates_text:
        return partial_day(visit.dates_text)
    return days(visit.arrival, visit.departure) if visit.arrival else _("date not known")


def _where(visit: Visit | None) -> Where | None:
    return Where("desk.visit", {"visit_id": visit.id}) if visit else None


PANELS: dict[str, PanelSource] = {"visits": partner_panels}
