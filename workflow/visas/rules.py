"""The states of a visa case and of a checklist item, and what may be done in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CaseState(StrEnum):
    """Where one traveller's way through one border stands."""

    TO_CHOOSE = "to_choose"
    ASKED = "asked"
    COLLECTING = "collecting"
    CHECKED = "checked"
    FILED = "filed"
    INVITATION_ISSUED = "invitation_issued"
    APPLIED = "applied"
    ISSUED = "issued"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    """Where one thing to be brought stands."""

    MISSING = "missing"
    RECEIVED = "received"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WAIVED = "waived"


class Outcome(StrEnum):
    """What regime a route gives."""

    VISA_REQUIRED = "visa_required"
    VISA_FREE = "visa_free"
    EVISA = "evisa"


class Entries(StrEnum):
    """How often a border is crossed inwards, from the least to the most."""

    SINGLE = "single"
    DOUBLE = "double"
    MULTIPLE = "multiple"


class Holder(StrEnum):
    """Who has the case in hand, so that somebody knows whom to ring up."""

    US = "us"
    GUEST = "guest"
    PARTNER = "partner"
    ASSOCIATION = "association"
    AUTHORITY = "authority"
    CONSULATE = "consulate"


class CaseAct(StrEnum):
    """What a person does with a case."""

    CHOOSE = "choose"
    ENTER_BY_HAND = "enter_by_hand"
    NOT_NEEDED = "not_needed"
    CHECK = "check"
    FILE = "file"
    INVITATION = "invitation"
    APPLY = "apply"
    ISSUE = "issue"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class ItemAct(StrEnum):
    """What a person does with an item."""

    RECEIVE = "receive"
    VERIFY = "verify"
    REJECT = "reject"
    WAIVE = "waive"
    REOPEN = "reopen"


_S = CaseState
_OPEN = frozenset({_S.TO_CHOOSE, _S.ASKED, _S.COLLECTING, _S.CHECKED})
_SENT = frozenset({_S.FILED, _S.INVITATION_ISSUED, _S.APPLIED})
LIVE = _OPEN | _SENT
UNCHOSEN = frozenset({_S.TO_CHOOSE, _S.ASKED})
ENDED = frozenset({_S.NOT_NEEDED, _S.WITHDRAWN})
BRINGS = frozenset({*LIVE, _S.ISSUED})
"""States of a case in which its things are still brought: not once no visa is needed, or it was refused."""

CASE_ACTS: dict[CaseAct, tuple[frozenset[CaseState], CaseState]] = {
    CaseAct.CHOOSE: (_OPEN | {_S.REFUSED}, _S.COLLECTING),
    CaseAct.ENTER_BY_HAND: (_OPEN | {_S.REFUSED}, _S.COLLECTING),
    CaseAct.NOT_NEEDED: (_OPEN | {_S.REFUSED}, _S.NOT_NEEDED),
    CaseAct.CHECK: (frozenset({_S.COLLECTING}), _S.CHECKED),
    CaseAct.FILE: (frozenset({_S.COLLECTING, _S.CHECKED}), _S.FILED),
    CaseAct.INVITATION: (frozenset({_S.FILED}), _S.INVITATION_ISSUED),
    CaseAct.APPLY: (frozenset({_S.COLLECTING, _S.CHECKED, _S.INVITATION_ISSUED}), _S.APPLIED),
    CaseAct.ISSUE: (_SENT, _S.ISSUED),
    CaseAct.REFUSE: (_SENT, _S.REFUSED),
    CaseAct.WITHDRAW: (LIVE | {_S.REFUSED, _S.ISSUED, _S.NOT_NEEDED}, _S.WITHDRAWN),
    CaseAct.REOPEN: (frozenset({_S.NOT_NEEDED, _S.REFUSED, _S.WITHDRAWN, _S.ISSUED}), _S.TO_CHOOSE),
}
"""Act → the states that it may be done in, and the state that follows."""

HOLDER_AFTER: dict[CaseAct, Holder] = {
    CaseAct.CHOOSE: Holder.GUEST,
    CaseAct.ENTER_BY_HAND: Holder.GUEST,
    CaseAct.CHECK: Holder.US,
    CaseAct.FILE: Holder.AUTHORITY,
    CaseAct.INVITATION: Holder.GUEST,
    CaseAct.APPLY: Holder.CONSULATE,
}
"""Act → who has the case then; after any other act it is with us. A person may say otherwise at any time."""

