"""Two who merge, part or write at the same moment, on real connections: nothing is lost, and one of them is told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.process.test_races import at_once
from tests.servers import both_databases
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.people.merging import merge_persons, undo_merge
from workflow.people.models import Passport, Person, PersonMerge
from workflow.people.service import PassportData, add_passport, correct_person
from workflow.visits.delegation import add_member
from workflow.visits.models import Member, Visit

pytestmark = pytest.mark.slow  # every address, or many attempts of a race

Act = Callable[[Session], object]


class Registry:
    """Entries of people, each in a visit and with a passport of their own, and acts on them."""

    def __init__(self, session: Session, make: Any, now: datetime, actor: Actor) -> None:
        self.session, self.make, self.now, self.actor = session, make, now, actor

    def entry(self, number: int) -> int:
        """Enter somebody and give the key."""
        person = self.make.person(latin_family="SHCHERBAKOV", latin_given="IURII", sex="male")
        add_passport(self.session, SYSTEM, self.now, person, PassportData("RU", f"S000000{number}"))
        self.make.member(self.make.visit(), person)
        self.session.rollback()
        return int(person.id)

    def merge(self, survivor: int, merged: int) -> Act:
        """Let one go into the other."""
        return lambda own: merge_persons(own, self.actor, self.now, own.get_one(Person, survivor),
                                         own.get_one(Person, merged), {})  # fmt: skip

    def merged(self, survivor: int, merged: int) -> int:
        """Merge now and give the act's key."""
        act = self.merge(survivor, merged)(self.session)
        assert isinstance(act, PersonMerge)
        commit(self.session)
        key = int(act.id)
        self.session.rollback()
        return key

    def part(self, act: int) -> Act:
        """Take a merge back."""
        return lambda own: undo_merge(own, self.actor, self.now, own.get_one(PersonMerge, act))

    def lost(self) -> tuple[int, int]:
        """Count members and passports that belong to an entry that was merged into another."""
        self.session.rollback()
        gone = select(Person.id).where(Person.merged_into_id.is_not(None))
        return tuple(  # type: ignore[return-value]
            self.session.scalar(select(func.count(row.id)).where(row.person_id.in_(gone))) for row in (Member, Passport)
        )

    def whole(self, person: int) -> tuple[int, int]:
        """Count an entry's memberships and passports."""
        self.session.rollback()
        return tuple(  # type: ignore[return-value]
            self.session.scalar(select(func.count(row.id)).where(row.person_id == person)) for row in (Member, Passport)
        )


@pytest.fixture
def registry(session: Session, make: Any, now: datetime) -> Registry:
    """An officer over entries of people."""
    return Registry(session, make, now, make.actor(Role.COORDINATOR))


@both_databases
def test_two_entries_merged_into_each_other_at_once_merge_one_way(settings: Settings, registry: Registry) -> None:
    one, two = registry.entry(1), registry.entry(2)
    assert at_once(settings, registry.merge(one, two), registry.merge(two, one)) == ["done", "people.already-merged"]
    assert registry.lost() == (0, 0)
    assert sorted([registry.whole(one), registry.whole(two)]) == [(0, 0), (2, 2)]


@both_databases
def test_button_pressed_by_four_at_once_merges_once(settings: Settings, registry: Registry) -> None:
    one, two = registry.entry(1), registry.entry(2)
    answers = at_once(settings, *[registry.merge(one, two) for _ in range(4)])
    assert answers == ["done", *["people.already-merged"] * 3]
    assert registry.session.scalar(select(func.count(PersonMerge.id))) == 1
    assert registry.whole(one) == (2, 2)


@both_databases
def test_chain_merged_at_once_loses_nobody(settings: Settings, registry: Registry) -> None:
    one, two, three = registry.entry(1), registry.entry(2), registry.entry(3)
    answers = at_once(settings, registry.merge(two, one), registry.merge(three, two))
    assert set(answers) <= {"done", "people.already-merged"}
    assert "done" in answers
    assert registry.lost() == (0, 0)
    leads = {registry.session.scalar(select(Person.merged_into_id).where(Person.id == key)) for key in (one, two)}
    assert leads <= {None, two, three}


@both_databases
@pytest.mark.parametrize("attempt", range(3))
def test_what_is_written_while_entries_merge_goes_to_the_one_who_stays(
    settings: Settings, registry: Registry, make: Any, attempt: int
) -> None:
    one, two = registry.entry(1), registry.entry(2)
    visit = int(make.visit().id)
    registry.session.rollback()
    answers = at_once(
        settings, registry.merge(one, two),
        lambda own: add_member(own, SYSTEM, registry.now, own.get_one(Visit, visit), own.get_one(Person, two), {}),
        lambda own: add_passport(own, SYSTEM, registry.now, own.get_one(Person, two), PassportData("RU", "S7777777")),
    )
    assert answers == ["done"] * 3
    assert registry.lost() == (0, 0)
    assert registry.whole(one) == (3, 3)


@both_databases
def test_merge_taken_back_twice_at_once_is_taken_back_once(settings: Settings, registry: Registry) -> None:
    one, two = registry.entry(1), registry.entry(2)
    act = registry.merged(one, two)
    assert at_once(settings, *[registry.part(act)] * 3) == ["done", *["people.merge-undone-already"] * 2]
    assert [registry.whole(one), registry.whole(two)] == [(1, 1), (1, 1)]


@both_databases
@pytest.mark.parametrize("attempt", range(3))
def test_merge_taken_back_while_its_survivor_goes_on_is_whole_either_way(
    settings: Settings, registry: Registry, attempt: int
) -> None:
    one, two, three = registry.entry(1), registry.entry(2), registry.entry(3)
    act = registry.merged(two, one)
    answers = at_once(settings, registry.part(act), registry.merge(three, two))
    assert answers in (["done", "done"], ["done", "people.merge-undone-already"])
    assert registry.lost() == (0, 0)
    assert registry.whole(three) == ((2, 2) if answers[1] == "done" else (3, 3))


@both_databases
def test_card_corrected_while_its_entry_is_merged_loses_neither_or_says_so(
    settings: Settings, registry: Registry
) -> None:
    one, two = registry.entry(1), registry.entry(2)
    answers = at_once(settings, registry.merge(one, two), lambda own: correct_person(
        own, SYSTEM, registry.now, own.get_one(Person, two), {"post_en": "Mayor"}))
    assert "done" in answers
    assert set(answers) <= {"done", "base.stale"}
    registry.session.expire_all()
    kept = registry.session.get_one(Person, one).post_en
    gone = registry.session.get_one(Person, two)
    assert (kept or gone.post_en) in ("Mayor", "")
    assert registry.lost() == (0, 0)


def test_passport_of_an_entry_that_was_merged_goes_to_the_one_who_stays(registry: Registry) -> None:
    one, two = registry.entry(1), registry.entry(2)
    registry.merged(one, two)
    stale = registry.session.get_one(Person, two)
    add_passport(registry.session, SYSTEM, registry.now, stale,
                 PassportData("RU", "S7777777", expires_on=date(2031, 1, 1)))
    commit(registry.session)
    assert registry.whole(one) == (2, 3)
