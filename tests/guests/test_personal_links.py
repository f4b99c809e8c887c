"""Personal links of guests and clerks: who gets in, what they see, what becomes of what they send."""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.hostile.test_pages import HOSTILE, SCRIPT
from tests.hostile.test_uploads import bomb
from tests.process.test_races import at_once
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.events import Event
from workflow.base.files import FileStore, StoredFile, keep_bytes
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.guests.consents import VERSION
from workflow.guests.deciding import accept
from workflow.guests.links import find_link, issue_link, open_link
from workflow.guests.models import GuestConsent, GuestLink, GuestProposal, GuestScan, GuestSession
from workflow.guests.proposing import propose
from workflow.guests.rules import ACTS_PER_HOUR, OPENINGS_PER_HOUR, ProposalKind
from workflow.papers.models import Paper, PaperText
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport
from workflow.visits.models import Member, MemberList, Visit

OTHERS = "U98765432"
ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


class House:
    """A visit with two members, the other one's passport known."""

    def __init__(self, make: Any, session: Session, app: Flask) -> None:
        self.session, self.app = session, app
        self.visit = make.visit(arrival=date(2027, 5, 12))
        self.guest = make.person(latin_family="LI", latin_given="WEI", sex="unknown", birth_date=None,
                                 citizenships=["CN"], russian_family="Ли", russian_given="Вэй")  # fmt: skip
        self.member = make.member(self.visit, self.guest)
        self.other = make.person(latin_family="WANG", latin_given="FANG", email="wang@secret.example")
        self.other_member = make.member(self.visit, self.other)
        add_passport(session, SYSTEM, clock.now(), self.other, PassportData(country="CN", number=OTHERS))
        commit(session)

    def link(self, member: Any = None, language: str = "en") -> str:
        """Issue a link and give its path."""
        visit = self.session.get_one(Visit, self.visit.id)
        row = self.session.get_one(Member, member.id) if member else None
        issued = issue_link(self.session, SYSTEM, clock.now(), visit, row, language=language)
        commit(self.session)
        return issued.address.replace("http://localhost", "")

    def entered(self, member: Any = None, language: str = "en") -> Client:
        """Open a link in a new browser."""
        browser = Client(self.app)
        answer = browser.post(self.link(member, language))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert answer.location == ("/guest" if member else "/clerk")
        return browser

    def kinds(self) -> list[str]:
        """List what waits."""
        self.session.expire_all()
        return sorted(self.session.scalars(select(GuestProposal.kind).where(GuestProposal.state == "waiting")))


@pytest.fixture
def house(make: Any, session: Session, app: Flask) -> House:
    return House(make, session, app)


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def without_tokens(page: str) -> str:
    """Take out of a page what differs each time it is shown."""
    return re.sub(r'(name="csrf_token" value|nonce)="[^"]*"', "", page)


def test_scanner_that_fetches_a_link_changes_nothing(house: House, client: Client) -> None:
    path = house.link(house.member)
    before = house.session.scalar(select(func.count(Event.id)))
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
        assert "Open my page" in text_of(page)
        assert "WEI" not in text_of(page)
        assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
        assert "noindex" in page.headers["X-Robots-Tag"]
    assert client.get("/guest").status_code == 403
    assert house.session.scalar(select(func.count(GuestSession.id))) == 0
    assert house.session.scalar(select(func.count(Event.id))) == before
    opened = client.post(path)
    assert (opened.status_code, opened.location) == (303, "/guest")
    assert "WEI LI" in text_of(client.get("/guest"))


