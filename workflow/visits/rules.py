"""States and pure decisions about requests, visits and members."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, get_args

from workflow.knowledge.countries import is_known_country
from workflow.knowledge.visa_rules import Purpose
from workflow.knowledge.zones import is_zone

VISA_PURPOSES = frozenset(get_args(Purpose))


class Direction(StrEnum):
    """Which way people travel."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    ONLINE = "online"
    HOSTED = "hosted"


USUAL_PROCESS = {Direction.INCOMING: "incoming", Direction.OUTGOING: "outgoing", Direction.ONLINE: "online-meeting",
                 Direction.HOSTED: "incoming"}
"""Which process a request goes by where nobody named one."""


class RequestState(StrEnum):
    """Where a request stands."""

    SUBMITTED = "submitted"
    MORE_ASKED = "more_asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RequestSource(StrEnum):
    """How a request reached us."""

    LETTER = "letter"
    PUBLIC_FORM = "public_form"
    API = "api"
    OURSELVES = "ourselves"


class BasisKind(StrEnum):
    """Why a visit happens."""

    INVITATION = "invitation"
    AGREEMENT = "agreement"
    PLAN = "plan"
    ASSOCIATION = "association"
    REQUEST = "request"


THEIR_LETTER = frozenset({BasisKind.REQUEST, BasisKind.INVITATION})
"""The kinds of basis that are a letter of theirs: its number is what ours answers to."""


class Standing(StrEnum):
    """Whether a visit is going on at all; its stage says how far it has come."""

    LIVE = "live"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class MemberState(StrEnum):
    """Where one person's part in a delegation stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REMOVED = "removed"


class Capacity(StrEnum):
    """In what capacity somebody sees a visit."""

    STAFF = "staff"
    RESPONSIBLE = "responsible"
    SUBSTITUTE = "substitute"
    TRANSLATOR = "translator"
    INTERPRETER = "interpreter"
    OBSERVER = "observer"


LIVE_MEMBER = frozenset({MemberState.PROPOSED, MemberState.CONFIRMED})
OPEN_REQUEST = frozenset({RequestState.SUBMITTED, RequestState.MORE_ASKED})


class RequestAct(StrEnum):
    """What can be done with a request."""

    ASK_MORE = "ask_more"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


REQUEST_ACTS: dict[RequestAct, tuple[frozenset[RequestState], RequestState | None]] = {
    RequestAct.ASK_MORE: (frozenset({RequestState.SUBMITTED}), RequestState.MORE_ASKED),
    RequestAct.ANSWER: (frozenset({RequestState.MORE_ASKED}), RequestState.SUBMITTED),
    RequestAct.ACCEPT: (OPEN_REQUEST, RequestState.ACCEPTED),
    RequestAct.DECLINE: (OPEN_REQUEST, RequestState.DECLINED),
    RequestAct.WITHDRAW: (OPEN_REQUEST, RequestState.WITHDRAWN),
    RequestAct.CORRECT: (OPEN_REQUEST, None),
}


def request_acts(state: RequestState) -> list[RequestAct]:
    """List what can be done with a request in *state*."""
    return [act for act, (from_, _to) in REQUEST_ACTS.items() if state in from_]


@dataclass(frozen=True)
class Dates:
    """The first and last local day of a visit; both or neither."""

    arrival: date | None
    departure: date | None

    @property
    def problem(self) -> str | None:
        """The code of what is wrong with the dates, if anything."""
        if (self.arrival is None) != (self.departure is None):
            return "visits.dates-incomplete"
        if any(day and not EARLIEST_YEAR <= day.year <= LATEST_YEAR for day in (self.arrival, self.departure)):
            return "base.out-of-range"
        if self.arrival and self.departure and self.departure < self.arrival:
            return "visits.dates-swapped"
        if self.arrival and self.departure and (self.departure - self.arrival).days > LONGEST_DAYS:
            return "visits.dates-too-long"
        return None

    @property
    def faulty(self) -> str:
        """Which of the two days a problem belongs to: "arrival" when it is missing or no year of ours."""
        wrong = self.arrival is None or not EARLIEST_YEAR <= self.arrival.year <= LATEST_YEAR
        return "arrival" if wrong else "departure"


LONGEST_DAYS = 366
"""No visit lasts longer; queries of a span of days lean on it."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
"""Outside of these a day is a slip, and working days around it cannot be counted."""


def crosses_border(direction: Direction, *, our_country: str, other_country: str) -> bool:
    """Say whether people cross a border: within one country and online they do not."""
    if direction is Direction.ONLINE:
        return False
    return bool(other_country) and other_country != our_country


def unknown_choices(values: Mapping[str, Any]) -> list[str]:
    """Name the fields of a visit or request that hold none of the values that are offered: country, zone, purpose."""
    known = {"country": lambda code: not code or is_known_country(code), "zone": is_zone,
             "visa_purpose": VISA_PURPOSES.__contains__}
    return [name for name, is_known in known.items() if name in values and not is_known(values[name])]
