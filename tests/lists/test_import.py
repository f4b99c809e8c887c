"""A list through the pages: handed in, corrected, compared, imported, sent again."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.lists.lists import HEADINGS, list_of, person, xlsx
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Conflict
from workflow.base.events import Event
from workflow.base.files import Upload, store
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit
from workflow.people.merging import merge_persons
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport
from workflow.visits.lists import service
from workflow.visits.lists.entering import enter
from workflow.visits.models import Member, MemberList, Visit
from workflow.visits.queries import members

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FIVE = [person(number) for number in range(5)]


class Office:
    """A coordinator with one visit, importing lists in the browser."""

    def __init__(self, session: Session, make: Make, client_as: Callable[..., Any]) -> None:
        self.session, self.make = session, make
        self.visit: Visit = make.visit()
        self.browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
        self.base = f"/visits/{self.visit.id}/members/import"

    def hand_in(self, data: bytes, name: str = "list.xlsx") -> Any:
        """Upload a file; gives the answer."""
        answer = self.browser.post(self.base, {"file": (BytesIO(data), name)}, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # the test client's own temporary file, which it leaves open
        return answer

    def started(self, data: bytes, name: str = "list.xlsx", **other: str) -> int:
        """Upload a file and accept its columns as guessed; gives the list's key."""
        answer = self.hand_in(data, name)
        assert answer.status_code == 303, self.text(answer)
        list_id = int(answer.location.split("/")[-2])
        mapping = self.stored(list_id).mapping
        fields = {f"column-{column}": field for column, field in mapping["columns"].items()}
        sent = self.browser.post(f"{self.base}/{list_id}/columns",
                                 {**fields, "head": mapping["head"], "version": str(self.version(list_id)), **other})
        assert sent.status_code == 303, self.text(sent)
        return list_id

    def stored(self, list_id: int) -> MemberList:
        """Load a list fresh."""
        self.session.expire_all()
        found = self.session.get(MemberList, list_id)
        assert found is not None
        return found

    def version(self, list_id: int) -> int:
        """The version that a form of this list carries."""
        return self.stored(list_id).lock_version

    def text(self, answer: Any) -> str:
        """The words of a page."""
        page = re.sub(r"<(option|input)[^>]*>", " ", answer.get_data(as_text=True))
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))

    def page(self, list_id: int, rest: str = "") -> str:
        """The words of one of a list's pages."""
        answer = self.browser.get(f"{self.base}/{list_id}{rest}")
        assert answer.status_code == 200, answer.status
        return self.text(answer)

    def reasons(self, list_id: int) -> list[str]:
        """The reasons that stand beside cells, in order."""
        page = self.browser.get(f"{self.base}/{list_id}?show=all").get_data(as_text=True)
        return [unescape(found) for found in re.findall(r'<small class="form-error">(.*?)</small>', page)]

    def correct(self, list_id: int, cells: dict[tuple[int, str], str] | None = None, out: tuple[int, ...] = (),
                shown: tuple[int, ...] = (), **other: str) -> Any:
        """Post the preview's form; row numbers are the file's."""
        fields: dict[str, Any] = {f"cell-{row - 1}-{name}": text for (row, name), text in (cells or {}).items()}
        return self.browser.post(f"{self.base}/{list_id}", {
            **fields, "shown": [row - 1 for row in (*shown, *out)], "keep": [row - 1 for row in shown],
            "version": str(self.version(list_id)), **other})  # fmt: skip

    def import_it(self, list_id: int, **leaving: str) -> Any:
        """Press the button of the comparison as shown."""
        page = self.browser.get(f"{self.base}/{list_id}/compare").get_data(as_text=True)
        hidden = dict(re.findall(r'type="hidden" name="(version|seen)" value="([^"]*)"', page))
        chosen = dict(re.findall(r'<select[^>]*name="(leaving-\d+)">.*?value="([^"]*)" selected', page, re.DOTALL))
        return self.browser.post(f"{self.base}/{list_id}/import", {**hidden, **chosen, **leaving})

    def names(self) -> list[str]:
        """Family names of the live delegation."""
        self.session.expire_all()
        return sorted(member.person.latin_family for member in members(self.session, self.visit.id))

    def done(self, list_id: int) -> str:
        """What the result page says in short."""
        found = re.search(r"−\d+ \+\d+ ~\d+", self.page(list_id, "/result"))
        assert found is not None
        return found[0]