def test_altered_and_unknown_links_are_not_found(house: House, client: Client) -> None:
    path = house.link(house.member)
    for wrong in (path[:-1] + ("A" if path[-1] != "A" else "B"), "/g/" + "x" * 43, "/g/1", path + "0"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404


def test_revoked_link_says_so_politely_and_ends_open_pages(
    house: House, client: Client, client_as: Callable[..., Client]
) -> None:
    path = house.link(house.member)
    client.post(path)
    assert client.get("/guest").status_code == 200
    link_id = house.session.scalar(select(GuestLink.id))
    house.session.rollback()
    assert client_as(Role.COORDINATOR).post(f"/guest-links/{link_id}/revoke").status_code == 303
    assert client.get("/guest").status_code == 403
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "This link has ended" in text_of(answer)
        assert "Delegation of Kadıköy" not in text_of(answer)


def test_expired_link_and_cookie_open_nothing(house: House, client: Client) -> None:
    path = house.link(house.member)
    client.post(path)
    clock.advance_frozen(timedelta(hours=4, seconds=1))
    assert client.get("/guest").status_code == 403
    assert client.get(path).status_code == 200
    clock.advance_frozen(date(2027, 5, 22) - date(2027, 3, 14))
    assert client.get(path).status_code == 410


def test_link_lasts_as_long_as_a_visit_that_was_moved(house: House, client: Client) -> None:
    path = house.link(house.member)
    visit = house.session.get_one(Visit, house.visit.id)
    visit.arrival, visit.departure = date(2028, 5, 12), date(2028, 5, 14)
    commit(house.session)
    assert "This link works until 21 May 2028." in text_of(client.get(path))
    clock.advance_frozen(timedelta(days=400))
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 303
    clock.advance_frozen(timedelta(days=35))
    assert client.get(path).status_code == 410


@pytest.mark.parametrize(("language", "words"), [
    ("ru", "Откройте свою ссылку ещё раз"), ("en", "Please open your link again"), ("zh", "请重新打开您的链接"),
    ("fr", "Veuillez rouvrir votre lien"), ("bg", "Отворете отново своята връзка"),
    ("tr", "Lütfen bağlantınızı yeniden açın"), ("es", "Vuelva a abrir su enlace"),
])  # fmt: skip
def test_page_left_open_too_long_says_so_in_the_guests_language(
    house: House, client: Client, language: str, words: str
) -> None:
    browser = house.entered(house.member, language)
    clock.advance_frozen(timedelta(hours=4, seconds=1))
    for answer in (browser.get("/guest"), browser.post("/guest/data", {"latin_family": "LEE"}),
                   browser.post(f"/guest/language/{language}"),
                   client.get("/guest", headers={"Accept-Language": f"{language};q=0.9, de"})):  # fmt: skip
        assert answer.status_code == 403
        assert f'<html lang="{language}">' in text_of(answer)
        assert f"<h1>{words}</h1>" in text_of(answer)
    assert '<html lang="en">' in text_of(client.get("/guest", headers={"Accept-Language": "de"}))


def test_form_too_old_or_a_file_too_large_is_refused_in_the_guests_language(house: House, settings: Settings) -> None:
    browser = house.entered(house.member, "zh")
    old = browser.raw.post("/guest/data", data={"latin_family": "LEE"})
    assert (old.status_code, "请重新打开您的链接" in text_of(old)) == (403, True)
    path = house.link(house.other_member, "zh")
    stale = Client(house.app).raw.post(path, headers={"Accept-Language": "zh"})
    assert (stale.status_code, "请重新打开您的链接" in text_of(stale)) == (403, True)
    huge = browser.post("/guest/scans", {"file": (BytesIO(b"\xff\xd8\xff" + b"x" * settings.max_upload), "p.jpg")})
    huge.request.environ["wsgi.input"].close()  # the test client's own temporary file, which it leaves open
    assert huge.status_code == 413
    assert "12" in text_of(huge)
    assert '<html lang="zh">' in text_of(huge)
    assert house.session.scalar(select(func.count(GuestSession.id))) == 1


def test_cut_link_is_not_found_and_says_what_to_do(house: House, client: Client) -> None:
    path = house.link(house.member, "zh")
    for wrong in (path[:-3], path[:-1] + ("A" if path[-1] != "A" else "B")):
        for answer in (client.get(wrong, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}),
                       client.post(wrong, headers={"Accept-Language": "zh-CN"})):  # fmt: skip
            assert answer.status_code == 404
            assert "没有这个链接" in text_of(answer)
            assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "Такой ссылки нет" in text_of(client.get("/g/" + "x" * 43, headers={"Accept-Language": "ru"}))


