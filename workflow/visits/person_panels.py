"""What the visits room adds to a person's card: the history of visits."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.base.actor import Actor
from workflow.base.reasons import Where
from workflow.partners.panels import Panel, PanelRow, PanelSource
from workflow.visits.models import Member, Visit
from workflow.visits.queries import seen_by
from workflow.web.formats import days, language

SHOWN = 100


def history(session: Session, actor: Actor, _now: datetime, person_id: int) -> Sequence[Panel]:
    """List the visits in which the person takes or took part, the latest first, of those the actor may see."""
    states = {"proposed": _("proposed"), "confirmed": _("confirmed"), "declined": _("declined "),
              "removed": _("removed"), "replaced": _("replaced")}  # fmt: skip
    rows = session.scalars(
        select(Member).join(Visit, Visit.id == Member.visit_id)
        .where(Member.person_id == person_id, seen_by(actor, Member.visit_id))
        .options(joinedload(Member.visit)).order_by(Visit.arrival.desc(), Member.id.desc()).limit(SHOWN)
    )  # fmt: skip
    russian = language().startswith("ru")
    lines = [
        PanelRow(
            (
                row.visit.title(language()),
                row.visit.dates_text or days(row.visit.arrival, row.visit.departure),
                (row.post_ru if russian and row.post_ru else row.post_en or row.post_ru) or "",
                _("head of the delegation") if row.is_head else states.get(row.state, row.state).strip(),
            ),
            Where("desk.visit", {"visit_id": row.visit_id}),
        )
        for row in rows
    ]
    headings = [_("Visit"), _("Dates"), _("Post then"), _("Part")]
    return [Panel(_("Visits of this person"), headings, lines, _("This person is in no visit that you may see."))]


PANELS: dict[str, PanelSource] = {"visits.history": history}
