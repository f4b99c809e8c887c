import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.papers import blocks
from workflow.papers.blocks import Frame, Heading, Item, Items, PageBreak, Paragraph, Run, Table, parse


def test_parse_reads_every_kind_of_block() -> None:
    text = (
        "## Head\n\nFirst line\nsecond **bold** and *italic*\\\nbroken\n\n1. one\n2. two\n\n- a\n- b\n\n"
        "| x | y |\n|:-:|---:|\n| 1 | 2 |\n\n::: addressee\nTo\nHim\n:::\n\n::: pagebreak\n"
        "::: signature\nMayor | I. Ivanov\n:::"
    )
    assert parse(text) == (
        Heading(2, (Run("Head"),)),
        Paragraph(
            (
                Run("First line second "),
                Run("bold", bold=True),
                Run(" and "),
                Run("italic", italic=True),
                Run("\nbroken"),
            )
        ),
        Items(ordered=True, items=(Item("1.", (Run("one"),)), Item("2.", (Run("two"),)))),
        Items(ordered=False, items=(Item("–", (Run("a"),)), Item("–", (Run("b"),)))),
        Table((1, 3), ("center", "right"), ((Run("x"),), (Run("y"),)), (((Run("1"),), (Run("2"),)),)),
        Frame("addressee", "", ((Run("To"),), (Run("Him"),))),
        PageBreak(),
        Frame("signature", "", ((Run("Mayor"),), (Run("I. Ivanov"),))),
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("text\n\n::: bogus\n:::", "frame-unknown", 3),
        ("::: addressee\nno end", "frame-open", 1),
        ("::: addressee\n::: closing\n:::", "frame-open", 1),
        ("| a | b |\n| 1 | 2 |", "table-head", 2),
        ("| a |\n|---|\n| 1 | 2 |", "table-row", 3),
        ("# a\n" * 5_001, "too-long", 5_000),
    ],
)
def test_parse_says_where_markup_is_wrong(text: str, code: str, line: int) -> None:
    with pytest.raises(blocks.MarkupError) as wrong:
        parse(text)
    assert (wrong.value.code, wrong.value.line) == (code, line)


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]) | st.sampled_from("*|{}\\#-:.1 %"),
        min_size=1,
    )
)
def test_escaped_text_reads_back_as_itself(value: str) -> None:
    escaped = blocks.escape(value)
    assert "{" not in escaped
    assert "}" not in escaped
    assert " ".join(blocks.texts(parse(escaped))).strip() == value.strip()
    assert "".join(blocks.texts(parse(f"| a |\n|---|\n| {escaped} |"))) == f"a{value.strip()}"