def test_delegation_behind_one_address_comes_in_and_guessing_does_not_go_on(house: House, client: Client) -> None:
    mine, other = house.link(house.member), house.link(house.other_member)
    assert [client.post(mine).status_code for _ in range(OPENINGS_PER_HOUR + 1)] == [303] * OPENINGS_PER_HOUR + [429]
    assert client.post(other).status_code == 303
    guesses = [client.post(f"/g/{number:043}").status_code for number in range(OPENINGS_PER_HOUR + 1)]
    assert guesses == [404] * OPENINGS_PER_HOUR + [429]
    assert client.post(other).status_code == 303
    clock.advance_frozen(timedelta(hours=1, seconds=1))
    assert (client.post(mine).status_code, client.post("/g/" + "x" * 43).status_code) == (303, 404)


def test_reissued_link_ends_the_one_before(house: House, client: Client) -> None:
    old = house.link(house.member)
    client.post(old)
    new = house.link(house.member)
    assert client.get("/guest").status_code == 403
    assert (client.get(old).status_code, client.get(new).status_code) == (410, 200)


@both_databases
def test_two_who_issue_at_once_leave_one_link(settings: Settings, house: House) -> None:
    def issue(own: Session) -> None:
        issue_link(own, SYSTEM, clock.now(), own.get_one(Visit, house.visit.id), own.get_one(Member, house.member.id))

    house.session.rollback()
    answers = at_once(settings, issue, issue)
    assert "done" in answers
    assert set(answers) <= {"done", "guests.link-issued-meanwhile"}
    live = house.session.scalars(select(GuestLink).where(GuestLink.revoked_at.is_(None))).all()
    assert len(live) == 1


@both_databases
def test_opened_twice_at_once_opens_both_and_a_proposal_is_taken_over_once(settings: Settings, house: House) -> None:
    secret = house.link(house.member).rpartition("/")[2]
    visit, member = house.session.get_one(Visit, house.visit.id), house.session.get_one(Member, house.member.id)
    proposal = propose(house.session, SYSTEM, clock.now(), visit, member, ProposalKind.CORRECT,
                       {"person": {"latin_family": "LEE"}, "member": {}})  # fmt: skip
    commit(house.session)

    def opens(own: Session) -> None:
        open_link(own, clock.now(), find_link(own, secret), "")

    def takes(own: Session) -> None:
        accept(own, SYSTEM, clock.now(), own.get_one(GuestProposal, proposal.id), own.get_one(Visit, house.visit.id))

    assert at_once(settings, opens, opens) == ["done", "done"]
    assert at_once(settings, takes, takes) == ["done", "guests.proposal-decided"]
    house.session.expire_all()
    assert house.session.scalar(select(func.count(GuestSession.id))) == 2
    assert house.session.scalar(select(func.count(Event.id)).where(Event.kind == "people.person.corrected")) == 1


def test_administrator_sees_which_languages_nobody_has_reviewed(client_as: Callable[..., Client]) -> None:
    page = text_of(client_as(Role.ADMINISTRATOR).get("/admin/guest-languages"))
    assert (page.count("не проверен"), page.count("中文")) == (5, 1)


def test_guest_sees_own_data_and_nobody_elses(house: House) -> None:
    browser = house.entered(house.member)
    pages = [browser.get(url) for url in ("/guest", "/guest/data", "/guest/passport", "/guest/answer",
                                          "/guest/consent")]  # fmt: skip
    assert [page.status_code for page in pages] == [200] * 5
    for page in pages:
        for secret in (OTHERS, "WANG", "wang@secret.example", "1980-05-17"):
            assert secret not in text_of(page)
    assert browser.get("/clerk").status_code == 403
    assert browser.get(f"/clerk/members/{house.other_member.id}").status_code == 403
    assert browser.get(f"/visits/{house.visit.id}/members").status_code == 303


def test_clerk_sees_the_list_and_no_passport(house: House, make: Any) -> None:
    stranger = make.member(make.visit())
    browser = house.entered()
    page = text_of(browser.get("/clerk"))
    assert "WEI LI" in page
    assert "FANG WANG" in page
    assert page.count("Still missing:") == 2
    shown = page + text_of(browser.get(f"/clerk/members/{house.other_member.id}")) + text_of(browser.get("/clerk/new"))
    for secret in (OTHERS, "1980-05-17", "wang@secret.example"):
        assert secret not in shown
    assert browser.get(f"/clerk/members/{stranger.id}").status_code == 404
    assert browser.post(f"/clerk/members/{stranger.id}", {"latin_family": "X"}).status_code == 404
    assert browser.get("/guest").status_code == 403


