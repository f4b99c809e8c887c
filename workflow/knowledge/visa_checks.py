"""The checks a rule may ask of a document: a closed list, each judged passed, failed or not known yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflow.knowledge.calendars import Unit, WorkingCalendar, shift
from workflow.knowledge.visa_rules import (
    BiometricRequired,
    BlankPages,
    Check,
    CoversStay,
    ExpiresAfter,
    IssuedWithin,
    MinAmount,
    NamesAllDestinations,
    NamesEscort,
    Severity,
)


class Result(StrEnum):
    """What a check says."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a paper; None is not known. It holds no numbers and no names."""

    issued: date | None = None
    expires: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    biometric: bool | None = None
    blank_pages: int | None = None
    amount: int | None = None
    currency: str | None = None
    names_all_destinations: bool | None = None
    names_escort: bool | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The journey that a document is judged against."""

    anchors: Mapping[str, date | None]
    destination: str | None
    calendar: WorkingCalendar
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check judged; the parameters are what a person needs to understand it."""

    rule: str
    result: Result
    severity: Severity
    unverified: bool
    params: Mapping[str, str | int | date] = field(default_factory=dict, hash=False)


Answer = tuple[bool | None, Mapping[str, str | int | date]]


def judge(check: Check, document: Document, context: CheckContext) -> Verdict:
    """Judge one check of a rule on one document."""
    passes, params = _JUDGES[check.rule](check, document, context)
    result = Result.UNKNOWN if passes is None else Result.PASSED if passes else Result.FAILED
    return Verdict(check.rule, result, check.severity, check.basis == "unverified", params)


def _limit(context: CheckContext, anchor: str, offset: int, unit: Unit) -> date | None:
    day = context.anchors.get(anchor)
    return None if day is None else shift(day, offset, unit, context.calendar)


def _expires_after(check: ExpiresAfter, document: Document, context: CheckContext) -> Answer:
    limit = _limit(context, check.anchor, check.offset, check.unit)
    if limit is None:
        return None, {}
    if document.expires is None:
        return None, {"limit": limit}
    return document.expires > limit, {"limit": limit, "expires": document.expires}


def _issued_within(check: IssuedWithin, document: Document, context: CheckContext) -> Answer:
    limit = _limit(context, check.anchor, check.offset, check.unit)
    if limit is None:
        return None, {}
    if document.issued is None:
        return None, {"limit": limit}
    return document.issued >= limit, {"limit": limit, "issued": document.issued}


def _blank_pages(check: BlankPages, document: Document, _context: CheckContext) -> Answer:
    if document.blank_pages is None:
        return None, {"min": check.min}
    return document.blank_pages >= check.min, {"min": check.min, "pages": document.blank_pages}


def _biometric_required(check: BiometricRequired, document: Document, context: CheckContext) -> Answer:
    if context.destination is None:
        return None, {}
    first = context.anchors.get("arrival")
    for country in (context.destination, *context.through):
        since = check.since.get(country)
        if country in check.where and (since is None or first is None or first >= since):
            return document.biometric, {"country": country}
    return True, {}


def _covers_stay(_check: CoversStay, document: Document, context: CheckContext) -> Answer:
    first, last = context.anchors.get("arrival"), context.anchors.get("return")
    starts, ends = document.covers_from or document.issued, document.covers_to or document.expires
    if first is None or last is None:
        return None, {}
    if (starts is not None and starts > first) or (ends is not None and ends < last):
        return False, {"first": first, "last": last}
    if starts is None or ends is None:
        return None, {"first": first, "last": last}
    return True, {"first": first, "last": last}


def _min_amount(check: MinAmount, document: Document, _context: CheckContext) -> Answer:
    asked: dict[str, str | int | date] = {"amount": check.amount, "currency": check.currency}
    if document.amount is None or document.currency != check.currency:
        return None, asked
    return document.amount >= check.amount, {**asked, "insured": document.amount}


def _names_all_destinations(_c: NamesAllDestinations, document: Document, _context: CheckContext) -> Answer:
    return document.names_all_destinations, {}


def _names_escort(_check: NamesEscort, document: Document, _context: CheckContext) -> Answer:
    return document.names_escort, {}


_JUDGES: Mapping[str, Callable[..., Answer]] = {
    "expires_after": _expires_after,
    "issued_within": _issued_within,
    "blank_pages": _blank_pages,
    "biometric_required": _biometric_required,
    "covers_stay": _covers_stay,
    "min_amount": _min_amount,
    "names_all_destinations": _names_all_destinations,
    "names_escort": _names_escort,
}
CHECKS = frozenset(_JUDGES)
"""Every check that a rule may ask for."""
