import pytest

from tests.papers.sample import facts
from workflow.papers import plain
from workflow.papers.wording import WordingError, check, fill


def filled(
    source: str, language: str = "en", *, keep: bool = True, **more: object
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    made = fill(source, plain.prepare({**facts(), **more}, language), language, keep=keep)
    return made.text, made.missing, made.unknown


def test_fill_says_the_facts_of_its_own_language() -> None:
    assert filled("{{ partner.city }}, {{ visit|dates }}", "ru")[0] == "Кадыкёй, 12–15\u00a0мая 2027\u00a0года"
    assert filled("{{ partner.city }}, {{ visit|dates }}", "en")[0] == "Kadıköy, 12–15\u00a0May 2027"


def test_missing_facts_are_all_listed_and_keep_their_placeholders() -> None:
    source = (
        "{{ office.website }} {{ visit|dates }} {{ partner.addressee|lines|upper }} {{ delegation.members.2.post }}"
    )
    visit = {**facts()["visit"], "first_day": None}
    text, missing, unknown = filled(source, visit=visit)
    assert text == source
    assert missing == ("office.website", "visit.first_day", "partner.addressee", "delegation.members.2.post")
    assert unknown == ()


def test_a_text_without_this_language_is_missing_not_borrowed() -> None:
    partner = {**facts()["partner"], "city": {"ru": "Кадыкёй"}}
    assert filled("{{ partner.city }}", partner=partner, keep=False) == ("‹partner.city›", ("partner.city",), ())


def test_a_missing_fact_in_a_condition_is_false_and_not_listed() -> None:
    assert filled("{% if office.website %}a{% else %}b{% endif %}{{ office.website|default('c') }}") == ("bc", (), ())


def test_a_name_that_is_no_fact_is_told_apart() -> None:
    assert filled("{{ visit.titel }} {{ vist.title }}")[2] == ("visit.titel", "vist.title")


def test_a_fact_never_becomes_code_even_in_the_second_run() -> None:
    hostile = "{{ office.email }}{% for a in delegation.members %}x{% endfor %} **b** | # {"
    office = {**facts()["office"], "name": hostile}
    first = filled("{{ office.name }}% {{ office.name }}", office=office)[0]
    assert "office.email }}" not in first
    assert filled(first, office=office)[0] == first


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ ''.__class__ }}", "forbidden"),
        ("{{ 'a' * 1000000000 }}", "forbidden"),
        ("{{ 'a' % 1 }}", "forbidden"),
        ("{{ 2 ** 99999 }}", "forbidden"),
        ("{{ 1 // 0 }}", "forbidden"),
        ("{% for a in range(9) %}{% endfor %}", "forbidden"),
        ("{{ office.items() }}", "forbidden"),
        ("{% include 'x' %}", "forbidden"),
        ("{% import 'x' as y %}", "forbidden"),
        ("{% macro m() %}{% endmacro %}", "forbidden"),
        ("{% if office is mapping %}{% endif %}", "forbidden"),
        ("{{ []|join }}", "forbidden"),
        ("{{ ''|center(1000000000) }}", "filter-unknown"),
        ("{{ office|attr('values') }}", "filter-unknown"),
        ("{{ office }}", "forbidden"),
        ("{{ visit|date }}", "filter"),
        ("{{ visit.size|plural }}", "filter"),
        ("a\n{{ b", "syntax"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "too-deep"),
        ("x" * 100_001, "too-long"),
        ("{% for a in delegation.members %}" * 14 + "x" + "{% endfor %}" * 14, "too-long"),
    ],
)
def test_what_a_wording_may_not_do_is_refused(source: str, code: str) -> None:
    with pytest.raises(WordingError) as wrong:
        fill(source, plain.prepare(facts(), "en"), "en")
    assert wrong.value.code == code


def test_errors_name_the_line_and_never_a_value() -> None:
    with pytest.raises(WordingError) as wrong:
        check("fine\n\n{{ visit.title|bogus }}")
    assert (wrong.value.line, wrong.value.detail) == (3, "bogus")
    with pytest.raises(WordingError) as wrong:
        fill("{{ partner|date }}", plain.prepare(facts(), "ru"), "ru")
    assert wrong.value.detail == "date"


def test_papers_of_one_wording_know_nothing_of_each_other() -> None:
    source = "{{ recipient.name|dative }}, {{ recipient.city }}, {{ paper.number }}"
    first = fill(source, {"recipient": {"name": "Омск", "city": None}, "paper": {"number": "7"}}, "ru")
    second = fill(source, {"recipient": {"name": "Грозный", "city": "Уфа"}, "paper": {"number": None}}, "ru")
    assert (first.text, first.missing) == ("Омску, {{ recipient.city }}, 7", ("recipient.city",))
    assert (second.text, second.missing) == ("Грозному, Уфа, {{ paper.number }}", ("paper.number",))
    assert [form.text for form in (*first.forms, *second.forms)] == ["Омск", "Грозный"]


def test_a_wording_does_not_reach_what_notes_its_gaps() -> None:
    assert filled("{{ recipient[' seen'] }}")[1:] == ((), ("recipient. seen",))
    for source in ("{{ [' seen'] }}", "{{ self[' seen'] }}"):
        with pytest.raises(WordingError, match="forbidden"):
            filled(source)