def test_gap_is_filled_at_once_and_contradiction_waits(house: House, client_as: Callable[..., Client]) -> None:
    browser = house.entered(house.member)
    sent = {"latin_family": "LEE", "latin_given": "WEI", "birth_date": "1975-02-03", "sex": "male",
            "email": "wei@guest.example", "citizenship": "CN"}  # fmt: skip
    assert browser.post("/guest/data", sent).status_code == 303
    house.session.expire_all()
    person = house.session.get_one(Person, house.guest.id)
    assert (person.latin_family, person.birth_date, person.sex) == ("LI", "1975-02-03", "male")
    proposal = house.session.scalars(select(GuestProposal)).one()
    assert proposal.content == {"person": {"latin_family": "LEE"}, "member": {}}
    event = house.session.scalars(select(Event).where(Event.kind == "people.person.corrected")).one()
    assert event.actor_kind == "guest"
    assert event.changes["birth_date"] is None
    desk = client_as(Role.COORDINATOR)
    assert "LEE" in text_of(desk.get(f"/visits/{house.visit.id}/links"))
    assert desk.post(f"/guest-proposals/{proposal.id}/accept").status_code == 303
    assert desk.post(f"/guest-proposals/{proposal.id}/refuse").status_code == 409
    house.session.expire_all()
    assert house.session.get_one(Person, house.guest.id).latin_family == "LEE"


def test_birth_place_that_a_guest_types_in_latin_letters_does_not_contradict_the_russian_one(house: House) -> None:
    house.guest.birth_place = "Пекин"
    commit(house.session)
    browser = house.entered(house.member)
    sent = {"latin_family": "LI", "latin_given": "WEI", "birth_place": "BEIJING"}
    for _twice in range(2):
        assert browser.post("/guest/data", sent).status_code == 303
    house.session.expire_all()
    person = house.session.get_one(Person, house.guest.id)
    assert (person.birth_place, person.birth_place_latin) == ("Пекин", "BEIJING")
    assert house.session.scalars(select(GuestProposal)).all() == []


def test_wrong_check_digit_is_shown_where_it_is(house: House) -> None:
    browser = house.entered(house.member)
    page = text_of(browser.post("/guest/passport", {"zone": ZONE.replace("L898902C36", "L898902C37"), "read": "1"}))
    assert '<mark class="is-doubt">7</mark>' in page
    assert "Line 2, character 10: “7” may be read as “6”: the check digit would agree." in page
    assert "Document number: the check digit does not agree" in page
    lost = text_of(browser.post("/guest/passport", {"zone": ZONE.replace("L898902C36", "L89890236"), "read": "1"}))
    assert "Line 2, characters 1 to 10: one of them is wrong." in lost
    assert 'name="number" type="text" value=""' in lost
    assert 'value="2012-04-15"' in lost
    right = text_of(browser.post("/guest/passport", {"zone": ZONE, "read": "1"}))
    assert 'value="ERIKSSON"' in right
    assert 'value="2012-04-15"' in right
    assert "does not agree" not in right
    assert house.session.scalar(select(func.count(Passport.id))) == 1


def test_passport_of_another_waits_and_is_not_told(house: House, client_as: Callable[..., Client]) -> None:
    browser = house.entered(house.member)
    taken = browser.post("/guest/passport", {"country": "CN", "number": OTHERS, "type": "ordinary"})
    assert (taken.status_code, house.kinds()) == (303, ["passport"])
    assert browser.post("/guest/passport", {"country": "CN", "number": "E11112222",
                                            "type": "ordinary"}).status_code == 303  # fmt: skip
    assert "••••••222" in text_of(browser.get("/guest"))
    assert house.session.scalar(select(Passport.person_id).where(Passport.number_index.is_not(None))
                                .order_by(Passport.id.desc()).limit(1)) == house.guest.id  # fmt: skip
    proposal = house.session.scalars(select(GuestProposal)).one()
    house.session.rollback()
    desk = client_as(Role.COORDINATOR)
    page = text_of(desk.get(f"/visits/{house.visit.id}/links"))
    assert OTHERS not in page
    assert OTHERS in text_of(desk.post(f"/guest-proposals/{proposal.id}/reveal"))
    assert desk.post(f"/guest-proposals/{proposal.id}/accept").status_code == 422


