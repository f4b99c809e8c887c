"""A department's published record becomes its history."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import unit_of_work
from workflow.demo.history import STAVROPOL, import_record, known_days, known_text
from workflow.demo.record import RecordFaults
from workflow.partners import queries
from workflow.partners.models import Agreement, Award, BodyPost, Figure, Membership, Partner
from workflow.visits.models import Visit


@pytest.fixture
def taken_over(session: Session) -> dict[str, int]:
    with unit_of_work(session):
        return dict(import_record(session, SYSTEM, clock.now(), STAVROPOL))


def test_stavropol_record_is_taken_over_whole(session: Session, taken_over: dict[str, int]) -> None:
    assert taken_over == {
        "partners": 33,
        "memberships": 7,
        "agreements": 9,
        "body_posts": 7,
        "awards": 7,
        "figures": 10,
        "visits": 47,
    }
    counts = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Partner, Membership, Agreement, BodyPost, Award, Figure, Visit)
    ]
    assert counts == [40, 7, 9, 7, 7, 10, 47]


def test_same_record_again_adds_nothing(session: Session, taken_over: dict[str, int]) -> None:
    with unit_of_work(session):
        again = import_record(session, SYSTEM, clock.now(), STAVROPOL)
    assert set(again.values()) == {0}
    assert session.scalar(select(func.count()).select_from(Visit)) == 47


def test_dates_are_as_precise_as_the_record(session: Session, taken_over: dict[str, int]) -> None:
    def visit(key: str) -> Visit:
        return session.scalars(select(Visit).where(Visit.source.endswith(key))).one()

    month, year = visit("2018-03-makhachkala-architecture"), visit("2014-stavpri")
    days, unknown = visit("2022-10-grozny"), visit("kadikoy-reception")
    assert (month.dates_text, str(month.arrival), str(month.departure)) == ("2018-03", "2018-03-01", "2018-03-01")
    assert (year.dates_text, str(year.arrival)) == ("2014", "2014-01-01")
    assert (days.dates_text, str(days.arrival), str(days.departure)) == ("", "2022-10-04", "2022-10-05")
    assert (unknown.dates_text, unknown.arrival) == ("", None)
    assert {row.standing for row in session.scalars(select(Visit))} == {"closed"}


def test_every_row_keeps_its_source_and_both_languages(session: Session, taken_over: dict[str, int]) -> None:
    for table in (Agreement, Membership, BodyPost, Award, Figure, Visit):
        assert all(session.scalars(select(table.source)).all())
    for row in session.scalars(select(Visit)):
        assert row.title_ru
        assert row.title_en
        assert row.title_ru != row.title_en
    durban = session.scalars(select(Visit).where(Visit.source.endswith("2019-11-durban"))).one()
    assert (durban.country, durban.place, durban.crosses_border) == ("ZA", "Дурбан", True)
    omsk = session.scalars(select(Visit).where(Visit.source.endswith("2019-08-omsk"))).one()
    assert (omsk.country, omsk.crosses_border) == ("RU", False)
    assert "вручён приветственный адрес" in omsk.purpose


def test_agreements_and_seats_stand_on_the_cards(
    client_as: Callable[..., Any], session: Session, taken_over: dict[str, int]
) -> None:
    poljane, uclg = queries.by_key(session, "poljane-gymnasium"), queries.by_key(session, "uclg")
    assert poljane is not None
    assert uclg is not None
    addresses = [f"/partners/{poljane.id}", f"/partners/{uclg.id}"]
    session.rollback()
    browser = client_as(Role.COORDINATOR)
    school, body = (browser.get(address).text.replace("\xa0", " ") for address in addresses)
    assert "Соглашение о сотрудничестве между школой № 1" in school
    assert "<td>2018</td>" in school
    assert "Всемирный совет" in body
    assert "ноябрь 2019" in body


def test_bad_rows_are_all_named_and_nothing_is_taken_over(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "record"
    shutil.copytree(STAVROPOL, folder)
    visits = folder / "visits.csv"
    lines = visits.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("2011,2011", "2011-13,2011").replace("outgoing", "sideways")
    lines[2] = lines[2].replace(",omsk,", ",atlantis,")
    visits.write_text("\n".join(lines), encoding="utf-8")
    (folder / "awards.csv").write_text("year,award\n2014,Prize\n", encoding="utf-8")
    with pytest.raises(RecordFaults) as refused:
        import_record(session, SYSTEM, clock.now(), folder)
    assert refused.value.faults == [
        "visits.csv:2: start '2011-13' is no date, month or year",
        "visits.csv:2: direction 'sideways' is none of hosted event, incoming, online, outgoing",
        "awards.csv: no column by, result, source",
        "visits.csv: nobody has the key 'atlantis'",
    ]
    assert session.scalar(select(func.count()).select_from(Partner)) == 0


def test_empty_folder_is_said(session: Session, tmp_path: Path) -> None:
    with pytest.raises(RecordFaults, match="is here"):
        import_record(session, SYSTEM, clock.now(), tmp_path)


@pytest.mark.parametrize(("start", "end", "days", "text"), [
    ("2019", "2019", "2019-01-01", "2019"), ("2018-03", "2018-03", "2018-03-01", "2018-03"),
    ("2020-04-22", "2020-04-23", "2020-04-22", ""), ("", "", "None", ""),
])  # fmt: skip
def test_partial_dates(start: str, end: str, days: str, text: str) -> None:
    assert (str(known_days(start, end).arrival), known_text(start, end)) == (days, text)