@pytest.fixture
def office(session: Session, make: Make, client_as: Callable[..., Any]) -> Office:
    """A coordinator about to import."""
    return Office(session, make, client_as)


def test_list_with_a_31_02_and_a_passport_twice_is_marked_corrected_imported_and_sent_again(office: Office) -> None:
    rows = list(FIVE)
    rows[1] = person(1, birth="31.02.1980")
    rows[4] = person(4, passport="U10000002")
    list_id = office.started(list_of(rows))
    assert office.reasons(list_id) == ["There is no day 31 in month 2.", "The same passport stands in row 8 too.",
                                       "The same passport stands in row 6 too."]
    refused = office.import_it(list_id)
    assert refused.status_code == 409
    assert office.names() == []
    answer = office.correct(list_id, {(5, "birth_date"): "28.02.1980", (8, "passport_number"): "U10000004"},
                            shown=(4, 5, 6, 7, 8), then="compare")
    assert answer.location.endswith("/compare")
    assert office.import_it(list_id).location.endswith("/result")
    assert office.done(list_id) == "−0 +5 ~0"
    assert office.names() == [row[1] for row in FIVE]

    again = office.started(list_of([*rows[:1], person(1, birth="28.02.1980"), rows[2], rows[3], person(7)]))
    page = office.page(again, "/compare")
    assert "−1 +1 ~0" in page
    leaver = next(member for member in members(office.session, office.visit.id)
                  if member.person.latin_family == "SPECIMENEAA")
    assert office.import_it(again, **{f"leaving-{leaver.id}": "row:7"}).status_code == 303
    assert office.done(again) == "−1 +1 ~0"
    assert office.names() == [row[1] for row in (*FIVE[:4], person(7))]
    office.session.expire_all()
    gone = office.session.get(Member, leaver.id)
    assert gone is not None
    assert (gone.state, gone.replaced_by_id is not None) == ("removed", True)


def test_imported_people_are_what_the_list_says(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE[:1])))
    member = members(office.session, office.visit.id)[0]
    traveller, passport = member.person, member.person.passports[0]
    assert (traveller.latin_name, traveller.sex, traveller.citizenships, traveller.birth_date) == (
        "AYSE SPECIMENAAA", "female", ["TR"], "1950-05-01")
    assert (passport.number, passport.type, passport.country, str(passport.expires_on)) == (
        "U10000000", "ordinary", "TR", "2032-02-01")
    assert (member.post_en, member.state, member.position) == ("Mayor", "proposed", 1)


def test_same_list_again_changes_nothing(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE)))
    again = office.started(list_of(FIVE))
    assert "−0 +0 ~0 (removed, added, changed) · 5 members stay as they are" in office.page(again, "/compare")
    office.import_it(again)
    assert office.done(again) == "−0 +0 ~0"
    assert office.session.scalar(select(func.count(Person.id))) == 5


def test_member_entered_by_hand_stays_when_a_list_comes_again(office: Office, make: Make) -> None:
    by_hand = make.member(office.visit, make.person(latin_family="BYHAND", latin_given="ANNA"))
    office.import_it(office.started(list_of(FIVE[:2])), **{f"leaving-{by_hand.id}": "keep"})
    again = office.started(list_of(FIVE[:1]))
    assert "who was entered by hand stays" in office.page(again, "/compare")
    office.import_it(again)
    assert office.names() == ["BYHAND", FIVE[0][1]]


