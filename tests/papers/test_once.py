"""What is done once for many letters, told by counting and never by a clock."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from pypdf import PdfReader

from tests.papers.sample import facts
from workflow.papers import editions, plain, rendering, wording
from workflow.papers.wording import fill

ALMOST_PLACEHOLDERS = [
    "",
    "Без единого места.\n",
    "{{ office.name }}",
    "\n\n{{ office.name }}{{ partner.city }}\n{{ visit|dates }}\n\n",
    "{{ office.name|upper }} и {{\noffice.email\n}}.",
    "a { {{ office.name }} } b }} c",
    "{{ office.name -}}   \n   хвост",
    "голова   {{- office.name }}",
    "{{ 'a' ~ \"b\" }} {{ office.website|default('{x}') }}",
    "{{ office.website }} {{ vist.title }} {{ office.website }}",
    "строка\r\n{{ office.name }}\rещё",
    "{% if visit %}{{ office.name }}{% endif %}",
    "{{ partner.addressee|lines }}",
]


def run(source: str, language: str = "ru", *, keep: bool) -> Any:
    return fill(source, plain.prepare(facts(), language), language, keep=keep)


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("source", ALMOST_PLACEHOLDERS)
def test_a_text_is_filled_as_its_whole_wording_would_be(source: str, keep: bool) -> None:
    assert wording._parts(source + "{##}") is None  # with a remark the whole text is a program
    assert run(source, keep=keep) == run(source + "{##}", keep=keep)


def test_letters_of_other_words_share_one_program() -> None:
    source = random.Random(5)
    wording._program.cache_clear()
    wording._template.cache_clear()
    for number in range(40):
        words = " ".join(source.choices(["встреча", "опыт", "совет", "форум", "город"], k=30))
        text = f"Уважаемый Гость {number}!\n\n{words}\n\n{{{{ office.name }}}}, {{{{ visit|dates }}}}\n"
        assert str(number) in run(text, keep=False).text
    assert (wording._program.cache_info().misses, wording._template.cache_info().misses) == (1, 1)


def test_a_fault_among_placeholders_is_told_with_its_line_in_the_text() -> None:
    with pytest.raises(wording.WordingError) as wrong:
        run("Первая\n\n{{ office.name }}\n\n{{ office.name|bogus }}\n", keep=True)
    assert (wrong.value.code, wrong.value.line, wrong.value.detail) == ("filter-unknown", 5, "bogus")


def test_fonts_in_a_letter_hold_outlines_and_no_hints() -> None:
    data = rendering.render(editions.edition("invitation", "ru"), facts(), "pdf").data
    reader = PdfReader(io.BytesIO(data))
    given: list[Any] = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    fonts = [each["/FontFile2"].get_data() for each in given if isinstance(each, dict) and "/FontFile2" in each]
    assert fonts
    for held in fonts:
        tables = {held[at : at + 4] for at in range(12, 12 + 16 * int.from_bytes(held[4:6], "big"), 16)}
        assert b"glyf" in tables
        assert tables.isdisjoint({b"fpgm", b"prep", b"cvt ", b"gasp", b"DSIG"})
