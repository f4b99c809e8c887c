"""Faults of a wording: each with its line and what may be meant."""

import pytest

from workflow.papers import editions
from workflow.papers.authoring.checking import Fault, check_wording
from workflow.papers.authoring.meanings import palette, sections

KIND = editions.kind("invitation")
EVERY = [(kind.key, language) for kind in editions.kinds().values() for language in kind.languages]


@pytest.mark.parametrize(("key", "language"), EVERY)
def test_wording_as_delivered_has_no_fault(key: str, language: str) -> None:
    """A fact that is missing here is entered in `workflow/papers/authoring/meanings.yaml`, with its meaning."""
    kind = editions.kind(key)
    assert check_wording(kind.wordings[language], kind) == []


@pytest.mark.parametrize(
    ("wording", "line", "code", "detail", "meant"),
    [
        ("Цель:\n{{ visit.purpse }}", 2, "fact-unknown", "visit.purpse", "visit.purpose"),
        ("{{ visti.purpose }}", 1, "fact-unknown", "visti.purpose", "visit.purpose"),
        ("{{ guest.passport }}", 1, "fact-unknown", "guest.passport", ""),
        ("{{ partner.head.nmae }}", 1, "fact-unknown", "partner.head.nmae", "partner.head.name"),
        ("{% for m in delegation.members %}\n{{ m.nam }}{% endfor %}", 2, "fact-unknown", "member.nam", "member.name"),
        ('{{ delegation.members|pick("nme")|join }}', 1, "fact-unknown", "member.nme", "member.name"),
        ("{% set d = visit.first_day %}\n{{ d.day }}", 2, "fact-unknown", "visit.first_day.day", "visit.first_day"),
        ("{{ outcomes.report.done }}", 1, "section-elsewhere", "outcomes", ""),
        ("{{ visit.purpose|uper }}", 1, "filter-unknown", "uper", "upper"),
        ("{% if visit.size is evn %}x{% endif %}", 1, "test-unknown", "evn", "even"),
        ("a\n{% if visit.size %}\nb", 2, "block-open", "if", ""),
        ("{% endfor %}", 1, "block-not-begun", "endfor", ""),
        ("{% iff visit.size %}", 1, "tag-unknown", "iff", "if"),
        ("a\n\n{{ visit.purpose", 3, "syntax", "", ""),
        ("{% for a in visit.purpose %}{% endfor %}", 1, "not-a-list", "visit.purpose", ""),
        ("{{ delegation.members.name }}", 1, "list-not-gone-through", "delegation.members", ""),
        ("{{ delegation.members }}", 1, "printed-list", "delegation.members", "member.n"),
        ("{{ visit }}", 1, "printed-group", "visit", "visit.title"),
        ("{{ visit.title.__class__ }}", 1, "forbidden", ".__class__", ""),
        ("{{ 'a' * 10 }}", 1, "forbidden", "*", ""),
        ("{{ visit.title() }}", 1, "forbidden", "()", ""),
        ("{% include '/etc/passwd' %}", 1, "forbidden", "include", ""),
        ("{% macro a() %}{% endmacro %}", 1, "forbidden", "macro", ""),
        ("{{ [1] }}", 1, "forbidden", "[ ]", ""),
        ("x\n\n::: lettrhead\n:::", 3, "frame-unknown", "lettrhead", "letterhead"),
        ("{% if visit.size %}\n{% endif %}\n::: title\nx", 3, "frame-open", "title", ""),
        ("| a | b |\n{% if visit.size %}\n|---|\n{% endif %}", 3, "table-head", "", ""),
        ("   ", 0, "empty", "", ""),
    ],
)  # fmt: skip
def test_fault_names_line_and_what_may_be_meant(wording: str, line: int, code: str, detail: str, meant: str) -> None:
    assert check_wording(wording, KIND)[0] == Fault(line, code, detail, meant)


def test_all_faults_are_told_at_once_in_order() -> None:
    found = check_wording("{{ visit.x1 }}\n{{ visit.x2|nope }}\n::: nope\n:::", KIND)
    assert [(fault.line, fault.code) for fault in found] == [
        (1, "fact-unknown"), (2, "fact-unknown"), (2, "filter-unknown"), (3, "frame-unknown"),
    ]  # fmt: skip


def test_placeholders_are_looked_at_even_where_a_block_is_open() -> None:
    open_loop = "{% for m in delegation.members %}\n{{ m.name|upp }} {{ loop.index }}"
    found = check_wording("{{ visit.purpse }}\n" + open_loop, KIND)
    assert [(fault.line, fault.code) for fault in found] == [
        (1, "fact-unknown"), (2, "block-open"), (3, "filter-unknown"),
    ]  # fmt: skip


def test_section_that_is_none_leads_to_the_fact_of_the_last_word() -> None:
    found = check_wording("Паспорт: {{ guest.passprt }}", editions.kind("visa-support"))
    assert [(fault.code, fault.detail, fault.meant) for fault in found] == [
        ("fact-unknown", "guest.passprt", "identity.one.passport")]


def test_what_is_right_has_no_fault() -> None:
    assert check_wording(
        "{% for day in programme.days %}{% for item in day.items %}{{ loop.index }} {{ item.title|default('x') }}"
        "{% endfor %}{% endfor %}{{ office.letterhead|lines }}{{ visit|from_to }}{{ paper.number }}"
        "{% if not visit.size is defined and visit.first_day %}{{ visit.size + 1 }}{% endif %}"
        "{% set m = delegation.members[0] %}{{ m.name }}", KIND) == []  # fmt: skip


def test_deep_nesting_is_a_fault_and_no_crash() -> None:
    found = check_wording("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", KIND)
    assert [fault.code for fault in found] == ["too-deep"]


def test_every_fact_has_its_meaning_in_both_languages() -> None:
    assert {"office", "partner", "visit", "delegation", "basis", "programme"} <= set(sections())
    for language in ("ru", "en"):
        for shelf in palette(tuple(sections()), language):
            assert shelf.title
            assert [offer.insert for offer in shelf.offers if not offer.meaning] == []


def test_palette_offers_each_fact_as_it_is_written() -> None:
    shelves = {shelf.key: shelf for shelf in palette(KIND.sections, "ru")}
    offers = {offer.insert: offer for offer in shelves["visit"].offers}
    assert offers["{{ visit.first_day|date }}"].meaning == "первый день"
    loop = next(offer for offer in shelves["delegation"].offers if offer.insert.startswith("{% for"))
    assert loop.insert == "{% for member in delegation.members %}\n\n{% endfor %}"
    assert "outcomes" not in shelves
