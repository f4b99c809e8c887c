"""A pack's own calendar days."""

from datetime import date
from pathlib import Path

import pytest

from workflow.knowledge.calendar_files import load_calendars
from workflow.knowledge.lined_yaml import InvalidFilesError

PACKS = Path(__file__).parents[2] / "workflow" / "packs"


def test_shipped_calendars_load_and_claim_no_unchecked_year() -> None:
    russian = load_calendars(PACKS / "ru-municipal" / "calendars")
    assert russian.calendar("RU").covers(2026) is True
    assert russian.calendar("RU").covers(2027) is False
    assert load_calendars(PACKS / "generic" / "calendars").overrides == {}


def test_own_table_of_abkhazia_fills_what_the_library_lacks() -> None:
    abkhazia = load_calendars(PACKS / "ru-municipal" / "calendars").calendar("XA-ABK")
    rests = [date(2026, 1, 14), date(2026, 4, 13), date(2026, 8, 26), date(2026, 9, 30), date(2026, 11, 27)]
    assert [abkhazia.is_working(day) for day in rests] == [False] * 5
    assert [abkhazia.is_working(date(2026, 9, day)) for day in (29, 26, 27)] == [True, False, False]
    assert abkhazia.uncertain_keys(2026) == ("XA-ABK",)


def test_own_days_and_checked_years_count(tmp_path: Path) -> None:
    text = "country: RU\nyears_checked: [2027]\ndays_off: [2027-04-12]\nworking_days: [2027-04-10]\n"
    (tmp_path / "ru.yaml").write_text(text, encoding="utf-8")
    calendar = load_calendars(tmp_path).calendar("RU")
    assert [calendar.is_working(date(2027, 4, day)) for day in (9, 10, 12)] == [True, True, False]
    assert calendar.covers(2027) is True


def test_all_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("country: AB\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("country: RU\ndays_off: [2027-02-31]\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("country: TR\nholiday: 5\n", encoding="utf-8")
    with pytest.raises(InvalidFilesError) as caught:
        load_calendars(tmp_path)
    assert [(each.file, each.line) for each in caught.value.problems] == [("a.yaml", 1), ("b.yaml", 2), ("c.yaml", 2)]
