"""From rows to facts and back: what the rules say of a case now, and its checklist brought up to date.

Everything here is told as codes with plain parameters (item codes, days), never as personal data.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy.orm import Session

from workflow.base.clock import local_date
from workflow.knowledge.calendars import Unit, WorkingCalendar, shift, working_calendar
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.visa_checks import CHECKS, Document, Result, Verdict
from workflow.knowledge.visa_facts import Standing, Traveller, unmatched_facts
from workflow.knowledge.visa_routes import (
    Answer,
    DueDay,
    Route,
    RouteItem,
    build_route,
    routes_for,
)
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Direction, PassportType, Purpose
from workflow.office.queries import our_country, our_zone, overrides
from workflow.people.models import Passport
from workflow.visas.claims import Claim, Claims, claims_now
from workflow.visas.keeping import our_rules, pack_in_use
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.pack import pack_calendars
from workflow.visas.passports import goes_as, passport_of
from workflow.visas.rules import FINISHED, ItemState, Outcome
from workflow.visits.models import Visit

PASSPORT_ITEMS = ("passport", "minor_passport")
PURPOSES = frozenset({"official", "business", "cultural", "education", "humanitarian"})
GOES_OFF = ("petition_latest", "submit_latest")
Change = dict[str, Any]


@dataclass(frozen=True)
class Rulebook:
    """What of our office decides visas: the rules of its pack, its country and calendars, and the local day.

    `claims` are the passports that wait for a look.
    """

    rules: RuleSet
    country: str
    today: date
    calendars: Callable[..., WorkingCalendar]
    claims: Claims = field(default_factory=dict)


def rulebook(session: Session, now: datetime) -> Rulebook:
    """Give the rules and calendars that our office works by."""
    pack = pack_in_use(session)
    own, home = pack_calendars(pack), our_country(session)
    corrected = overrides(session)
    days = {key: {**own.overrides.get(key, {}), **corrected.get(key, {})} for key in {*own.overrides, *corrected}}

    @cache
    def calendars(*keys: str) -> WorkingCalendar:
        known = [key for key in keys if is_known_country(key)] or [home]
        return working_calendar(*known, overrides=days, known_years=own.known_years)

    today = local_date(now, our_zone(session))
    return Rulebook(our_rules(session), home, today, calendars, claims_now(session))


def documents_of(case: VisaCase, claims: Claims) -> dict[str, Document]:
    """Give what is known of each paper by item code, without numbers and names; the passport comes from the person."""
    return documents_with(case, passport_of(case, claims))


def documents_with(case: VisaCase, passport: Passport | Claim | None) -> dict[str, Document]:
    """Give what is known of each paper, were this the passport that the traveller shows."""
    documents = {item.code: read_document(item.document) for item in case.items if item.document}
    known = Document(blank_pages=case.blank_pages)
    if passport is not None:
        known = Document(
            issued=passport.issued_on,
            expires=passport.expires_on,
            biometric=passport.biometric,
            blank_pages=case.blank_pages,
        )
    return {**documents, **dict.fromkeys(PASSPORT_ITEMS, known)}


def facts_of(case: VisaCase, visit: Visit, book: Rulebook) -> Traveller:
    """Gather the facts of one traveller; what is not known stays unknown."""
    person = case.member.person
    citizenship, kind = goes_as(case, book.claims)
    first, last = case.stay(visit)
    return Traveller(
        direction=cast("Direction", case.direction),
        destination=case.destination,
        citizenship=citizenship,
        passport_type=cast("PassportType | None", kind),
        purpose=cast("Purpose | None", visit.visa_purpose if visit.visa_purpose in PURPOSES else None),
        first_day=first,
        last_day=last,
        entries=case.entries,
        birth_date=_day(person.birth_date),
        accompanied_by_parent=case.accompanied_by_parent,
        home=book.country,
        transit=case.transit,
        through=tuple(case.through),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def answer_for(case: VisaCase, visit: Visit, book: Rulebook) -> Answer:
    """Ask the rules about a case."""
    return routes_for(
        book.rules,
        facts_of(case, visit, book),
        book.today,
        documents=documents_of(case, book.claims),
        calendars=book.calendars,
    )


def options_of(answer: Answer) -> list[Any]:
    """Give what is stored of an answer, to see a difference later."""
    return [
        {"rule": way.rule.id, "version": way.rule.version, "standing": way.standing.value}
        for way in (*answer.routes, *answer.referred)
    ]


def chosen_route(
    case: VisaCase, visit: Visit, book: Rulebook, answer: Answer | None = None
) -> Route | None:
    """Reckon the route that was chosen, in the version chosen then; None when it is not one of our rules."""
    if case.rule_id is None or case.rule_version is None:
        return None
    rule = book.rules.find(case.rule_id, case.rule_version)
    if rule is None:
        return None
    facts = facts_of(case, visit, book)
    overlays = (answer or answer_for(case, visit, book)).overlays
    return build_route(
        rule,
        overlays,
        facts,
        book.today,
        rules=book.rules,
        documents=documents_of(case, book.claims),
        calendars=book.calendars,
    )


def still_fits(case: VisaCase, visit: Visit, book: Rulebook, route: Route) -> bool:
    """Tell whether a chosen route is still for this traveller and lasts for the whole stay."""
    missing = unmatched_facts(route.rule, facts_of(case, visit, book), book.rules.groups)
    return missing is not None and route.standing is Standing.IN_FORCE


def goes_off_on(route: Route, first_day: date | None) -> date | None:
    """Give the day on which the papers must go off: the petition, the application, or the journey itself."""
    for code in GOES_OFF:
        if code in route.milestones:
            return route.milestones[code].day
    return first_day


HAND_RESERVE = -10
"""Working days before the journey by which papers of a route entered by hand should go off: no rule says how long the
other side needs, so this is a reserve of ours that makes somebody look in time."""


def goes_off_by_hand(case: VisaCase, visit: Visit, book: Rulebook) -> date | None:
    """Give the day on which the papers of a route entered by hand must go off, by our calendar."""
    first_day, _last = case.stay(visit)
    if first_day is None or case.outcome == Outcome.VISA_FREE:
        return first_day
    return shift(first_day, HAND_RESERVE, Unit.WORKDAY, book.calendars(book.country))


def due_as_data(due: DueDay | None) -> dict[str, Any]:
    """Write down the arithmetic of a due day."""
    if due is None:
        return {}
    return {
        "anchor": due.anchor,
        "anchor_day": due.anchor_day.isoformat(),
        "offset": due.offset,
        "unit": str(due.unit),
        "rolled": due.rolled,
        "uncertain": list(due.uncertain),
    }


def verdicts_as_data(verdicts: Iterable[Verdict]) -> list[Any]:
    """Write down what the checks said."""
    return [
        {
            "rule": verdict.rule,
            "result": verdict.result.value,
            "severity": verdict.severity,
            "unverified": verdict.unverified,
            "params": {
                name: value.isoformat() if isinstance(value, date) else value for name, value in verdict.params.items()
            },
        }
        for verdict in verdicts
    ]


def failed(verdicts: Sequence[Any]) -> frozenset[str]:
    """Name the checks that failed."""
    return frozenset(one["rule"] for one in verdicts if one["result"] == Result.FAILED)


def bring_up_to_date(case: VisaCase, route: Route, visit: Visit) -> list[Change]:
    """Bring a case's checklist in line with its route; give what changed.

    Finished items stay finished unless one of their checks fails now and did not before.
    """
    changes: list[Change] = []
    have = {item.code: item for item in case.items}
    case.goes_off_on = goes_off_on(route, case.stay(visit)[0])
    for position, entry in enumerate(route.items):
        item = have.pop(entry.item.code, None)
        if item is None:
            item = _new_item(case, entry)
            changes.append({"code": "visas.change-item-added", "item": item.code})
        elif not item.wanted:
            item.wanted = True
            changes.append({"code": "visas.change-item-added", "item": item.code})
        changes.extend(_refresh(item, entry, position))
    for item in have.values():
        if item.rule_id is not None and item.wanted:
            item.wanted = False
            changes.append({"code": "visas.change-item-dropped", "item": item.code})
    return changes


def changes_foreseen(case: VisaCase, route: Route, visit: Visit) -> list[Change]:
    """Say what `bring_up_to_date` would change, changing nothing."""
    changes: list[Change] = []
    new_day = goes_off_on(route, case.stay(visit)[0])
    if case.goes_off_on not in (None, new_day) and route.rule.outcome != Outcome.VISA_FREE.value:
        changes.append({"code": "visas.change-goes-off", "old": _iso(case.goes_off_on), "new": _iso(new_day)})
    have = {item.code: item for item in case.items}
    for entry in route.items:
        item, due = have.pop(entry.item.code, None), entry.due.day if entry.due else None
        if item is None or not item.wanted:
            changes.append({"code": "visas.change-item-added", "item": entry.item.code})
            continue
        if item.due_on not in (None, due) and item.state not in FINISHED:
            changes.append({"code": "visas.change-item-due", "item": item.code, "old": _iso(item.due_on),
                            "new": _iso(due)})  # fmt: skip
        if failed(verdicts_as_data(entry.verdicts)) - failed(item.verdicts or []):
            changes.append({"code": "visas.change-item-doubtful", "item": item.code})
    changes += [{"code": "visas.change-item-dropped", "item": item.code} for item in have.values()
                if item.rule_id is not None and item.wanted]  # fmt: skip
    return changes


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _new_item(case: VisaCase, entry: RouteItem) -> ChecklistItem:
    source = entry.item
    item = ChecklistItem(
        code=source.code,
        title_ru=source.title.ru,
        title_en=source.title.en,
        kind=source.kind,
        scope=source.scope,
        required=source.required,
        flag_only=source.store == "flag_only",
        wanted=True,
        state=ItemState.MISSING,
        reason="",
        document={},
        verdicts=[],
        questions=[],
        due={},
        due_calendars=[],
    )
    case.items.append(item)
    return item


def _refresh(item: ChecklistItem, entry: RouteItem, position: int) -> list[Change]:
    changes: list[Change] = []
    source, due = entry.item, entry.due
    _put(
        item, title_ru=source.title.ru, title_en=source.title.en, required=source.required, kind=source.kind,
        scope=source.scope, flag_only=source.store == "flag_only", rule_id=entry.rule.id,
        rule_version=entry.rule.version, position=position, basis=due.basis if due else "internal",
    )  # fmt: skip
    new_day = due.day if due else None
    if item.due_on != new_day:
        if item.due_on is not None and item.state not in FINISHED:
            was, now_ = item.due_on.isoformat(), new_day.isoformat() if new_day else None
            changes.append({"code": "visas.change-item-due", "item": item.code, "old": was, "new": now_})
        item.due_on = new_day
    _put(item, due=due_as_data(due), due_calendars=list(due.calendar.keys) if due else [],
         questions=sorted(entry.questions))  # fmt: skip
    verdicts = verdicts_as_data(entry.verdicts)
    fresh = failed(verdicts) - failed(item.verdicts or [])
    blocking = fresh & failed([one for one in verdicts if one["severity"] == "block" and not one["unverified"]])
    told = {_reason_of(rule) for rule in failed(verdicts)}
    if item.state == ItemState.REJECTED and item.reason in _BY_CHECK and item.reason not in told:
        item.state, item.reason = ItemState.RECEIVED, ""
        changes.append({"code": "visas.change-item-right", "item": item.code})
    if blocking and item.state in (ItemState.VERIFIED, ItemState.RECEIVED):
        item.state, item.reason = ItemState.REJECTED, _reason_of(min(blocking))
        changes.append({"code": "visas.change-item-failed", "item": item.code})
    elif fresh:
        changes.append({"code": "visas.change-item-doubtful", "item": item.code})
    _put(item, verdicts=verdicts)
    return changes


def _reason_of(rule: str) -> str:
    """Name the reason for which a check sends a thing back."""
    return "visas.check-" + rule.replace("_", "-")


_BY_CHECK = frozenset(map(_reason_of, CHECKS))
"""Reasons that no person gave: with the check, they fall away again."""


def _put(item: ChecklistItem, **values: Any) -> None:
    """Set what differs only: a delegation has thousands of items, and each touched one is looked at by the flush."""
    for name, value in values.items():
        if getattr(item, name) != value:
            setattr(item, name, value)


def read_document(data: dict[str, Any]) -> Document:
    """Read back what was written down of a document."""
    return Document(
        issued=_day(data.get("issued")),
        expires=_day(data.get("expires")),
        covers_from=_day(data.get("covers_from")),
        covers_to=_day(data.get("covers_to")),
        amount=data.get("amount"),
        currency=data.get("currency"),
        names_all_destinations=data.get("names_all_destinations"),
        names_escort=data.get("names_escort"),
    )
