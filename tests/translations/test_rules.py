"""Each state × verb pair has one answer, and each person's verbs follow from how they stand to the assignment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.translations import rules
from workflow.translations.rules import AssignmentState, Order, Standing, Verb
from workflow.translations.sentences import SENTENCES

S, V = AssignmentState, Verb

STEPS = {
    (S.DRAFT, V.EDIT): S.DRAFT, (S.OPEN, V.EDIT): S.OPEN, (S.DRAFT, V.PUBLISH): S.OPEN, (S.OPEN, V.CLAIM): S.CLAIMED,
    (S.CLAIMED, V.GIVE_BACK): S.OPEN, (S.RETURNED, V.GIVE_BACK): S.OPEN, (S.CLAIMED, V.SUBMIT): S.SUBMITTED,
    (S.RETURNED, V.SUBMIT): S.SUBMITTED, (S.SUBMITTED, V.RETURN): S.RETURNED, (S.SUBMITTED, V.ACCEPT): S.ACCEPTED,
    (S.ACCEPTED, V.RELEASE): S.RELEASED, (S.DRAFT, V.CANCEL): S.CANCELLED, (S.OPEN, V.CANCEL): S.CANCELLED,
    (S.CLAIMED, V.CANCEL): S.CANCELLED, (S.SUBMITTED, V.CANCEL): S.CANCELLED, (S.RETURNED, V.CANCEL): S.CANCELLED,
}
COORDINATOR = Standing(orders=True)
TRANSLATOR = Standing(takes=True, fits=True, translator=True)
STRANGER = Standing(takes=True, fits=True)
REVISER = Standing(takes=True, fits=True, reviser=True)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("verb", list(V))
def test_every_pair_has_one_answer(state: AssignmentState, verb: Verb) -> None:
    late_claim = verb is V.CLAIM and state in (S.CLAIMED, S.SUBMITTED, S.RETURNED)
    refusal = "translations.already-claimed" if late_claim else f"translations.is-{state.value}"
    assert rules.answer(state, verb) == STEPS.get((state, verb), refusal)


@pytest.mark.parametrize(
    ("standing", "verbs"),
    [
        (COORDINATOR, {V.EDIT, V.PUBLISH, V.GIVE_BACK, V.RETURN, V.ACCEPT, V.RELEASE, V.CANCEL}),
        (TRANSLATOR, {V.CLAIM, V.GIVE_BACK, V.SUBMIT}),
        (STRANGER, {V.CLAIM}),
        (REVISER, {V.RETURN, V.ACCEPT}),
        (Standing(takes=True), set()),
        (Standing(), set()),
        (Standing(orders=True, takes=True, fits=True, translator=True),
         {V.EDIT, V.PUBLISH, V.CLAIM, V.GIVE_BACK, V.SUBMIT, V.RELEASE, V.CANCEL}),
    ],
)
def test_verbs_follow_from_how_one_stands(standing: Standing, verbs: set[Verb]) -> None:
    assert {verb for verb in V if rules.refusal(verb, standing) is None} == verbs


def test_translator_who_also_orders_never_accepts_own_work() -> None:
    both = Standing(orders=True, manages=True, takes=True, fits=True, translator=True)
    assert rules.refusal(V.ACCEPT, both) == rules.refusal(V.RETURN, both) == "translations.own-work"
    assert rules.allowed(S.SUBMITTED, both) == (V.CANCEL,)


def test_source_is_open_by_present_state_alone() -> None:
    def readers(standing: Standing) -> set[AssignmentState]:
        return {state for state in S if rules.may_read_files(state, standing)}

    assert readers(COORDINATOR) == set(S)
    assert readers(STRANGER) == {S.OPEN}
    assert readers(Standing(takes=True)) == set()
    assert readers(TRANSLATOR) == {S.OPEN, S.CLAIMED, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.RELEASED}
    assert readers(REVISER) == {S.OPEN, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.RELEASED}


def test_no_pairs_mean_every_pair() -> None:
    assert rules.fits([], "tr", "ru")
    assert rules.fits([("tr", "ru")], "tr", "ru")
    assert not rules.fits([("ru", "tr"), ("en", "ru")], "tr", "ru")


def test_order_misses_exactly_what_is_empty() -> None:
    whole = Order("Речь", "ru", "tr", 900, "speech", True, "глава города", "И. Ульянченко, глава города", True)
    assert rules.missing(whole) == ()
    empty = Order("Речь", "", "", None, "", False, " ", "", False)
    assert rules.missing(empty) == ("source_file", "source_language", "target_language", "characters", "purpose",
                                    "due_at", "text_user", "names")


@pytest.mark.parametrize(("characters", "pages"), [(None, None), (1, 0.1), (1800, 1.0), (1801, 1.1), (9000, 5.0)])
def test_pages_are_rounded_up_to_a_tenth(characters: int | None, pages: float | None) -> None:
    assert rules.pages(characters) == pages


@pytest.mark.parametrize("text", ["U12345678", "паспорт 07 05 123456", "0705 123456", "0705 № 123456", "71 1234567",
                                  "E 1234567", "AB1234567 до 2030"])
def test_passport_number_is_noticed(text: str) -> None:
    assert rules.looks_like_a_passport(text)


@pytest.mark.parametrize("text", ["", "Озгюр Одабаши, мэр Кадыкёя", "01-12/345 от 12.05.2027", "вх. 214",
                                  "тел. 26-03-34", "A4", "COVID19", "закон № 131-ФЗ", "1800 знаков",
                                  "25 000 000 рублей"])
def test_ordinary_text_is_no_passport(text: str) -> None:
    assert not rules.looks_like_a_passport(text)


@given(st.integers(min_value=1, max_value=rules.MAX_CHARACTERS))
def test_pages_never_underpay(characters: int) -> None:
    shown = rules.pages(characters)
    assert shown is not None
    assert shown * rules.PAGE >= characters - 1e-6


def test_every_refusal_has_a_sentence() -> None:
    codes = {answer for answer in rules.ANSWERS.values() if not isinstance(answer, AssignmentState)}
    codes |= {code for verb in Verb for standing in (STRANGER, Standing(takes=True), REVISER, TRANSLATOR, Standing())
              if (code := rules.refusal(verb, standing)) is not None and code != "base.forbidden"}
    assert {code for code in codes if code not in SENTENCES} == set()