def test_changed_list_corrects_members_and_shows_old_and_new_masked(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE[:2])))
    changed = [person(0, post="Deputy Mayor", expires="05.06.2033"), person(1, passport="U99999999")]
    again = office.started(list_of(changed))
    page = office.page(again, "/compare")
    assert "Post in English: Mayor → Deputy Mayor" in page
    assert "Passport valid until: 1 February 2032 → 5 June 2033" in page
    assert "Passport number: ••••001 → ••••999" in page
    assert "U99999999" not in page
    office.import_it(again)
    assert office.done(again) == "−0 +0 ~2"
    first, second = members(office.session, office.visit.id)
    assert (first.post_en, str(first.person.passports[0].expires_on)) == ("Deputy Mayor", "2033-06-05")
    assert [passport.number for passport in second.person.passports] == ["U10000001", "U99999999"]


def test_birth_place_in_latin_letters_is_put_beside_the_russian_one(office: Office) -> None:
    headings, row = (*HEADINGS, "Place of birth"), (*FIVE[0], "Стамбул")
    office.import_it(office.started(xlsx(headings, row)))
    again = office.started(xlsx(headings, (*FIVE[0], "ISTANBUL")))
    page = office.page(again, "/compare")
    assert "Place of birth, in Latin letters: — → ••••" in page
    assert "ISTANBUL" not in page
    office.import_it(again)
    [member] = members(office.session, office.visit.id)
    assert (member.person.birth_place, member.person.birth_place_latin) == ("Стамбул", "ISTANBUL")
    once_more = office.page(office.started(xlsx(headings, (*FIVE[0], "ISTANBUL"))), "/compare")
    assert "Place of birth" not in once_more


def test_member_missing_from_the_first_list_stays_unless_said(office: Office) -> None:
    own = office.make.member(office.visit)
    list_id = office.started(list_of(FIVE[:1]))
    assert "They were entered by hand" in office.page(list_id, "/compare")
    office.import_it(list_id)
    assert office.done(list_id) == "−0 +1 ~0"
    assert own.person.latin_family in office.names()


def test_left_out_row_is_not_imported_and_its_member_stays(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE)))
    again = office.started(list_of([*FIVE[:4], person(4, birth="31.02.1980")]))
    office.correct(again, out=(8,), shown=(4, 5, 6, 7))
    office.import_it(again)
    assert office.done(again) == "−0 +0 ~0"
    assert office.names() == [row[1] for row in FIVE]


def test_corrected_duplicate_is_good_once_the_other_row_is_left_out(office: Office) -> None:
    list_id = office.started(list_of([FIVE[0], FIVE[0]]))
    assert len(office.reasons(list_id)) == 2
    office.correct(list_id, out=(5,), shown=(4,))
    assert office.reasons(list_id) == []


def test_known_passport_joins_the_person(office: Office) -> None:
    known = office.make.person(latin_family="SPECIMENAAA", latin_given="AYSE", birth_date="1950-05-01",
                               russian_family="", russian_given="")
    add_passport(office.session, SYSTEM, datetime.now().astimezone(), known, PassportData("TR", "U10000000"))
    commit(office.session)
    list_id = office.started(list_of(FIVE[:2]))
    page = office.page(list_id, "?show=all")
    assert page.count("Known by passport") == 1
    office.import_it(list_id)
    assert known.id in [member.person_id for member in members(office.session, office.visit.id)]
    assert office.session.scalar(select(func.count(Person.id))) == 2


def test_passport_of_plainly_somebody_else_is_marked(office: Office) -> None:
    other = office.make.person(latin_family="EXAMPLE", latin_given="JOHN", birth_date="1990-01-01", russian_family="",
                               russian_given="")
    add_passport(office.session, SYSTEM, datetime.now().astimezone(), other, PassportData("TR", "U10000000"))
    commit(office.session)
    list_id = office.started(list_of(FIVE[:1]))
    assert office.reasons(list_id) == ["We know this passport as somebody else's. Check number, name and birth date."]


