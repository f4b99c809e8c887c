"""The life of a paper: states, acts, and the one answer that each pair has."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class PaperState(StrEnum):
    """Where a paper stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SIGNED = "signed"
    SENT = "sent"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class PaperAct(StrEnum):
    """What a person does with a paper."""

    EDIT = "edit"
    REDRAFT = "redraft"
    ADD_LANGUAGE = "add_language"
    DELETE = "delete"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    CHECK = "check"
    RETURN = "return"
    APPROVE = "approve"
    NUMBER = "number"
    SIGN = "sign"
    SIGN_ELECTRONICALLY = "sign_electronically"
    ADD_SCAN = "add_scan"
    SEND = "send"
    SUPERSEDE = "supersede"
    REVOKE = "revoke"


class NumberSource(StrEnum):
    """Where a paper's number comes from."""

    NONE = ""
    OWN = "own"
    TYPED = "typed"


class CheckDecision(StrEnum):
    """What a checker said of a paper."""

    OPEN = ""
    AGREED = "agreed"
    REMARKED = "remarked"
    REFUSED = "refused"


class Standing(StrEnum):
    """What became of a number."""

    GIVEN = "given"
    SIGNED = "signed"
    SENT = "sent"
    REPLACED = "replaced"
    ANNULLED = "annulled"


class How(StrEnum):
    """How a paper was sent."""

    MAIL = "mail"
    HAND = "hand"
    POST = "post"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """An act: from which states, and the state that it leads to; None leaves the state."""

    from_: frozenset[PaperState]
    to: PaperState | None
    permission: str = "papers:write"


_S = PaperState
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
ISSUED = frozenset({_S.SIGNED, _S.SENT})
ENDED = frozenset({_S.SUPERSEDED, _S.REVOKED})
COUNTING = (_S.DRAFT, _S.RETURNED, _S.SUBMITTED, _S.APPROVED, _S.SIGNED, _S.SENT)
"""The states of a paper that still counts, by how far it has come."""

MOVES: dict[PaperAct, Move] = {
    PaperAct.EDIT: Move(EDITABLE, None),
    PaperAct.REDRAFT: Move(EDITABLE, None),
    PaperAct.ADD_LANGUAGE: Move(EDITABLE, None),
    PaperAct.DELETE: Move(EDITABLE, None),
    PaperAct.SUBMIT: Move(EDITABLE, _S.SUBMITTED),
    PaperAct.TAKE_BACK: Move(frozenset({_S.SUBMITTED}), _S.DRAFT),
    PaperAct.CHECK: Move(frozenset({_S.SUBMITTED}), None, "papers:read"),
    PaperAct.RETURN: Move(frozenset({_S.SUBMITTED}), _S.RETURNED, "papers:approve"),
    PaperAct.APPROVE: Move(frozenset({_S.SUBMITTED}), _S.APPROVED, "papers:approve"),
    PaperAct.NUMBER: Move(frozenset({_S.APPROVED, _S.SIGNED}), None),
    PaperAct.SIGN: Move(frozenset({_S.APPROVED}), _S.SIGNED),
    PaperAct.SIGN_ELECTRONICALLY: Move(frozenset({_S.APPROVED}), None, "papers:approve"),
    PaperAct.ADD_SCAN: Move(ISSUED, None),
    PaperAct.SEND: Move(ISSUED, _S.SENT),
    PaperAct.SUPERSEDE: Move(frozenset({_S.APPROVED, _S.SIGNED, _S.SENT}), None),
    PaperAct.REVOKE: Move(frozenset({_S.APPROVED, _S.SIGNED, _S.SENT}), _S.REVOKED, "papers:approve"),
}


def refusal(state: PaperState, act: PaperAct) -> str | None:
    """Why the act cannot be done in that state, as the code of a sentence; None when it can."""
    if state in MOVES[act].from_:
        return None
    if state in ENDED:
        return f"papers.is-{state.value}"
    if act in {PaperAct.EDIT, PaperAct.REDRAFT, PaperAct.ADD_LANGUAGE, PaperAct.DELETE, PaperAct.SUBMIT}:
        return "papers.waits-for-approval" if state is PaperState.SUBMITTED else "papers.only-superseded"
    if act in {PaperAct.TAKE_BACK, PaperAct.RETURN, PaperAct.APPROVE, PaperAct.CHECK}:
        return "papers.not-submitted" if state in EDITABLE else "papers.approved-already"
    if act in {PaperAct.SIGN, PaperAct.SIGN_ELECTRONICALLY, PaperAct.NUMBER} and state in ISSUED:
        return "papers.numbered-already" if act is PaperAct.NUMBER else "papers.signed-already"
    if act in {PaperAct.SEND, PaperAct.ADD_SCAN} and state is PaperState.APPROVED:
        return "papers.not-signed-yet"
    return "papers.not-approved"


def acts(
    state: PaperState, *, numbered: bool, has_number: bool, has_scan: bool, being_replaced: bool
) -> list[PaperAct]:
    """What can be done with a paper now, apart from permissions."""
    found = [act for act, move in MOVES.items() if state in move.from_]
    gone = set[PaperAct]()
    if has_number or not numbered:
        gone.add(PaperAct.NUMBER)
    if has_scan:
        gone.add(PaperAct.ADD_SCAN)
    if numbered and not has_number:
        gone.add(PaperAct.SEND)
    if being_replaced:
        gone.add(PaperAct.SUPERSEDE)
    return [act for act in found if act not in gone]


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 12


def new_code() -> str:
    """A verification code of 58 random bits, without letters that are mistaken for each other."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def plain_code(typed: str) -> str | None:
    """A code as a person typed or scanned it, in our spelling; None when it cannot be one."""
    letters = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    if len(letters) != CODE_LETTERS or any(sign not in _ALPHABET for sign in letters):
        return None
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def languages_for(
    available: Collection[str], *, partner_languages: Collection[str], abroad: bool, ours: str = "ru"
) -> list[str]:
    """The languages a paper is drafted in: our own within the country, ours and the partner's when it goes abroad."""
    if not abroad:
        return [ours] if ours in available else list(available)[:1]
    common = "en"
    wanted = [ours, *(language for language in partner_languages if language != ours)]
    chosen = [language for language in wanted if language in available]
    if common in available and common not in chosen and len(chosen) < 2:
        chosen.append(common)
    return chosen or list(available)[:1]
