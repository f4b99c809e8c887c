"""A clerk and three guests at their phones, and the officer at the desk: from the links to the moved dates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.test_stories_visits import LANGUAGES, Reader, opened, read
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.knowledge.mrz.composing import ZoneData, compose
from workflow.knowledge.mrz.shapes import Format
from workflow.people.models import Passport
from workflow.visas.opening import open_cases
from workflow.visits.models import Member

__all__ = ["read"]
WORDS = {
    "tr": {"open": "Sayfamı aç", "read": "Satırları oku", "save": "Kaydet", "ended": "Bu bağlantının süresi doldu"},
    "fr": {"open": "Ouvrir ma page", "read": "Lire les lignes", "save": "Enregistrer", "ended": "Ce lien n’est plus"},
    "zh": {"open": "打开我的页面", "read": "读取机读区", "save": "保存", "ended": "此链接已失效"},
}
"""What the buttons are called; a guest presses what they can read."""


def zone(family: str, given: str, number: str, expires: date) -> str:
    """Make the two lines of a Turkish passport."""
    return "\n".join(compose(Format.TD3, ZoneData("P", "TUR", number, "TUR", date(1980, 5, 17), "F", expires, family,
                                                  given)))  # fmt: skip


class Phone:
    """Somebody at a phone with a personal link, reading one language."""

    def __init__(self, window: Any, path: str, language: str) -> None:
        self.window, self.language = window, language
        self.page: Page = window.page
        self.path, self.words = path, WORDS[language]

    def enter(self) -> Page:
        """Open the link as it came by mail, and press the button."""
        self.window.go(self.path)
        self.page.get_by_role("button", name=self.words["open"]).click()
        self.page.wait_for_load_state()
        return self.seen()

    def seen(self) -> Page:
        """Look at the page: in one's language, no wider than the phone."""
        assert self.page.get_attribute("html", "lang") == self.language
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, self.page.url
        return self.page

    def type_zone(self, lines: str) -> None:
        """Type the lines and have them read."""
        self.window.go("/guest/passport")
        self.page.fill("#f-zone", lines)
        self.page.get_by_role("button", name=self.words["read"]).click()
        self.page.wait_for_load_state()
        self.seen()

    def save(self) -> None:
        """Save the form that is open."""
        self.page.get_by_role("button", name=self.words["save"], exact=True).click()
        self.page.wait_for_load_state()
        self.seen()

    def text(self) -> str:
        """Read the page."""
        return str(self.page.locator("main").inner_text()).replace("\xa0", " ")


@dataclass(frozen=True)
class Coming:
    """A visit and the parts in its delegation: keys, keys of persons, names."""

    id: int
    members: list[int]
    persons: list[int]
    names: list[str]


@pytest.fixture
def visit(session: Session, make: Any) -> Coming:
    """Three guests from Kadıköy are to come on 7 June; their passports are not known."""
    made = opened(session, make, make.account(Role.COORDINATOR), country="TR", title_ru="Гости из Кадыкёя",
                  title_en="Guests from Kadıköy", languages=["tr"])
    for family, given in (("ORNEK", "AYLIN"), ("MISAL", "ELIF"), ("DENEME", "DENIZ")):
        make.member(made, make.person(latin_family=family, latin_given=given, russian_family="", russian_given=""))
    open_cases(session, SYSTEM, clock.now(), made)
    commit(session)
    members = session.scalars(select(Member).where(Member.visit_id == made.id).order_by(Member.id)).all()
    coming = Coming(made.id, [one.id for one in members], [one.person_id for one in members],
                    [one.person.latin_name for one in members])
    session.rollback()
    return coming


def link_of(officer: Reader, row: int, language: str) -> str:
    """Have a new link shown once and give its path; the clerk's row is the first."""
    place = officer.page.locator("main tbody tr").nth(row)
    place.locator("select[name=language]").select_option(language)
    place.get_by_role("button", name=officer.t("Показать новую ссылку", "Show a new link once")).click()
    officer.page.wait_for_load_state()
    return officer.page.locator("main code").inner_text().split("localhost", 1)[1]


@pytest.fixture
def phones(desk: Callable[..., Any]) -> Callable[..., Phone]:
    """Open a window as wide as a phone on a link."""

    def hand(path: str, language: str) -> Phone:
        return Phone(desk(width=390), path, language)

    return hand


def wrong_digit(lines: str) -> str:
    """Mistype the check digit of the number: the tenth character of the second line."""
    upper, lower = lines.split("\n")
    return f"{upper}\n{lower[:9]}{(int(lower[9]) + 1) % 10}{lower[10:]}"


def passports_typed(session: Session, guests: list[Phone], visit: Coming) -> None:
    """The first mistypes a digit and is shown where; the second's passport ends during the stay; the third is well."""
    first, second, third = guests
    good = zone("ORNEK", "AYLIN", "U10000001", date(2032, 5, 12))
    first.type_zone(wrong_digit(good))
    assert first.page.locator("mark.is-doubt").all_inner_texts() == [wrong_digit(good).split("\n")[1][9]]
    assert "Satır 2, karakter 10" in first.text()
    first.type_zone(good)
    assert first.page.locator("mark.is-doubt").count() == 0
    assert first.page.input_value("#f-expires_on") == "2032-05-12"
    first.save()
    second.type_zone(zone("MISAL", "ELIF", "U10000002", date(2027, 6, 9)))
    second.save()
    assert "expire avant le dernier jour" in second.text()
    third.type_zone(zone("DENEME", "DENIZ", "U10000003", date(2033, 1, 1)))
    third.save()
    for phone in guests:
        assert "••••••00" in phone.text()
    session.expire_all()
    numbers = {one.person_id: one.number for one in session.scalars(select(Passport))}
    session.rollback()
    assert [numbers[person] for person in visit.persons] == ["U10000001", "U10000002", "U10000003"]


