"""Texts for cells of a spreadsheet: nothing that a person typed may run there."""

from unicodedata import category

STARTS = frozenset("=+-@|%＝＋－＠")
LONGEST = 32_000


def safe_cell(text: str) -> str:
    """Give a cell's text so that no spreadsheet runs it, also when it is later saved as CSV; at most what one holds.

    Characters that cannot be seen are left out, but no kind of space: it keeps words apart, be it one at which no line
    breaks. What would begin like a formula begins with an apostrophe.
    """
    shown = "".join(ch for ch in text if ch in "\n\t" or ch.isprintable() or category(ch) == "Zs")[:LONGEST]
    return f"'{shown}" if shown[:1] in ("\t", "\n") or shown.lstrip()[:1] in STARTS else shown