def test_number_on_file_with_somebody_else_is_answered_as_any_other(
    house: House, client_as: Callable[..., Client]
) -> None:
    clerk, guest = house.entered(), house.entered(house.member)

    def shown(number: str, until: str) -> list[str]:
        """Type a passport; give what guest and clerk are shown then."""
        sent = {"country": "CN", "number": number, "type": "ordinary", "expires_on": until}
        assert guest.post("/guest/passport", sent).status_code == 303
        return [without_tokens(text_of(guest.get("/guest"))), without_tokens(text_of(clerk.get("/clerk")))]

    for free, until, said in (("Z11111432", "2033-01-01", "valid until 1 January 2033"),
                              ("Z22222432", "2027-05-13", "Your passport ends before the last day")):  # fmt: skip
        theirs = shown(OTHERS, until)
        assert theirs == shown(free, until)
        for words in ("Saved.", "••••••432", said):
            assert words in theirs[0]
    assert house.kinds() == ["passport"]
    page = text_of(client_as(Role.COORDINATOR).get(f"/visits/{house.visit.id}/links"))
    assert "Этот номер уже записан за другим человеком" in page


def test_second_passport_that_waits_holds_nothing_of_the_first(house: House) -> None:
    browser = house.entered(house.member)
    add_passport(house.session, SYSTEM, clock.now(), house.other, PassportData(country="CN", number="U77777777"))
    commit(house.session)
    browser.post("/guest/passport", {"country": "CN", "number": OTHERS, "type": "ordinary", "expires_on": "2033-01-01"})
    browser.post("/guest/passport", {"country": "CN", "number": "U77777777", "type": "ordinary"})
    (waiting,) = house.session.scalars(select(GuestProposal))
    assert waiting.content["passport"] == {"country": "CN", "number": "U77777777", "type": "ordinary"}


def test_passport_typed_last_is_the_one_for_the_journey(house: House, client_as: Callable[..., Client]) -> None:
    browser = house.entered(house.member)
    for number, until in (("E11111111", "2033-01-01"), ("E22222222", "2027-05-14")):
        sent = {"country": "CN", "number": number, "type": "ordinary", "expires_on": until}
        assert browser.post("/guest/passport", sent).status_code == 303
    page = text_of(browser.get("/guest"))
    assert "••••••222, valid until 14 May 2027" in page
    assert "Your passport ends before the last day of the visit." in page
    again = {"country": "CN", "number": "e 1111 1111", "type": "ordinary"}
    assert browser.post("/guest/passport", again).status_code == 303
    page = text_of(browser.get("/guest"))
    assert "••••••111, valid until 1 January 2033" in page
    assert "Your passport ends" not in page
    house.session.expire_all()
    assert house.session.get_one(Member, house.member.id).passport_id is not None
    house.session.get_one(Member, house.member.id).passport_id = None
    commit(house.session)
    assert "We know more than one passport of yours." in text_of(browser.get("/guest"))


def test_confirming_counts_and_a_substitute_waits(house: House, client_as: Callable[..., Client]) -> None:
    browser = house.entered(house.member)
    assert browser.post("/guest/answer", {"answer": "confirm"}).status_code == 303
    house.session.expire_all()
    assert house.session.get_one(Member, house.member.id).state == "confirmed"
    visit_id = house.member.visit_id
    house.session.rollback()
    desk = client_as(Role.COORDINATOR)
    pages = [text_of(desk.get(url)) for url in (f"/visits/{visit_id}", f"/visits/{visit_id}/history")]
    assert [("по личной ссылке" in page, re.findall(r"link \d+", page)) for page in pages] == [(True, []), (True, [])]
    assert browser.post("/guest/answer", {"answer": "substitute"}).status_code in (409, 422)
    assert browser.post("/guest/answer", {"answer": "substitute", "latin_family": "ZHAO", "latin_given": "MIN",
                                          "reason": "illness"}).status_code == 303  # fmt: skip
    assert house.kinds() == ["substitute"]
    proposal = house.session.scalars(select(GuestProposal)).one()
    house.session.rollback()
    assert client_as(Role.MANAGER).post(f"/guest-proposals/{proposal.id}/accept").status_code == 303
    house.session.expire_all()
    member = house.session.get_one(Member, house.member.id)
    assert member.state == "removed"
    assert house.session.get_one(Member, member.replaced_by_id).person.latin_name == "MIN ZHAO"
    assert browser.get("/guest").status_code == 403


