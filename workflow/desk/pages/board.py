"""The board: the list of visits, narrowed by filters, and the same list as a workbook."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.accounts.queries import people_to_choose
from workflow.base.actor import Permission, Role
from workflow.base.files import XLSX
from workflow.base.search import SearchEntry, find
from workflow.desk import queries
from workflow.desk.pages.door import door
from workflow.partners.queries import partners_to_choose
from workflow.visits.models import Visit
from workflow.visits.queries import VisitFilter, list_visits, seen_by
from workflow.visits.rules import Direction
from workflow.web.doors import Act, needs
from workflow.web.downloads import offer
from workflow.web.formats import country, days, partial_day
from workflow.web.forms import Form, FormModel
from workflow.web.workbooks import Sheet, workbook

MOST_EXPORTED = 20_000


class Show(StrEnum):
    """Which visits the list holds by their standing."""

    GOING = "going"
    LIVE = "live"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    ALL = "all"


class BoardForm(FormModel):
    """What the list is narrowed to."""

    show: Show = Show.GOING
    q: str = ""
    direction: Direction | None = None
    stage: str = ""
    partner_id: int | None = None
    responsible_id: int | None = None
    since: date | None = None
    until: date | None = None


@door.get("/visits", needs(Permission.VISITS_READ))
def visits(act: Act) -> ResponseReturnValue:
    """List visits."""
    form = Form.posted(BoardForm, request.args)
    rows, after = _page(act, form.data, request.args.get("after"), queries.PAGE) if form.data else ([], None)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "after"}
    return act.page(
        "desk/visits.html", form.status, form=form, rows=queries.dress(act.session, act.actor, act.now, rows),
        next_url=url_for("desk.visits", **asked, after=after) if after else None, asked=asked, narrowed=bool(asked),
        directions=direction_words(), shows=show_words(),
        stages=queries.stages_to_choose(act.session, act.actor.locale),
        partners=partners_to_choose(act.session, act.actor.locale),
        officers=people_to_choose(act.session, act.actor.locale, Role.COORDINATOR, Role.MANAGER),
    )


@door.get("/visits/export.xlsx", needs(Permission.VISITS_READ))
def export(act: Act) -> ResponseReturnValue:
    """Give the narrowed list as a workbook."""
    form = Form.posted(BoardForm, request.args)
    rows: list[Visit] = []
    after = None
    while form.data:
        page, after = _page(act, form.data, after, 500)
        rows += page
        if after is None or len(rows) >= MOST_EXPORTED:
            break
    directions, shows = dict(direction_words()), dict(show_words())
    headings = [(gettext("No."), 6), (gettext("Visit"), 40), (gettext("Direction"), 12), (gettext("Stage"), 22),
                (gettext("Status"), 14), (gettext("First day"), 12), (gettext("Last day"), 12),
                (gettext("Dates as known"), 22), (gettext("Partner"), 28), (gettext("Country"), 16),
                (gettext("Place"), 20), (gettext("Responsible"), 24), (gettext("Purpose"), 40)]
    lines = [
        [row.visit.id, row.visit.title(act.actor.locale), directions[row.visit.direction], row.stage(act.actor.locale),
         shows[row.visit.standing], row.visit.arrival, row.visit.departure,
         partial_day(row.visit.dates_text) if row.visit.dates_text else days(row.visit.arrival, row.visit.departure),
         row.partner, country(row.visit.country), row.visit.place, row.responsible, row.visit.purpose]
        for row in queries.name_rows(act.session, act.actor, rows)
    ]
    title, today = gettext("Visits"), queries.today_of(act.session, act.now)
    return offer(workbook(title, [Sheet(title, headings, lines)]), name=f"visits-{today}.xlsx", media_type=XLSX)


def _page(act: Act, asked: BoardForm, after: str | None, limit: int) -> tuple[list[Visit], str | None]:
    ids = None
    if asked.q:
        found = find(act.session, asked.q[:200], seen=seen_by(act.actor, SearchEntry.visit_id), limit=1000)
        ids = [entry.thing_id for entry in found if entry.kind == "visit"]
    standing = "" if asked.show in (Show.GOING, Show.ALL) else asked.show.value
    narrowing = VisitFilter(
        direction=asked.direction.value if asked.direction else "", stage=asked.stage[:40], standing=standing,
        partner_id=asked.partner_id, responsible_id=asked.responsible_id, since=asked.since, until=asked.until, ids=ids,
    )
    if asked.show in (Show.GOING, Show.LIVE, Show.POSTPONED):
        rows, following = queries.going_visits(act.session, act.actor, narrowing=narrowing, cursor=after, limit=limit)
        return list(rows), following
    listed = list_visits(act.session, act.actor, narrowing, cursor=after, limit=limit)
    return list(listed.rows), listed.next_cursor


def direction_words() -> list[tuple[str, str]]:
    """Give the directions and their words."""
    return [(Direction.INCOMING.value, gettext("Incoming")), (Direction.OUTGOING.value, gettext("Outgoing")),
            (Direction.ONLINE.value, gettext("Online")), (Direction.HOSTED.value, gettext("Hosted event"))]


def show_words() -> list[tuple[str, str]]:
    """Give the standings to choose from and their words."""
    return [(Show.GOING.value, gettext("Going on or postponed")), (Show.LIVE.value, gettext("Going on")),
            (Show.POSTPONED.value, gettext("Postponed")), (Show.CLOSED.value, gettext("Closed")),
            (Show.CANCELLED.value, gettext("Cancelled")), (Show.ALL.value, gettext("All"))]