def test_ambiguous_dates_wait_for_an_answer_about_the_column(office: Office) -> None:
    list_id = office.started(list_of([person(0, birth="03/04/1975"), person(1, birth="25/12/1975")]))
    page = office.page(list_id)
    assert "Date of birth: which number is the day?" in page
    assert "Dates that can only have the day first: 1; only the month first: 0." in page
    assert office.reasons(list_id) == ["Day or month first? Answer for the column above the table."]
    office.correct(list_id, shown=(4, 5), **{"order-birth_date": "day"})
    assert office.reasons(list_id) == []
    office.import_it(list_id)
    assert sorted(str(row.birth_date) for row in office.session.scalars(select(Person))) == ["1975-04-03", "1975-12-25"]


def test_order_of_names_waits_for_an_answer(office: Office) -> None:
    list_id = office.started(xlsx(["Full name", "Passport No", "Nationality"], ["John Smith", "U1234567", "GB"]))
    assert "Whole name in one cell: which part comes first?" in office.page(list_id)
    office.correct(list_id, shown=(2,), **{"names-full_name": "given"})
    office.import_it(list_id)
    assert office.names() == ["SMITH"]


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"issued": "01.02.2032", "expires": "01.02.2022"},
         ["The passport ends before it was issued: perhaps the two dates are swapped."] * 2),
        ({"family": "😀"}, ["There are pictures (emoji) or unreadable characters in the text."]),
        ({"family": "A" * 10_000}, ["Too long: at most 240 characters."]),
        ({"family": "\u202eMAK"}, ["There are hidden marks that turn the direction of the text. Type it anew."]),
        ({"family": "כהן"},
         ["Letters that run from right to left: write it in Latin letters, as in the passport."]),
        ({"citizenship": "Atlantis"}, ["There is no such country in our table. Write its name or code.",
                                       "Give the citizenship: a passport belongs to a country."]),
        ({"sex": "?"}, ["Write male or female."]),
        ({"birth": "01.01.2099"}, ["The birth date lies in the future."]),
        ({"passport": "АВ1234567"},
         ["There are letters other than A to Z in the number. Type it anew in Latin letters."]),
    ],
)  # fmt: skip
def test_bad_cell_has_its_reason_beside_it(office: Office, change: dict[str, str], reasons: list[str]) -> None:
    list_id = office.started(list_of([person(0, **change)]))
    assert office.reasons(list_id)[: len(reasons)] == reasons[: len(office.reasons(list_id))]
    assert office.import_it(list_id).status_code == 409
    assert office.session.scalar(select(func.count(Person.id))) == 0


def test_hostile_text_stays_text(office: Office) -> None:
    hostile = '=HYPERLINK("http://x";"y") {{ 7*7 }} <script>alert(1)</script>'
    list_id = office.started(list_of([person(0, post=hostile)]))
    page = office.browser.get(f"{office.base}/{list_id}?show=all").get_data(as_text=True)
    assert "<script>alert" not in page
    office.import_it(list_id)
    assert members(office.session, office.visit.id)[0].post_en == hostile


def test_csv_in_cp1251_is_imported(office: Office) -> None:
    data = "ФИО;Дата рождения;Должность\r\nИванова Мария Петровна;01.02.1980;Мэр\r\n".encode("cp1251")
    office.import_it(office.started(data, "list.csv"))
    member = members(office.session, office.visit.id)[0]
    assert (member.person.russian_name, member.post_ru) == ("Иванова Мария Петровна", "Мэр")


def test_head_is_taken_from_the_first_row_or_a_column(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE[:2]), head="first"))
    assert [member.is_head for member in members(office.session, office.visit.id)] == [True, False]
    rows = [(*HEADINGS, "Head of delegation"), (*FIVE[0], "no"), (*FIVE[1], "yes")]
    again = office.started(xlsx(*rows))
    office.import_it(again)
    head = members(office.session, office.visit.id)[0]
    assert (head.is_head, head.person.latin_family) == (True, FIVE[1][1])