_NO_VISA = frozenset({CaseAct.FILE, CaseAct.INVITATION, CaseAct.APPLY, CaseAct.ISSUE, CaseAct.REFUSE})
_BY_OUTCOME: dict[tuple[str, str], frozenset[CaseAct]] = {
    (Outcome.VISA_FREE, "inbound"): _NO_VISA,
    (Outcome.VISA_FREE, "outbound"): _NO_VISA,
    (Outcome.EVISA, "inbound"): frozenset({CaseAct.INVITATION, CaseAct.APPLY}),
    (Outcome.EVISA, "outbound"): frozenset({CaseAct.INVITATION, CaseAct.APPLY}),
    (Outcome.VISA_REQUIRED, "outbound"): frozenset({CaseAct.FILE, CaseAct.INVITATION}),
}

ITEM_ACTS: dict[ItemAct, tuple[frozenset[ItemState], ItemState]] = {
    ItemAct.RECEIVE: (frozenset({ItemState.MISSING, ItemState.REJECTED, ItemState.RECEIVED}), ItemState.RECEIVED),
    ItemAct.VERIFY: (frozenset({ItemState.MISSING, ItemState.RECEIVED, ItemState.REJECTED}), ItemState.VERIFIED),
    ItemAct.REJECT: (frozenset({ItemState.RECEIVED, ItemState.VERIFIED}), ItemState.REJECTED),
    ItemAct.WAIVE: (
        frozenset({ItemState.MISSING, ItemState.RECEIVED, ItemState.REJECTED}),
        ItemState.WAIVED,
    ),
    ItemAct.REOPEN: (frozenset({ItemState.VERIFIED, ItemState.WAIVED}), ItemState.MISSING),
}
FINISHED = frozenset({ItemState.VERIFIED, ItemState.WAIVED})
HERE = FINISHED | {ItemState.RECEIVED}
"""States in which a thing is no longer asked of the traveller."""


def case_acts(state: str, *, outcome: str | None, direction: str, by_hand: bool) -> list[CaseAct]:
    """List what may be done with a case; a route entered by hand knows every step, for we do not know it."""
    current = CaseState(state)
    unused = frozenset() if by_hand else _BY_OUTCOME.get((outcome or "", direction), frozenset())
    return [act for act, (from_, _) in CASE_ACTS.items() if current in from_ and act not in unused]


def item_acts(state: str) -> list[ItemAct]:
    """List what may be done with an item."""
    return [act for act, (from_, _) in ITEM_ACTS.items() if ItemState(state) in from_]


def holder_after(act: CaseAct) -> Holder:
    """Say who has a case in hand after an act: papers wait for the guest, an application for whoever decides it."""
    return HOLDER_AFTER.get(act, Holder.US)


def slack_days(goes_off_on: date | None, today: date, *, state: str) -> int | None:
    """Count the calendar days left until the papers must go off; negative when they should have gone.

    None when they have gone, need not go, or the day is not known.
    """
    if goes_off_on is None or CaseState(state) not in _OPEN:
        return None
    return (goes_off_on - today).days


def is_settled(state: str, outcome: str | None) -> bool:
    """Tell whether nothing of the case keeps the traveller at home.

    A visa is issued, none is needed, or the papers of a visa-free entry are checked.
    """
    if state in (CaseState.ISSUED, CaseState.NOT_NEEDED, CaseState.WITHDRAWN):
        return True
    return state == CaseState.CHECKED and outcome == Outcome.VISA_FREE


def crosses_which_border(
    *, direction: str, country: str, our_country: str, citizenships: Iterable[str]
) -> tuple[str, str] | None:
    """Give the direction and destination of a member's border crossing, or None where there is none.

    Nobody crosses a border online, within one country, or into a country of which he is a citizen. An incoming
    visit whose country is not said has a border only for those known to be foreigners.
    """
    own = frozenset(citizenships)
    if direction == "outgoing":
        foreign = bool(country) and country != our_country
        return ("outbound", country) if foreign and country not in own else None
    if direction not in ("incoming", "hosted") or our_country in own or country == our_country:
        return None
    return ("inbound", our_country) if country or own else None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What decides whether an item must be there before the papers go off."""

    required: bool
    wanted: bool
    state: str
    due_on: date | None


def keeps_from_check(item: ItemFacts, *, goes_off_on: date | None) -> bool:
    """Tell whether an open item keeps a case from being checked.

    What falls due after the papers go off (the visa itself, registration after arrival) does not.
    """
    if not item.required or not item.wanted or item.state in FINISHED:
        return False
    return item.due_on is None or goes_off_on is None or item.due_on <= goes_off_on