def test_answer_by_telephone_names_who_told_it(house: House, client_as: Callable[..., Client]) -> None:
    desk = client_as(Role.COORDINATOR)
    url = f"/members/{house.member.id}/told"
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"answer": "decline", "told_on": "2027-03-15"}).status_code == 422
    assert desk.post(url, {"answer": "decline", "told_on": "2027-03-16", "told_by": "Ms Wu"}).status_code == 422
    done = desk.post(url, {"answer": "decline", "told_on": "2027-03-15", "told_by": "Ms Wu by telephone",
                           "reason": "busy"})  # fmt: skip
    assert done.status_code == 303
    house.session.expire_all()
    assert house.session.get_one(Member, house.member.id).state == "declined"
    assert "Ms Wu by telephone" in text_of(desk.get(f"/visits/{house.visit.id}/links"))


def test_consent_is_kept_with_version_and_language_and_can_be_withdrawn(house: House) -> None:
    browser = house.entered(house.member, "zh")
    assert "本人同意" in text_of(browser.get("/guest/consent"))
    assert browser.post("/guest/consent", {"version": VERSION}).status_code == 409
    assert browser.post("/guest/consent", {"version": "2020-01", "agreed": "1"}).status_code == 422
    assert browser.post("/guest/consent", {"version": VERSION, "agreed": "1"}).status_code == 303
    row = house.session.scalars(select(GuestConsent)).one()
    assert (row.text_version, row.language, row.member_id, row.withdrawn_at) == (VERSION, "zh", house.member.id, None)
    house.session.rollback()
    assert browser.post("/guest/consent/withdraw").status_code == 303
    house.session.expire_all()
    assert house.session.scalars(select(GuestConsent)).one().withdrawn_at == clock.now()