def test_official_in_two_places_is_shown_before_and_after(office: Office) -> None:
    office.import_it(office.started(list_of(FIVE[:1])))
    other = office.make.visit(title_en="Other visit", arrival=office.visit.arrival)
    office.visit, office.base = other, f"/visits/{other.id}/members/import"
    list_id = office.started(list_of(FIVE[:2]))
    for rest in ("?show=all", "/compare"):
        assert office.page(list_id, rest).count("At the same time in: Delegation of Kadıköy") == 1
    office.import_it(list_id)
    assert "In two places at one time" in office.page(list_id, "/result")


def test_delegation_changed_meanwhile_refuses_the_import(office: Office) -> None:
    list_id = office.started(list_of(FIVE[:1]))
    page = office.browser.get(f"{office.base}/{list_id}/compare").get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="(version|seen)" value="([^"]*)"', page))
    office.make.member(office.visit)
    answer = office.browser.post(f"{office.base}/{list_id}/import", hidden)
    assert answer.status_code == 409
    assert "the delegation was changed after you opened this page" in office.text(answer)
    assert len(office.names()) == 1


def test_second_press_of_the_button_imports_nothing_more(office: Office) -> None:
    list_id = office.started(list_of(FIVE))
    page = office.browser.get(f"{office.base}/{list_id}/compare").get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="(version|seen)" value="([^"]*)"', page))
    for _ in range(2):
        answer = office.browser.post(f"{office.base}/{list_id}/import", hidden)
        assert answer.location.endswith("/result")
    assert len(office.names()) == 5


def test_form_of_an_older_version_overwrites_nothing(office: Office) -> None:
    list_id = office.started(list_of([person(0, birth="31.02.1980")]))
    version = str(office.version(list_id))
    office.correct(list_id, {(4, "birth_date"): "01.02.1980"}, shown=(4,))
    late = office.browser.post(f"{office.base}/{list_id}", {"version": version, "cell-3-birth_date": "02.02.1980",
                                                            "shown": "3", "keep": "3"})
    assert late.status_code == 409
    assert office.stored(list_id).corrections["cells"] == {"3": {"birth_date": "01.02.1980"}}


