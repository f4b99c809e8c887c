"""What a traveller brings once for several borders: a passport, a digital photograph, a birth certificate.

Each border keeps an item of its own, with its own day and checks; a rule marks those of which one is enough for all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor
from workflow.base.events import record
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.visas.claims import Claims
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.passports import passport_of
from workflow.visas.reckoning import PASSPORT_ITEMS, Rulebook
from workflow.visas.rules import ENDED, ITEM_ACTS, ItemAct, ItemState

Thing = tuple[int, str, str, int | None] | int


def thing_of(item: ChecklistItem, rules: RuleSet, claims: Claims) -> Thing:
    """Give what is equal of two items when one thing serves both: the same paper of the same traveller.

    A citizen of two countries may show a passport of each: those are two things.
    """
    rule = rules.find(item.rule_id, item.rule_version) if item.rule_id and item.rule_version else None
    if rule is None or not any(one.shared for one in rule.items if one.code == item.code):
        return item.id
    shown = passport_of(item.case, claims) if item.code in PASSPORT_ITEMS else None
    return item.case.member_id, item.code, item.kind, shown.id if shown else None


def grouped(items: Iterable[ChecklistItem], rules: RuleSet, claims: Claims) -> list[list[ChecklistItem]]:
    """Put items together that one thing serves, in the order of the first of each."""
    found: dict[Thing, list[ChecklistItem]] = {}
    for item in items:
        found.setdefault(thing_of(item, rules, claims), []).append(item)
    return list(found.values())


def at_other_borders(item: ChecklistItem, cases: Iterable[VisaCase], book: Rulebook) -> list[ChecklistItem]:
    """Give the items of the same traveller's other borders, among *cases*, that the same thing serves."""
    thing = thing_of(item, book.rules, book.claims)
    if thing == item.id:
        return []
    return [
        other
        for case in cases
        if case.member_id == item.case.member_id and case.id != item.case_id and case.state not in ENDED
        for other in case.items
        if other.wanted and other.code == item.code and thing_of(other, book.rules, book.claims) == thing
    ]


def other_borders(session: Session, case: VisaCase) -> Sequence[VisaCase]:
    """Load the same traveller's further cases that go on."""
    return session.scalars(
        select(VisaCase).where(VisaCase.member_id == case.member_id, VisaCase.id != case.id,
                               VisaCase.state.not_in(ENDED))
        .options(selectinload(VisaCase.items)).order_by(VisaCase.id)
    ).all()  # fmt: skip


def also_for(session: Session, case: VisaCase, rules: RuleSet, claims: Claims) -> dict[int, list[str]]:
    """Name by the key of an item the further countries that the same thing serves."""
    elsewhere: dict[Thing, list[str]] = {}
    for other in other_borders(session, case):
        for item in other.items:
            if item.wanted:
                elsewhere.setdefault(thing_of(item, rules, claims), []).append(other.destination)
    return {item.id: elsewhere.get(thing_of(item, rules, claims), []) for item in case.items}


REACHES: dict[ItemAct, frozenset[ItemState]] = {
    ItemAct.RECEIVE: ITEM_ACTS[ItemAct.RECEIVE][0],
    ItemAct.VERIFY: ITEM_ACTS[ItemAct.VERIFY][0],
    ItemAct.REJECT: frozenset({ItemState.RECEIVED}),
}
"""Act → the states in which a thing follows it at another border. What somebody looked at there and found right stays;
doing without a thing, or asking for it again, is said of one border."""


def take_along(
    session: Session, actor: Actor, now: datetime, case: VisaCase, others: Iterable[VisaCase], book: Rulebook
) -> None:
    """Note with a checklist just made what has come already for *others*, the traveller's further borders.

    It counts as received: a person looks at it for this border.
    """
    come = {
        thing_of(item, book.rules, book.claims): item
        for other in others if other.id != case.id and other.state not in ENDED
        for item in other.items if item.wanted and item.state in (ItemState.RECEIVED, ItemState.VERIFIED)
    }  # fmt: skip
    for item in case.items if come else ():
        there = come.get(thing_of(item, book.rules, book.claims))
        if there is not None and item.wanted and item.state == ItemState.MISSING:
            hand_on(session, actor, now, there, item, ItemState.RECEIVED)


def hand_on(
    session: Session, actor: Actor, now: datetime, from_: ChecklistItem, item: ChecklistItem, to: ItemState
) -> int | None:
    """Bring an item to where the thing stands that serves it too; give the file that it no longer refers to."""
    before, replaced = item.state, None
    if item.takes_file and from_.file_id is not None and item.file_id != from_.file_id:
        replaced, item.file_id = item.file_id, from_.file_id
    item.state, item.reason = to, from_.reason if to is ItemState.REJECTED else ""
    item.acted_by, item.acted_at = actor.account_id, now
    record(session, actor, now, f"visas.item.{to.value}", subject=item, visit_id=item.case.visit_id,
           changes={"state": (before, to.value), "item": (None, item.code)}, note=item.reason,
           personal=["file"] if item.file_id else [])  # fmt: skip
    return replaced
