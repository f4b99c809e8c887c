"""Two texts are compared whatever is in them."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.knowledge import comparing
from workflow.knowledge.comparing import steps

LINES = st.lists(st.sampled_from("ab "), max_size=30)


@given(LINES, LINES, st.booleans())
def test_the_steps_lead_from_one_text_to_the_other(before: list[str], after: list[str], long: bool) -> None:
    padding = ["x"] * (comparing.MOST if long else 0)
    old, new = padding + before, padding + after
    made: list[str] = []
    for tag, start, end, first, last in steps(old, new):
        made += old[start:end] if tag == "equal" else new[first:last]
        assert (tag == "insert") == (start == end)
        assert (tag == "delete") == (first == last)
    assert made == new


def test_thousands_of_lines_that_are_alike_are_compared_too() -> None:
    old, new = ["head", *["a", ""] * 20_000, "foot"], ["head", *["b", ""] * 20_000, "foot"]
    assert steps(old, new) == [("equal", 0, 1, 0, 1), ("replace", 1, 40_000, 1, 40_000),
                               ("equal", 40_000, 40_002, 40_000, 40_002)]  # fmt: skip