@pytest.mark.parametrize(
    ("data", "name", "status", "sentence"),
    [
        (b"", "list.xlsx", 422, "The file is empty"),
        (b"<svg onload=alert(1)>", "list.csv", 422, "This kind of file is not accepted"),
        (b"PK\x03\x04 nothing", "list.xlsx", 422, "This kind of file is not accepted"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "list.xlsx", 422, "by a password"),
        (OLE + "Workbook".encode("utf-16-le"), "list.xls", 422, "is damaged"),
        (xlsx(["x"] * 70), "list.xlsx", 422, "too wide"),
        (b"x" * (25 * 1024 * 1024 + 1), "list.csv", 413, "too large"),
        (b";;;\n;;;\n", "list.csv", 422, "nothing in the file"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read_is_refused_with_a_sentence(
    office: Office, data: bytes, name: str, status: int, sentence: str
) -> None:
    answer = office.hand_in(data, name)
    assert (answer.status_code, sentence in office.text(answer)) == (status, True)
    assert office.session.scalar(select(func.count(MemberList.id))) == 0


def test_columns_are_corrected_by_the_coordinator(office: Office) -> None:
    answer = office.hand_in(xlsx(["A", "B"], ["AYSE", "SPECIMEN"]))
    list_id = int(answer.location.split("/")[-2])
    url, version = f"{office.base}/{list_id}/columns", {"version": str(office.version(list_id))}
    unnamed = office.browser.post(url, {**version, "column-0": "note", "head": ""})
    assert (unnamed.status_code, "Say which column holds the names" in office.text(unnamed)) == (422, True)
    twice = office.browser.post(url, {**version, "column-0": "family", "column-1": "family", "head": ""})
    assert (twice.status_code, "Two columns are said to be the same" in office.text(twice)) == (422, True)
    right = office.browser.post(url, {**version, "column-0": "given", "column-1": "family", "head": ""})
    assert right.status_code == 303
    office.import_it(list_id)
    assert office.names() == ["SPECIMEN"]


def test_list_without_headings_is_imported_after_saying_so(office: Office) -> None:
    answer = office.hand_in(xlsx(["SPECIMEN", "AYSE"], ["EXAMPLE", "JOHN"]))
    list_id = int(answer.location.split("/")[-2])
    office.browser.post(f"{office.base}/{list_id}/place",
                        {"version": str(office.version(list_id)), "table": "0", "row": "-1"})
    office.browser.post(f"{office.base}/{list_id}/columns", {"version": str(office.version(list_id)), "head": "",
                                                             "column-0": "family", "column-1": "given"})
    office.import_it(list_id)
    assert office.names() == ["EXAMPLE", "SPECIMEN"]


@pytest.mark.parametrize("kind", ["", ".docx"], ids=["xlsx", "docx"])
@pytest.mark.parametrize("language", ["ru", "en", "tr", "zh", "fr", "bg", "es"])
def test_blank_list_comes_back_by_the_import_without_its_example(office: Office, language: str, kind: str) -> None:
    address = f"{office.base}/blank/{language}{kind}"
    assert f'href="{address}"' in office.browser.get(office.base).get_data(as_text=True)
    blank = office.browser.get(address)
    assert blank.status_code == 200
    list_id = office.started(blank.get_data(), f"delegation{kind or '.xlsx'}")
    page = office.page(list_id)
    assert "0 rows in the list" in page
    assert "1 example row passed over" in page


def test_nothing_personal_is_left_readable(office: Office, settings: Any) -> None:
    list_id = office.started(list_of(FIVE[:1]))
    database = (settings.data_dir / "test.db").read_bytes() + (settings.data_dir / "test.db-wal").read_bytes()
    assert [word for word in (b"SPECIMENAAA", b"U10000000", b"01.05.1950") if word in database] == []
    office.import_it(list_id)
    told = [str(row.changes) + row.note for row in office.session.scalars(select(Event))]
    assert [text for text in told if "U10000000" in text or "1950" in text or "SPECIMEN" in text] == []
    assert office.stored(list_id).sheet == {}


def test_import_is_recorded_and_sets_off_each_reaction_once(office: Office, run_jobs: Callable[[], int]) -> None:
    office.import_it(office.started(list_of(FIVE)))
    kinds: dict[str, int] = dict(office.session.execute(
        select(Event.kind, func.count()).where(Event.visit_id == office.visit.id).group_by(Event.kind)).tuples().all())
    assert {kind: kinds.get(kind) for kind in ("visits.list.received", "visits.member.added", "people.passport.changed",
                                               "visits.members.imported")} == {
        "visits.list.received": 1, "visits.member.added": 5, "people.passport.changed": 5, "visits.members.imported": 1}
    jobs = [job.kind for job in office.session.scalars(select(Job).where(Job.visit_id == office.visit.id))]
    assert [kind for kind in jobs if jobs.count(kind) > 2] == []
    run_jobs()
    assert list(office.session.scalars(select(Job.kind).where(Job.state.in_(["failed", "uncertain"])))) == []


def test_old_lists_are_dropped_with_their_files(office: Office, now: datetime) -> None:
    list_id = office.started(list_of(FIVE[:1]))
    assert service.purge_lists(office.session, now + timedelta(days=29)) == 0
    assert service.purge_lists(office.session, now + timedelta(days=31)) == 1
    commit(office.session)
    assert (office.stored(list_id).state, office.stored(list_id).sheet) == ("dropped", {})
    assert not any(path.is_file() for path in store().root.rglob("*"))
    assert office.browser.get(f"{office.base}/{list_id}").location.endswith("/members/import")


def test_dropped_list_enters_nobody(office: Office) -> None:
    list_id = office.started(list_of(FIVE))
    assert office.browser.post(f"{office.base}/{list_id}/drop").status_code == 303
    assert office.import_it(list_id).status_code == 409
    assert office.names() == []


def test_list_of_another_visit_is_not_found(office: Office) -> None:
    list_id = office.started(list_of(FIVE))
    other = office.make.visit()
    assert office.browser.get(f"/visits/{other.id}/members/import/{list_id}").status_code == 404


def test_translator_sees_no_list(office: Office, client_as: Callable[..., Any]) -> None:
    list_id = office.started(list_of(FIVE))
    browser = client_as(Role.TRANSLATOR)
    for rest in ("", f"/{list_id}", f"/{list_id}/compare", f"/{list_id}/columns", "/blank/en"):
        assert browser.get(office.base + rest).status_code in (403, 404)


def test_pages_speak_russian(office: Office, client_as: Callable[..., Any]) -> None:
    list_id = office.started(list_of([person(0, birth="31.02.1980"), FIVE[1]]))
    office.browser = client_as(account=office.make.account(Role.COORDINATOR, language="ru"))
    assert "В месяце 2 нет дня 31." in office.reasons(list_id)
    assert "Что изменит загрузка" in office.page(list_id, "/compare")


def test_three_hundred_rows_are_shown_a_hundred_to_a_page(office: Office) -> None:
    rows = [person(number) for number in range(300)]
    rows[250] = person(250, birth="31.02.1980")
    list_id = office.started(list_of(rows))
    first = office.browser.get(f"{office.base}/{list_id}").get_data(as_text=True)
    assert re.findall(r'<tr id="row-(\d+)"', first) == ["254"]
    third = office.browser.get(f"{office.base}/{list_id}?show=all&page=3&edit=210").get_data(as_text=True)
    assert len(re.findall(r'<tr id="row-', third)) == 100
    assert third.count('name="cell-210-') == 9
    assert len(third) < 400_000


def test_person_merged_away_between_comparing_and_entering_is_not_entered(office: Office, now: datetime) -> None:
    actor, rows = office.make.actor(Role.COORDINATOR), [person(number) for number in range(2)]
    for _time in range(2):
        visit = office.make.visit()
        found = service.receive_list(office.session, actor, now, visit, Upload("list.xlsx", list_of(rows)))
        _sheet, _judged, compared = service.compare_list(office.session, found, visit, now)
        if not compared.added[0].person:
            service.import_list(office.session, actor, now, visit, found, version=None, seen=compared.seen, leaving={},
                                reason="")
        commit(office.session)
    known = compared.added[0].person
    assert known is not None
    with Session(office.session.get_bind()) as elsewhere:
        one, other = (elsewhere.get_one(Person, key) for key in (office.make.person().id, known.id))
        merge_persons(elsewhere, actor, now, one, other, {})
        commit(elsewhere)
    with pytest.raises(Conflict, match="list-changed-meanwhile"):
        enter(office.session, actor, now, visit, compared, {}, "")


@pytest.mark.slow
@pytest.mark.parametrize("size", [50, 5000])
def test_long_list_takes_a_bounded_number_of_queries(office: Office, now: datetime, size: int) -> None:
    visit, actor = office.visit, office.make.actor(Role.COORDINATOR)
    data = list_of([person(number) for number in range(size)])
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        found = service.receive_list(office.session, actor, now, visit, Upload("list.xlsx", data))
        _sheet, judged, compared = service.compare_list(office.session, found, visit, now)
        entered = service.import_list(office.session, actor, now, visit, found, version=None, seen=compared.seen,
                                      leaving={}, reason="")
        commit(office.session)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert (len(judged.rows), len(judged.bad), entered.added) == (size, 0, size)
    assert office.session.scalar(select(func.count(Passport.id))) == size
    assert len(asked) < 90