def picture(size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG", pnginfo=None)
    return out.getvalue()


def test_scan_is_drawn_anew_and_hostile_files_are_refused(
    house: House, settings: Settings, client_as: Callable[..., Client]
) -> None:
    browser = house.entered(house.member)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    bomb = picture((9000, 9000))
    for name, data, sentence in (
        ("a.svg", svg, "This kind of file is not accepted."), ("a.png", svg, "This kind of file is not accepted."),
        ("a.html", b"<!doctype html><p>x", "This kind of file is not accepted."), ("b.png", bomb, "too many points"),
        ("c.jpg", b"\xff\xd8\xff\xe0broken", "damaged"),
    ):  # fmt: skip
        answer = browser.post("/guest/scans", {"file": (BytesIO(data), name)})
        assert answer.status_code in (409, 422), name
        assert sentence in text_of(answer), name
    assert house.session.scalar(select(func.count(StoredFile.id))) == 0
    house.session.rollback()
    assert browser.post("/guest/scans", {"file": (BytesIO(picture()), "p.png")}).status_code == 303
    scan = house.session.scalars(select(GuestScan)).one()
    row = house.session.get_one(StoredFile, scan.file_id)
    assert row.media_type == "image/jpeg"
    raw = FileStore(settings.files_dir).path(row.token).read_bytes()
    assert b"JFIF" not in raw
    house.session.rollback()
    opened = client_as(Role.COORDINATOR).post(f"/guest-scans/{scan.id}/open")
    assert opened.get_data()[:3] == b"\xff\xd8\xff"
    assert client_as(Role.TRANSLATOR).post(f"/guest-scans/{scan.id}/open").status_code == 403


def test_clerk_proposes_and_sends_a_list(house: House, client_as: Callable[..., Client]) -> None:
    browser = house.entered(language="fr")
    assert browser.post(f"/clerk/members/{house.member.id}", {"latin_family": "LI", "latin_given": "WEI",
                                                             "post_en": "Maire"}).status_code == 303  # fmt: skip
    assert browser.post("/clerk/new", {"latin_family": "DUPONT", "latin_given": "ANNE"}).status_code == 303
    assert house.kinds() == ["add", "correct"]
    house.session.expire_all()
    assert house.session.get_one(Member, house.member.id).post_en == ""
    blank = browser.get("/clerk/blank/fr.docx")
    assert blank.get_data()[:2] == b"PK"
    house.session.rollback()
    sent = browser.post("/clerk/list", {"file": (BytesIO(blank.get_data()), "liste.docx")})
    assert sent.status_code == 303
    assert house.session.scalars(select(MemberList.state)).all() == ["preview"]
    house.session.rollback()
    wrong = browser.post("/clerk/list", {"file": (BytesIO(b"PK\x03\x04junk"), "liste.docx")})
    assert wrong.status_code in (409, 422)
    assert "Ce type de fichier" in text_of(wrong) or "pu lire cette liste" in text_of(wrong)
    proposal = house.session.scalars(select(GuestProposal).where(GuestProposal.kind == "add")).one()
    house.session.rollback()
    assert client_as(Role.COORDINATOR).post(f"/guest-proposals/{proposal.id}/accept").status_code == 303
    assert "ANNE DUPONT" in text_of(browser.get("/clerk"))


def test_clerk_who_sends_a_bomb_or_a_program_is_told_and_nothing_is_kept(house: House) -> None:
    browser = house.entered(language="tr")
    for name, data in (("liste.docx", bomb("word/document.xml")), ("liste.xlsx", bomb("xl/workbook.xml")),
                       ("liste.docx", b"MZ\x90\x00" + b"\0" * 200), ("liste.csv", b"\0" * 1000),
                       ("liste.xlsx", b"<svg xmlns='http://www.w3.org/2000/svg'/>")):  # fmt: skip
        answer = browser.post("/clerk/list", {"file": (BytesIO(data), name)})
        assert answer.status_code in (409, 422), name
        assert "Bir sorun var" in text_of(answer)
    assert house.session.scalar(select(func.count(StoredFile.id))) == 0
    assert house.session.scalar(select(func.count(MemberList.id))) == 0


def test_mailed_link_is_in_the_guests_language_and_its_secret_is_nowhere_else(
    house: House, client_as: Callable[..., Client], run_jobs: Callable[[], int],
    outbox: Callable[[], list[EmailMessage]], settings: Settings, caplog: pytest.LogCaptureFixture, client: Client,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    house.session.get_one(Person, house.guest.id).email = "wei@guest.example"
    house.session.get_one(Person, house.guest.id).languages = ["zh"]
    commit(house.session)
    desk = client_as(Role.COORDINATOR)
    desk.post(f"/visits/{house.visit.id}/links/all")
    run_jobs()
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in outbox()}
    assert set(mails) == {"wei@guest.example", "wang@secret.example"}
    assert mails["wei@guest.example"]["Subject"] == "您的访问页面"
    body = mails["wei@guest.example"].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost(/g/(\S+))", body.get_content())
    assert found is not None
    assert client.post(found.group(1)).status_code == 303
    assert "需办事项" in text_of(client.get("/guest"))
    kept = (settings.data_dir / "test.db").read_bytes() + (settings.data_dir / "test.db-wal").read_bytes()
    assert found.group(2).encode() not in kept
    assert found.group(2) not in caplog.text
    desk.post(f"/visits/{house.visit.id}/links/all")
    assert house.session.scalar(select(func.count(GuestLink.id))) == 2


def test_language_is_chosen_on_the_page(house: House) -> None:
    browser = house.entered(house.member)
    assert "What to do" in text_of(browser.get("/guest"))
    for code, words in (("ru", "Что сделать"), ("tr", "Yapılacaklar"), ("bg", "Какво трябва да направите"),
                        ("es", "Qué hay que hacer"), ("fr", "Ce qu’il faut faire"), ("zh", "需办事项")):  # fmt: skip
        assert browser.post(f"/guest/language/{code}").status_code == 303
        page = browser.get("/guest")
        assert f'<html lang="{code}">' in text_of(page)
        assert words in text_of(page).replace("&#39;", "’")
    assert "2027年5月12日" in text_of(browser.get("/guest"))
    assert browser.post("/guest/language/de").status_code == 404


def test_translator_finds_no_personal_pages(house: House, client_as: Callable[..., Client]) -> None:
    browser = client_as(Role.TRANSLATOR)
    assert browser.get(f"/visits/{house.visit.id}/links").status_code == 403
    assert browser.post(f"/members/{house.member.id}/link").status_code == 403


FORMS = {
    "/guest/data": ("latin_family", "native_given", "birth_date", "birth_place", "sex", "citizenship", "email", "phone",
                    "post_en"),
    "/guest/passport": ("zone", "country", "number", "type", "issued_on", "expires_on", "latin_given"),
    "/guest/answer": ("answer", "reason", "latin_family", "post_en", "organisation_en", "citizenship", "email"),
    "/guest/scans": ("item",),
    "/guest/consent": ("version", "agreed", "representative"), "/clerk/new": ("latin_family", "email", "member"),
    "/clerk/members/{member}": ("latin_family", "native_family", "post_en"), "/clerk/list": ("file",),
}  # fmt: skip


@pytest.mark.parametrize("path", list(FORMS))
def test_hostile_values_make_no_fault_and_are_shown_as_text(house: House, path: str) -> None:
    browser = house.entered(None if path.startswith("/clerk") else house.member, "zh")
    url = path.format(member=house.other_member.id)
    for value in HOSTILE.values():
        body = urlencode(dict.fromkeys(FORMS[path], value) | {"csrf_token": browser.token()}, errors="surrogatepass")
        answer = browser.raw.post(url, data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, value[:20]
        assert SCRIPT not in text_of(answer)
    for page in ("/guest", "/guest/data", "/clerk"):
        assert SCRIPT not in text_of(browser.get(page))


def test_link_can_do_only_so_much_in_an_hour(house: House) -> None:
    browser = house.entered(house.member, "es")
    answers = [browser.post("/guest/data", {}).status_code for _ in range(ACTS_PER_HOUR + 1)]
    assert answers == [303] * ACTS_PER_HOUR + [429]
    assert "Demasiados intentos" in text_of(browser.post("/guest/data", {}))


def test_overview_needs_no_more_queries_for_more_members(
    house: House, make: Any, client_as: Callable[..., Client], count_queries: Callable[[Callable[[], object]], int]
) -> None:
    desk, clerk = client_as(Role.COORDINATOR), house.entered()
    pages = (partial(desk.get, f"/visits/{house.visit.id}/links"), partial(clerk.get, "/clerk"))
    counts = []
    for more in (2, 7):
        for _ in range(more):
            house.link(make.member(house.session.get_one(Visit, house.visit.id)))
        counts.append([min(count_queries(page) for _ in range(3)) for page in pages])
    assert counts[0] == counts[1]


def test_guest_has_own_signed_invitation_and_nobody_elses(house: House) -> None:
    def paper(kind: str, state: str, member: Any = None) -> int:
        file = keep_bytes(house.session, SYSTEM, clock.now(), b"%PDF-1.7 " + kind.encode(), name="p.pdf",
                          media_type="application/pdf")  # fmt: skip
        row = Paper(visit_id=house.visit.id, kind=kind, state=state, subject="Invitation", created_at=clock.now(),
                    about_kind="member" if member else "", about_id=member.id if member else None)  # fmt: skip
        row.texts = [PaperText(language="en", text="Dear guest", pdf_file_id=file.id)]
        house.session.add(row)
        commit(house.session)
        return int(row.id)

    mine = paper("invitation-person", "signed", house.member)
    programme = paper("programme-guest", "approved")
    hidden = [paper("invitation-person", "signed", house.other_member), paper("programme-working", "approved"),
              paper("programme-guest", "draft"), paper("invitation", "signed")]  # fmt: skip
    browser = house.entered(house.member)
    page = text_of(browser.get("/guest"))
    assert re.findall(r"/guest/papers/(\d+)/en", page) == [str(programme), str(mine)]
    for paper_id in (mine, programme):
        assert browser.get(f"/guest/papers/{paper_id}/en").get_data().startswith(b"%PDF-1.7")
    for paper_id in hidden:
        assert browser.get(f"/guest/papers/{paper_id}/en").status_code == 404
