"""Talks, protocol notes and diplomas through the real database: services, facts, pages."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit, rollback
from workflow.outcomes import protocol, protocol_facts, protocol_queries, service
from workflow.outcomes.models import MemberAward
from workflow.outcomes.service import OutcomeData
from workflow.papers import editions, rendering
from workflow.papers.facts import collect, with_paper
from workflow.papers.models import Paper
from workflow.people.models import Person
from workflow.visits.delegation import add_member

TALK: dict[str, Any] = {
    "title_ru": "Встреча с мэром", "title_en": "Meeting with the Mayor", "held_on": date(2027, 5, 14),
    "starts": time(10), "ends": time(11), "place_ru": "Зал 1", "place_en": "Hall 1", "interpreting": "consecutive",
    "ours_ru": "Климов А. Ю., глава города\nСоколова Е. В.", "ours_en": "Andrei Klimov, Mayor\nElena Sokolova",
}  # fmt: skip
TOPIC: dict[str, Any] = {"title_ru": "Школы", "title_en": "Schools", "minutes": 15, "agreed_ru": "Обмен классами",
                         "agreed_en": "An exchange of classes", "due_on": date(2027, 9, 1)}  # fmt: skip


@pytest.fixture
def boss(make: Make) -> Actor:
    return make.actor(Role.COORDINATOR)


@pytest.fixture
def visit(make: Make) -> Any:
    return make.visit(arrival=date(2027, 5, 14), partner_id=make.partner(founded="1818").id)


@pytest.fixture
def member(session: Session, boss: Actor, now: datetime, visit: Any) -> Any:
    person = Person(latin_family="ODABASI", latin_given="SERDIL", russian_family="Одабаши", russian_given="Шердиль",
                    created_at=now)
    session.add(person)
    session.flush()
    row = add_member(session, boss, now, visit, person, {"is_head": True, "post_ru": "мэр", "post_en": "Mayor"})
    commit(session)
    return row


def scope(visit: Any, now: datetime, subject: tuple[str, int] | None = None) -> FactScope:
    return FactScope(visit.id, "*", now, subject)


def test_talk_with_topics_becomes_facts(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    talk = protocol.add_conversation(session, boss, now, visit.id, {**TALK, "recorder_id": boss.account_id})
    protocol.add_topic(session, boss, now, talk.id, TOPIC)
    protocol.add_topic(session, boss, now, talk.id, {"title_ru": "Разное"})
    told = protocol_facts.conversation(session, scope(visit, now))
    assert (told["date"], told["from"], told["to"]) == (date(2027, 5, 14), "10:00", "11:00")
    assert [(one["n"], one["title"]["ru"], one["minutes"], one["due"]) for one in told["topics"]] == [
        (1, "Школы", 30, date(2027, 9, 1)), (2, "Разное", None, None)]
    assert told["minutes"] == 30
    assert told["interpreting"] == {"ru": "последовательный перевод", "en": "consecutive interpreting"}
    assert [one["short"] for one in told["ours"]] == [
        {"ru": "Климов А. Ю.", "en": "Andrei Klimov"}, {"ru": "Соколова Е. В.", "en": "Elena Sokolova"}]
    assert told["ours"][0]["international"] == {"name": "Andrei Klimov", "post": "Mayor"}
    assert told["recorder"]["name"]["ru"].startswith("Сотрудник")


def test_facts_are_of_the_talk_that_the_paper_is_about_else_of_the_latest(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    first = protocol.add_conversation(session, boss, now, visit.id, TALK)
    protocol.add_conversation(session, boss, now, visit.id,
                              {**TALK, "title_ru": "Вторая", "held_on": date(2027, 5, 15)})
    assert protocol_facts.conversation(session, scope(visit, now))["title"]["ru"] == "Вторая"
    about = scope(visit, now, ("conversation", first.id))
    assert protocol_facts.conversation(session, about)["title"]["ru"] == "Встреча с мэром"
    nobody = protocol_facts.conversation(session, scope(visit, now, ("conversation", 10**6)))
    assert (nobody["title"], nobody["ours"], nobody["topics"]) == (None, [], [])


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [({"title_ru": "", "title_en": ""}, "title_ru", "base.required"), ({"held_on": None}, "held_on", "base.required"),
     ({"ends": time(9)}, "ends", "outcomes.ends-before-it-starts"), ({"starts": None}, "starts", "base.required"),
     ({"interpreting": "singing"}, "interpreting", "base.not-a-choice"),
     ({"recorder_id": 10**6}, "recorder_id", "base.not-a-choice"),
     ({"ours_ru": "я" * 10_001}, "ours_ru", "base.too-long"),
     ({"held_on": date(1492, 1, 1)}, "held_on", "base.out-of-range")],
)  # fmt: skip
def test_talk_that_cannot_be_is_refused_beside_its_field(
    session: Session, boss: Actor, now: datetime, visit: Any, change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        protocol.add_conversation(session, boss, now, visit.id, TALK | change)
    assert [(one.field, one.code) for one in wrong.value.problems] == [(field, code)]


def test_stale_talk_is_not_overwritten(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    row = protocol.add_conversation(session, boss, now, visit.id, TALK)
    commit(session)
    version = row.lock_version
    protocol.change_conversation(session, boss, now, row.id, {"place_ru": "Зал 2"}, version=version)
    commit(session)
    with pytest.raises(Stale):
        protocol.change_conversation(session, boss, now, row.id, {"place_ru": "Зал 3"}, version=version)
    assert row.place_ru == "Зал 2"


def test_removed_talk_takes_its_topics_along(session: Session, boss: Actor, now: datetime, visit: Any) -> None:
    row = protocol.add_conversation(session, boss, now, visit.id, TALK)
    topic = protocol.add_topic(session, boss, now, row.id, TOPIC)
    key, topic_key = row.id, topic.id
    assert protocol.remove_conversation(session, boss, now, key) == visit.id
    commit(session)
    assert protocol_queries.conversations_of(session, visit.id) == []
    assert protocol_queries.topics_of(session, key) == []
    with pytest.raises(NotFound):
        protocol.change_topic(session, boss, now, topic_key, TOPIC)


def test_notes_are_one_row_and_a_quotation_names_its_speaker(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    first = protocol.write_notes(session, boss, now, visit.id, {"occasion_ru": "с Днём города"})
    again = protocol.write_notes(session, boss, now, visit.id, {"toast_ru": "За дружбу"})
    assert (first.id, again.occasion_ru, again.toast_ru) == (again.id, "с Днём города", "За дружбу")
    with pytest.raises(Invalid) as wrong:
        protocol.write_notes(session, boss, now, visit.id, {"quote_ru": "Мы рады"})
    assert [(one.field, one.code) for one in wrong.value.problems] == [("quoted_ru", "outcomes.quote-of-nobody")]


def test_a_members_own_award_goes_before_that_for_everybody(
    session: Session, boss: Actor, now: datetime, visit: Any, member: Any
) -> None:
    protocol.add_award(session, boss, now, visit.id, {"nomination_ru": "за участие"})
    about = scope(visit, now, ("member", member.id))
    assert protocol_facts.award(session, about)["nomination"]["ru"] == "за участие"
    protocol.add_award(session, boss, now, visit.id, {"nomination_ru": "за победу", "member_id": member.id})
    told = protocol_facts.award(session, about)
    assert (told["name"]["ru"], told["post"]["en"], told["nomination"]["ru"]) == ("Одабаши Шердиль", "Mayor",
                                                                                "за победу")
    assert protocol_facts.award(session, scope(visit, now))["nomination"]["ru"] == "за участие"
    for double in ({"nomination_ru": "ещё"}, {"nomination_ru": "ещё", "member_id": member.id}):
        with pytest.raises(Conflict):
            protocol.add_award(session, boss, now, visit.id, double)
    assert session.query(MemberAward).count() == 2


def test_history_counts_earlier_visits_that_all_coordinators_see(
    session: Session, boss: Actor, now: datetime, visit: Any, make: Make
) -> None:
    partner = visit.partner_id
    old = make.visit(arrival=date(2019, 6, 1), partner_id=partner, title_ru="Старый визит")
    make.visit(arrival=date(2028, 6, 1), partner_id=partner)
    make.visit(arrival=date(2020, 6, 1), partner_id=make.partner().id)
    service.add_outcome(session, boss, now, old.id, OutcomeData(kind="promise", what="Прислать план",
                                                                what_en="Send a plan"))
    service.add_outcome(session, boss, now, old.id, OutcomeData(kind="practice", what="Сады"))
    told = protocol_facts.history(session, scope(visit, now))
    assert (told["count"], told["since"]) == (1, 2019)
    assert [one["title"]["ru"] for one in told["visits"]] == ["Старый визит"]
    assert [(one["what"], one["open"]) for one in told["promises"]] == [
        ({"ru": "Прислать план", "en": "Send a plan"}, True)]
    for row in session.query(protocol_facts.VisitAccess).filter_by(visit_id=old.id):
        row.ended_at = now
    session.flush()
    assert protocol_facts.history(session, scope(visit, now))["count"] == 0


def test_who_may_not_write_is_refused(session: Session, now: datetime, visit: Any, make: Make, boss: Actor) -> None:
    talk = protocol.add_conversation(session, boss, now, visit.id, TALK)
    admin = make.actor(Role.ADMINISTRATOR)
    for act in (lambda: protocol.add_conversation(session, admin, now, visit.id, TALK),
                lambda: protocol.add_topic(session, admin, now, talk.id, TOPIC),
                lambda: protocol.write_notes(session, admin, now, visit.id, {})):
        with pytest.raises((Forbidden, NotFound)):
            act()
    rollback(session)


def test_pages_carry_a_talk_from_form_to_record(
    session: Session, visit: Any, member: Any, client_as: Callable[..., Client], now: datetime
) -> None:
    browser = client_as(Role.COORDINATOR)
    form = browser.get(f"/visits/{visit.id}/conversations/new").get_data(as_text=True)
    assert "Одабаши Шердиль, мэр" in form
    posted = {**TALK, "held_on": "2027-05-14", "starts": "10:00", "ends": "11:00", "theirs_ru": "Одабаши Ш., мэр",
              "theirs_en": "S. Odabasi, Mayor"}  # fmt: skip
    answer = browser.post(f"/visits/{visit.id}/conversations/new", posted)
    assert answer.status_code == 303
    (talk,) = protocol_queries.conversations_of(session, visit.id)
    wrong = browser.post(f"/conversations/{talk.id}/topics/new", {"title_ru": "Школы", "minutes": "0"})
    assert wrong.status_code == 422
    answer = browser.post(f"/conversations/{talk.id}/topics/new", {**TOPIC, "due_on": "2027-09-01"})
    assert answer.status_code == 303
    page = browser.get(f"/conversations/{talk.id}").get_data(as_text=True)
    assert "Обмен классами" in page
    assert "Всего 30 минут" in page
    agenda = browser.get(f"/conversations/{talk.id}/agenda/ru.pdf")
    assert (agenda.status_code, agenda.data[:5]) == (200, b"%PDF-")
    assert browser.get(f"/conversations/{talk.id}/agenda/xx.pdf").status_code == 404
    assert browser.post(f"/conversations/{talk.id}/record").status_code == 303
    rollback(session)
    paper = session.query(Paper).one()
    assert (paper.kind, paper.about) == ("conversation-record", ("conversation", talk.id))
    assert "Обмен классами" in next(text.text for text in paper.texts if text.language == "ru")


def test_page_of_protocol_proposes_the_anniversary_and_drafts_a_diploma(
    session: Session, visit: Any, member: Any, client_as: Callable[..., Client]
) -> None:
    browser = client_as(Role.COORDINATOR)
    assert "209-летие" in browser.get(f"/visits/{visit.id}/protocol").get_data(as_text=True)
    assert "209-летие" in browser.get(f"/visits/{visit.id}/protocol/notes").get_data(as_text=True)
    answer = browser.post(f"/visits/{visit.id}/awards/new", {"nomination_ru": "за дружбу", "member_id": member.id})
    assert answer.status_code == 303
    assert browser.post(f"/visits/{visit.id}/awards/new",
                        {"nomination_ru": "ещё", "member_id": member.id}).status_code in (409, 422)
    assert browser.post(f"/visits/{visit.id}/protocol/diploma",
                        {"member_id": 10**6, "kind": "diploma"}).status_code == 422
    assert browser.post(f"/visits/{visit.id}/protocol/diploma",
                        {"member_id": member.id, "kind": "invitation"}).status_code == 422
    assert browser.post(f"/visits/{visit.id}/protocol/diploma",
                        {"member_id": member.id, "kind": "diploma"}).status_code == 303
    rollback(session)
    paper = session.query(Paper).one()
    assert (paper.kind, paper.about) == ("diploma", ("member", member.id))
    assert "за дружбу" in next(text.text for text in paper.texts if text.language == "ru")


def test_english_report_and_thanks_take_the_english_words(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    service.write_report(session, boss, now, visit.id, {
        "aim": "Цель", "aim_en": "Aim", "done": "Сделано", "done_en": "Done", "results": "Итог",
        "results_en": "Result", "highlight": "выставку.", "highlight_en": "the exhibition."})  # fmt: skip
    told = collect(session, now, visit.id, editions.kind("letter-thanks"))
    facts = with_paper(told, number="", dated=None, code=None, verify_url="", final=True)
    english = rendering.render(editions.edition("letter-thanks", "en"), facts, "html").data.decode()
    assert "the exhibition." in english
    assert "выставку" not in english


def test_address_names_the_anniversary_when_no_occasion_is_given(
    session: Session, boss: Actor, now: datetime, visit: Any
) -> None:
    def text(language: str) -> str:
        facts = with_paper(collect(session, now, visit.id, editions.kind("welcome-address")), number="", dated=None,
                           code=None, verify_url="", final=True)  # fmt: skip
        made = rendering.render(editions.edition("welcome-address", language), facts, "html")
        return made.data.decode().replace("\u00a0", " ")

    assert "с 209-летием со дня основания Вашего города" in text("ru")
    assert "the 209th anniversary of the founding" in text("en")
    protocol.write_notes(session, boss, now, visit.id, {"occasion_ru": "с Днём города", "occasion_en": "City Day"})
    assert "поздравляю Вас с Днём города!" in text("ru")
    assert "В 2027 году Ваш город отмечает 209-летие" in text("ru")
