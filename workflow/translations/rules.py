"""What may be done with an assignment: one table, state and verb, and who may use which verb.

The table answers every pair: the state that follows, or the code of the sentence that says why not.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

PAGE = 1800
"""Printed characters, spaces included, of one page by Russian practice (decree 1240 of 01.12.2012, item 20)."""

LANGUAGES = ("ru", "en", "zh", "fr", "de", "es", "it", "tr", "bg", "sr", "el", "ar", "hy", "az", "ka", "kk", "be", "uk",
             "ro", "hu", "pl", "cs", "sl", "fa", "ja", "ko", "pt", "vi", "mn", "uz", "tg", "ky", "tk", "os", "ce", "ab")
"""Languages that can be chosen, those of the department's partners first."""

MAX_CHARACTERS = 5_000_000


class AssignmentState(StrEnum):
    """Where an assignment stands.

    `accepted`: a second person (or, lacking one, a manager) has answered for the text. `released`: it was handed over
    to the one who uses it.
    """

    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    RELEASED = "released"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What a person does with an assignment. `give-back`: the translator lets go of it and it is open again."""

    EDIT = "edit"
    PUBLISH = "publish"
    CLAIM = "claim"
    GIVE_BACK = "give-back"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    RELEASE = "release"
    CANCEL = "cancel"


class Purpose(StrEnum):
    """What the translation is for."""

    INFORMATION = "information"
    LETTER = "letter"
    SPEECH = "speech"
    PRESENTATION = "presentation"
    AGREEMENT = "agreement"
    CERTIFICATE = "certificate"
    PUBLICATION = "publication"


class CountMethod(StrEnum):
    """How the volume is known."""

    COUNTED = "counted"
    TYPED = "typed"


_S, _V = AssignmentState, Verb

LIVE = (_S.OPEN, _S.CLAIMED, _S.SUBMITTED, _S.RETURNED)
UNSETTLED = (_S.DRAFT, *LIVE)
"""States in which the work is still to be done."""
HELD = (_S.CLAIMED, _S.SUBMITTED, _S.RETURNED)
"""States in which a translator has the text."""

_STEPS: Mapping[tuple[AssignmentState, Verb], AssignmentState] = {
    (_S.DRAFT, _V.EDIT): _S.DRAFT,
    (_S.OPEN, _V.EDIT): _S.OPEN,
    (_S.DRAFT, _V.PUBLISH): _S.OPEN,
    (_S.OPEN, _V.CLAIM): _S.CLAIMED,
    (_S.CLAIMED, _V.GIVE_BACK): _S.OPEN,
    (_S.RETURNED, _V.GIVE_BACK): _S.OPEN,
    (_S.CLAIMED, _V.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _V.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _V.RETURN): _S.RETURNED,
    (_S.SUBMITTED, _V.ACCEPT): _S.ACCEPTED,
    (_S.ACCEPTED, _V.RELEASE): _S.RELEASED,
    (_S.DRAFT, _V.CANCEL): _S.CANCELLED,
    (_S.OPEN, _V.CANCEL): _S.CANCELLED,
    (_S.CLAIMED, _V.CANCEL): _S.CANCELLED,
    (_S.SUBMITTED, _V.CANCEL): _S.CANCELLED,
    (_S.RETURNED, _V.CANCEL): _S.CANCELLED,
}

ANSWERS: Mapping[tuple[AssignmentState, Verb], AssignmentState | str] = {
    (state, verb): _STEPS.get(
        (state, verb),
        "translations.already-claimed" if verb is Verb.CLAIM and state in HELD else f"translations.is-{state.value}",
    )
    for state in AssignmentState
    for verb in Verb
}
"""Each state × verb pair → the next state, or the code that says why not."""


def answer(state: AssignmentState, verb: Verb) -> AssignmentState | str:
    """Give the state that follows, or the code of the refusal."""
    return ANSWERS[state, verb]


def sources(verb: Verb) -> tuple[AssignmentState, ...]:
    """Give the states from which a verb may be used."""
    return tuple(state for state in AssignmentState if (state, verb) in _STEPS)


@dataclass(frozen=True)
class Standing:
    """How an actor stands to one assignment."""

    orders: bool = False
    manages: bool = False
    takes: bool = False
    fits: bool = False
    translator: bool = False
    reviser: bool = False


def refusal(verb: Verb, standing: Standing) -> str | None:
    """Say why this person may not use a verb, whatever the state; None when they may."""
    match verb:
        case Verb.EDIT | Verb.PUBLISH | Verb.CANCEL | Verb.RELEASE:
            return None if standing.orders else "base.forbidden"
        case Verb.CLAIM:
            if not standing.takes:
                return "base.forbidden"
            if not standing.fits:
                return "translations.not-your-languages"
            return "translations.you-revise" if standing.reviser else None
        case Verb.GIVE_BACK:
            return None if standing.translator or standing.orders else "translations.not-yours"
        case Verb.SUBMIT:
            return None if standing.translator else "translations.not-yours"
        case Verb.RETURN | Verb.ACCEPT:
            if standing.translator:
                return "translations.own-work"
            return None if standing.orders or standing.reviser else "base.forbidden"


def allowed(state: AssignmentState, standing: Standing) -> tuple[Verb, ...]:
    """Give the verbs that would succeed now; pages and the interface both show these and no others."""
    return tuple(verb for verb in Verb if (state, verb) in _STEPS and refusal(verb, standing) is None)


def may_read_files(state: AssignmentState, standing: Standing) -> bool:
    """Say whether the source may be downloaded, by the present state alone: lost at once when work is given back."""
    if standing.orders:
        return True
    if state is AssignmentState.OPEN:
        return standing.takes and standing.fits
    if state in (AssignmentState.DRAFT, AssignmentState.CANCELLED):
        return False
    return standing.translator or (standing.reviser and state is not AssignmentState.CLAIMED)


def fits(pairs: Collection[tuple[str, str]], source: str, target: str) -> bool:
    """Say whether a translator with these pairs works from *source* into *target*; no pairs at all means every pair."""
    return not pairs or (source, target) in pairs


def pages(characters: int | None) -> float | None:
    """Give the volume in pages of 1800 characters, rounded up to a tenth."""
    return None if characters is None else math.ceil(characters * 10 / PAGE) / 10


_NUMBER_OF_A_PASSPORT = re.compile(
    r"(?<![\w/.-])(?:[A-ZА-Я]{1,2}[ №-]?\d{6,9}|\d{2} ?\d{2} ?(?:№ ?)?\d{6}|\d{2} ?№? ?\d{7})(?![\w/])"
)


def looks_like_a_passport(text: str) -> bool:
    """Say whether a text seems to hold a passport number: seven digits and more with or without a series."""
    return _NUMBER_OF_A_PASSPORT.search(text) is not None


@dataclass(frozen=True)
class Order:
    """What an assignment says, as far as it is filled in."""

    title: str
    source_language: str
    target_language: str
    characters: int | None
    purpose: str
    has_due: bool
    text_user: str
    names: str
    has_file: bool


def missing(order: Order) -> tuple[str, ...]:
    """Give the fields without which an assignment does not open."""
    wanted = {
        "source_file": order.has_file,
        "source_language": bool(order.source_language),
        "target_language": bool(order.target_language),
        "characters": bool(order.characters),
        "purpose": bool(order.purpose),
        "due_at": order.has_due,
        "text_user": bool(order.text_user.strip()),
        "names": bool(order.names.strip()),
    }
    return tuple(name for name, there in wanted.items() if not there)