def photographed(folder: Path) -> Path:
    """Make a photograph as a phone's camera gives it."""
    image = Image.new("RGB", (1200, 900), "white")
    exif = image.getexif()
    exif[0x0112] = 6
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    (folder / "IMG_0001.jpg").write_bytes(out.getvalue())
    return folder / "IMG_0001.jpg"


def route_chosen(officer: Reader, visit: Coming, name: str) -> None:
    """Take the electronic visa for one traveller."""
    officer.go(f"/visits/{visit.id}/visas")
    officer.link(name, name, "main table")
    electronic = officer.t("Единая электронная виза", "Russian unified e-visa")
    officer.page.locator("#routes .col", has_text=electronic).get_by_role("button").click()
    assert officer.t("выбран", "this route is chosen") in officer.text("#routes")


def third_replaced(officer: Reader, clerk: Phone, third: Phone, visit: Coming, member: int) -> None:
    """The clerk names a substitute late, the officer takes it over, and the link of whoever stays at home ends."""
    clerk.window.go("/clerk/new")
    clerk.page.select_option("#f-member", str(member))
    clerk.page.fill("#f-latin_family", "YEDEK")
    clerk.page.fill("#f-latin_given", "KEREM")
    clerk.page.locator("main form button[type=submit]").click()
    officer.go(f"/visits/{visit.id}/links")
    assert "YEDEK" in officer.text("[id^=proposal-]")
    officer.button("Принять", "Take over", "[id^=proposal-]")
    assert "KEREM YEDEK" in officer.text()
    third.page.goto(third.window.address + "/guest")
    assert third.page.locator("h1").inner_text() == "请重新打开您的链接"
    clerk.window.go("/clerk")
    assert ["DENIZ DENEME" in clerk.text(), "KEREM YEDEK" in clerk.text()] == [False, True]


def dates_moved(officer: Reader, clerk: Phone, first: Phone, visit: Coming, run_jobs: Callable[[], int]) -> None:
    """The visit comes a week later: what that changed is shown to the officer, new days to clerk and guest."""
    officer.go(f"/visits/{visit.id}")
    officer.link("Изменить даты", "Change the dates", "main")
    officer.button("На неделю позже", "One week later")
    officer.button("Изменить даты и уведомить", "Change the dates and tell people")
    run_jobs()
    officer.open("Визы", "Visas")
    changes = officer.text("main section:has(#changes-title)")
    assert officer.t("25 мая", "25 May") in changes
    first.window.go("/guest")
    assert "14 Haziran 2027" in first.text()
    assert "25 Mayıs 2027" in first.text()
    clerk.window.go("/clerk")
    assert "14 Haziran 2027" in clerk.text()


def first_revoked(officer: Reader, first: Phone, visit: Coming) -> None:
    """A revoked link says so politely."""
    officer.go(f"/visits/{visit.id}/links")
    officer.page.locator("main tbody tr").nth(1).get_by_role("button", name=officer.t("Отозвать", "Revoke")).click()
    officer.page.wait_for_load_state()
    answer = first.page.goto(first.window.address + first.path)
    assert answer is not None
    assert answer.status == 410
    assert first.page.locator("h1").inner_text() == first.words["ended"]


@LANGUAGES
def test_clerk_and_three_guests_come_by_their_links_and_the_dates_move(
    read: Callable[..., Reader], phones: Callable[..., Phone], session: Session, visit: Coming,
    run_jobs: Callable[[], int], language: str, tmp_path: Path,
) -> None:
    officer = read(Role.COORDINATOR, language=language)
    officer.go(f"/visits/{visit.id}/links")
    clerk, *guests = [phones(link_of(officer, row, code), code) for row, code in enumerate(("tr", "tr", "fr", "zh"))]
    page = clerk.enter()
    assert [name in clerk.text() for name in visit.names] == [True] * 3
    assert page.locator(".guest-people > li").count() == 3
    for guest, name in zip(guests, visit.names, strict=True):
        guest.enter()
        assert [each in guest.text() for each in visit.names] == [each == name for each in visit.names]
    passports_typed(session, guests, visit)

    officer.go(f"/members/{visit.members[1]}")
    assert officer.t("заканчивается до конца визита", "ends before the visit is over") in officer.text("#asked")
    officer.go(f"/members/{visit.members[0]}")
    assert officer.page.locator("#asked", has_text=officer.t("паспорт", "passport")).count() == 0
    route_chosen(officer, visit, visit.names[0])
    first = guests[0]
    first.window.go("/guest")
    assert "18 Mayıs 2027" in first.text()
    first.page.select_option("#f-item", label="Fotoğraf 35×45 mm")
    first.page.set_input_files("#f-file", photographed(tmp_path))
    first.page.locator("#scans form button").click()
    first.page.wait_for_load_state()
    assert first.page.locator(".guest-tasks .is-done", has_text="Fotoğraf 35×45 mm").count() == 1
    third_replaced(officer, clerk, guests[2], visit, visit.members[2])
    dates_moved(officer, clerk, first, visit, run_jobs)
    first_revoked(officer, first, visit)
