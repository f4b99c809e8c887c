"""Order within a day, and who would have to be in two places."""

from datetime import date, time

import pytest

from workflow.programme.rules import Clash, Direction, Slot, clashes, moved, place_for, slot

DAY = date(2027, 5, 12)


def item(number: int, starts: str | None, ends: str | None = None, *, visit: int = 1, zone: str = "Europe/Moscow",
         responsible: int | None = None, interpreter: int | None = None, name: str = "", host: str = "") -> Slot:
    """Make the slot of an item."""
    made = slot(item_id=number, visit_id=visit, day=DAY, starts=time.fromisoformat(starts) if starts else None,
                ends=time.fromisoformat(ends) if ends else None, zone=zone, responsible_id=responsible,
                interpreter_id=interpreter, interpreter_name=name, host=host)
    assert made is not None
    return made


def pairs(*slots: Slot) -> set[tuple[int, int, Clash]]:
    """Give the clashes as (item, other, kind)."""
    return {(one.item_id, one.other_id, one.kind) for one in clashes(slots)}


def test_same_interpreter_at_overlapping_times_clashes_both_ways() -> None:
    assert pairs(item(1, "10:00", "11:30", interpreter=7), item(2, "11:00", "12:00", visit=2, interpreter=7)) == {
        (1, 2, Clash.INTERPRETER), (2, 1, Clash.INTERPRETER)}


def test_end_equal_to_start_is_no_clash() -> None:
    assert pairs(item(1, "10:00", "11:00", responsible=7), item(2, "11:00", "12:00", responsible=7)) == set()


def test_item_without_end_lasts_an_hour() -> None:
    assert pairs(item(1, "10:00", responsible=7), item(2, "10:59", responsible=7)) != set()
    assert pairs(item(1, "10:00", responsible=7), item(2, "11:00", responsible=7)) == set()


def test_other_people_and_other_parts_do_not_clash() -> None:
    assert pairs(item(1, "10:00", responsible=7, host="Мэр"), item(2, "10:00", responsible=8, host="Дума")) == set()


def test_responsible_here_who_interprets_there_clashes_as_interpreter() -> None:
    assert {kind for *_, kind in pairs(item(1, "10:00", responsible=7), item(2, "10:30", interpreter=7))} == {
        Clash.INTERPRETER}


def test_host_is_known_by_name_in_any_spelling() -> None:
    assert pairs(item(1, "10:00", host="И. Ульянченко, глава  города"),
                 item(2, "10:30", visit=2, host="и. ульянченко, глава города")) == {
        (1, 2, Clash.HOST), (2, 1, Clash.HOST)}


def test_hours_of_two_zones_are_compared_as_moments() -> None:
    assert pairs(item(1, "10:00", "11:00", responsible=7), item(2, "10:00", "11:00", zone="Asia/Shanghai",
                                                               responsible=7)) == set()
    assert pairs(item(1, "10:00", "11:00", responsible=7), item(2, "15:30", "16:00", zone="Asia/Shanghai",
                                                               responsible=7)) != set()


def test_unknown_hour_never_clashes() -> None:
    assert slot(item_id=1, visit_id=1, day=DAY, starts=None, ends=None, zone="Europe/Moscow", responsible_id=7,
                interpreter_id=None, interpreter_name="", host="") is None


@pytest.mark.parametrize(("starts", "place"), [("09:00", 0), ("10:00", 2), ("11:00", 2), ("13:00", 3), (None, 3)])
def test_new_item_stands_where_its_hour_belongs(starts: str | None, place: int) -> None:
    others = [time(10), None, time(12)]
    assert place_for(time.fromisoformat(starts) if starts else None, others) == place


def test_item_moves_one_place_and_stays_at_the_edge() -> None:
    assert moved([1, 2, 3], 2, Direction.UP) == [2, 1, 3]
    assert moved([1, 2, 3], 2, Direction.DOWN) == [1, 3, 2]
    assert moved([1, 2, 3], 1, Direction.UP) == moved([1, 2, 3], 3, Direction.DOWN) == [1, 2, 3]
