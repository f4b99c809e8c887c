"""JSON of the borders that a visit's people cross beside the one of its country, and of earlier stays behind them."""

from datetime import date

from pydantic import Field

from workflow.base.actor import Permission
from workflow.visas import crossing, queries, recompute, stays
from workflow.visas.models import BorderCrossing, VisaCase
from workflow.visas.rules import Entries
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("borders", __name__)

READ, WRITE = needs(Permission.VISAS_READ), needs(Permission.VISAS_WRITE)


class BorderIn(ApiModel):
    """A border; without days it lasts as long as the visit. What was told of the same country before is replaced."""

    country: str = Field(min_length=2, max_length=8)
    first_day: date | None = None
    last_day: date | None = None
    entries: Entries = Entries.SINGLE
    transit: bool = False
    note: str = Field("", max_length=300)


class BorderOut(BorderIn):
    """A border as it was told."""

    id: int
    visit_id: int
    outside_of_visit: bool
    version: int


class DroppedOut(ApiModel):
    """How many cases a dropped border changed."""

    cases: int


class StayIn(ApiModel):
    """One earlier stay; both days count."""

    first: date
    last: date


class StaysIn(ApiModel):
    """Earlier stays behind a case's border: the days of each, or how many they were together."""

    stays: list[StayIn] = Field(default_factory=list, max_length=stays.MOST)
    days: int | None = Field(None, ge=0, le=366)


class CountOut(ApiModel):
    """All stays together, where they are most: the days, how many the route allows, and between which days."""

    total: int
    allowed: int
    this: int
    earlier: int
    since: date
    until: date
    exceeds: bool


class StaysOut(ApiModel):
    """What was told, the stays known from other visits, and the count; none where a route counts no stays together."""

    told: list[StayIn]
    days: int | None
    known: list[StayIn]
    count: CountOut | None
    version: int


def _shown(call: Call, row: BorderCrossing) -> BorderOut:
    visit = get_visit(call.session, call.actor, row.visit_id)
    return BorderOut(
        id=row.id, visit_id=row.visit_id, country=row.country, first_day=row.first_day, last_day=row.last_day,
        entries=Entries(row.entries), transit=row.transit, note=row.note,
        outside_of_visit=crossing.lies_outside(row, visit), version=row.lock_version,
    )  # fmt: skip


@api.get("/visits/<int:visit_id>/borders", READ, out=BorderOut, many=True)
def list_borders(call: Call, visit_id: int) -> Many:
    """List what was told of a visit's borders."""
    visit = get_visit(call.session, call.actor, visit_id)
    return Many([_shown(call, row) for row in crossing.crossings_of(call.session, visit.id)], None)


@api.post("/visits/<int:visit_id>/borders", WRITE, body=BorderIn, out=BorderOut, status=201)
def tell_border(call: Call, visit_id: int, body: BorderIn) -> BorderOut:
    """Enter a border or change what was told of it; cases open and are reckoned anew."""
    visit = get_visit(call.session, call.actor, visit_id)
    told = crossing.Told(body.country, body.first_day, body.last_day, body.entries, body.transit, body.note)
    row = crossing.tell_crossing(call.session, call.actor, call.now, visit, told)
    recompute.recompute_visit(call.session, call.actor, call.now, visit)
    call.session.flush()
    return _shown(call, row)


@api.post("/visits/<int:visit_id>/borders/<int:crossing_id>/drop", WRITE, out=DroppedOut, versioned=True)
def drop_border(call: Call, visit_id: int, crossing_id: int) -> DroppedOut:
    """Take a border back; its cases are withdrawn."""
    visit = get_visit(call.session, call.actor, visit_id)
    row = crossing.find_crossing(call.session, visit, crossing_id)
    crossing.drop_crossing(call.session, call.actor, call.now, visit, row, version=call.version)
    return DroppedOut(cases=len(recompute.recompute_visit(call.session, call.actor, call.now, visit)))


@api.get("/visa-cases/<int:case_id>/stays", READ, out=StaysOut)
def read_stays(call: Call, case_id: int) -> StaysOut:
    """Read the earlier stays of a case's traveller, and how they count."""
    return _stays(call, queries.get_case(call.session, call.actor, case_id))


def _stays(call: Call, case: VisaCase) -> StaysOut:
    view = queries.view_case(call.session, get_visit(call.session, call.actor, case.visit_id), case, call.now)
    count = view.stays.get(case.rule_id or "")
    told = case.earlier_stays or {}
    return StaysOut(
        told=[StayIn(first=first, last=last) for first, last in stays.told_spans(case)], days=told.get("days"),
        known=[StayIn(first=first, last=last) for first, last in view.known_stays],
        count=None if count is None else CountOut(
            total=count.total, allowed=count.limit, this=count.this, earlier=count.earlier, since=count.since,
            until=count.until, exceeds=count.exceeds),
        version=case.lock_version,
    )  # fmt: skip


@api.post("/visa-cases/<int:case_id>/stays", WRITE, body=StaysIn, out=StaysOut, versioned=True)
def tell_stays(call: Call, case_id: int, body: StaysIn) -> StaysOut:
    """Write down a traveller's earlier stays behind the border of a case; they are counted anew."""
    case = queries.get_case(call.session, call.actor, case_id)
    visit = get_visit(call.session, call.actor, case.visit_id)
    told = [(row, (one.first, one.last)) for row, one in enumerate(body.stays, 1)]
    stays.tell_stays(call.session, call.actor, call.now, visit, case, told, body.days, version=call.version)
    recompute.recompute_visit(call.session, call.actor, call.now, visit)
    return _stays(call, case)
