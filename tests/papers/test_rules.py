import itertools

import pytest

from workflow.papers import rules
from workflow.papers.rules import MOVES, PaperAct, PaperState
from workflow.papers.sentences import SENTENCES

S, A = PaperState, PaperAct
ALLOWED = {
    S.DRAFT: {A.EDIT, A.REDRAFT, A.ADD_LANGUAGE, A.DELETE, A.SUBMIT},
    S.RETURNED: {A.EDIT, A.REDRAFT, A.ADD_LANGUAGE, A.DELETE, A.SUBMIT},
    S.SUBMITTED: {A.TAKE_BACK, A.CHECK, A.RETURN, A.APPROVE},
    S.APPROVED: {A.NUMBER, A.SIGN, A.SIGN_ELECTRONICALLY, A.SUPERSEDE, A.REVOKE},
    S.SIGNED: {A.NUMBER, A.ADD_SCAN, A.SEND, A.SUPERSEDE, A.REVOKE},
    S.SENT: {A.ADD_SCAN, A.SEND, A.SUPERSEDE, A.REVOKE},
    S.SUPERSEDED: set[PaperAct](),
    S.REVOKED: set[PaperAct](),
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(PaperState, PaperAct)))
def test_every_pair_of_state_and_act_has_one_answer(state: PaperState, act: PaperAct) -> None:
    answer = rules.refusal(state, act)
    assert (answer is None) == (act in ALLOWED[state])
    assert answer is None or answer in SENTENCES


def test_acts_lists_what_can_be_done_now() -> None:
    def acts(state: PaperState, **values: bool) -> set[PaperAct]:
        given = {"numbered": True, "has_number": False, "has_scan": False, "being_replaced": False} | values
        return set(rules.acts(state, **given))

    assert acts(S.SIGNED) == {A.NUMBER, A.ADD_SCAN, A.SUPERSEDE, A.REVOKE}
    assert acts(S.SIGNED, has_number=True) == {A.ADD_SCAN, A.SEND, A.SUPERSEDE, A.REVOKE}
    assert acts(S.SENT, has_number=True, has_scan=True, being_replaced=True) == {A.SEND, A.REVOKE}
    assert acts(S.APPROVED, numbered=False) == {A.SIGN, A.SIGN_ELECTRONICALLY, A.SUPERSEDE, A.REVOKE}


def test_only_managers_decide() -> None:
    assert {act for act, move in MOVES.items() if move.permission == "papers:approve"} == {
        A.APPROVE,
        A.RETURN,
        A.REVOKE,
        A.SIGN_ELECTRONICALLY,
    }


def test_codes_are_read_however_they_are_typed() -> None:
    code = rules.new_code()
    assert rules.plain_code(code.lower().replace("-", " ")) == code
    assert rules.plain_code(code[:-1]) is None
    assert rules.plain_code("0" * 12) is None
    assert rules.plain_code("ﬀ" * 12) is None
    assert len({rules.new_code() for _ in range(500)}) == 500


@pytest.mark.parametrize(("partner", "abroad", "languages"), [
    (["tr", "en"], True, ["ru", "en"]),
    (["tr"], True, ["ru", "en"]),
    (["ru"], True, ["ru", "en"]),
    (["en"], False, ["ru"]),
    ([], False, ["ru"]),
])  # fmt: skip
def test_languages_suit_the_visit(partner: list[str], abroad: bool, languages: list[str]) -> None:
    assert rules.languages_for(("ru", "en"), partner_languages=partner, abroad=abroad) == languages
    assert rules.languages_for(("ru",), partner_languages=partner, abroad=abroad) == ["ru"]
