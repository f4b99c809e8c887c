"""What the demo's travellers cross: a journey over two borders with one passport, a citizen of two countries."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.demo.cast import Cast
from workflow.demo.upcoming import Stage
from workflow.partners.models import Partner
from workflow.people.service import PassportData, add_passport, correct_person
from workflow.visas.crossing import Told, tell_crossing
from workflow.visas.items import receive_item
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.service import choose_for_all, open_cases
from workflow.visits.delegation import choose_passport
from workflow.visits.models import Visit
from workflow.visits.queries import members

IRISH = PassportData("IE", "PA0000001", latin_family="SPECIMEN", latin_given="HARRIET JANE")
"""The second passport of the British expert: another citizenship, and another route."""


def _visit(session: Session, title: str) -> Visit:
    return session.scalars(select(Visit).where(Visit.title_en == title, Visit.source == "")).one()


def bulgaria_and_turkey(stage: Stage) -> None:
    """Pazardzhik and Kadıköy on the way home: two borders each; one of ours has handed in the passport for both."""
    session, actor, visit = stage.session, stage.cast["coordinator"], _visit(stage.session, "Festival in Pazardzhik")
    tell_crossing(session, actor, stage.ago(9), visit, Told(
        "TR", visit.departure, visit.departure, note="обратный рейс через Стамбул, встреча в Кадыкёе"))
    open_cases(session, actor, stage.ago(9), visit)
    for rule in ("out.schengen.c", "out.tr.visa-free-60"):
        choose_for_all(session, actor, stage.ago(8), visit, rule)
    head = members(session, visit.id)[0]
    passport = session.scalars(
        select(ChecklistItem).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .where(VisaCase.member_id == head.id, VisaCase.destination == "BG", ChecklistItem.code == "passport")
    ).one()
    receive_item(session, actor, stage.ago(3), visit, passport)


def british_and_irish(stage: Stage) -> None:
    """The British expert is Irish too: letters name the British passport, and the case compares what each opens."""
    session, actor = stage.session, stage.cast["coordinator"]
    visit = _visit(session, "Experts from Britain and Greece at the Healthy Cities conference")
    expert = next(row for row in members(session, visit.id) if row.person.latin_given == IRISH.latin_given)
    british = expert.person.passports[0]
    choose_passport(session, actor, stage.ago(15), visit, expert, british.id)
    correct_person(session, actor, stage.ago(15), expert.person, {"citizenships": ["GB", "IE"]}, visit_id=visit.id)
    until = stage.plain_day(365 * 7)
    irish = replace(IRISH, issued_on=until - timedelta(days=3652), expires_on=until)
    add_passport(session, actor, stage.ago(15), expert.person, irish, visit_id=visit.id)


def cross_borders(session: Session, cast: Cast, now: datetime) -> None:
    """Give the demo's journeys their further borders and passports."""
    partners = {row.key: row for row in session.scalars(select(Partner))}
    stage = Stage(session, cast, now, partners)
    bulgaria_and_turkey(stage)
    british_and_irish(stage)
    session.flush()
