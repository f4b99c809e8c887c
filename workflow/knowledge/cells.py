"""Texts for cells of a spreadsheet: nothing that a person typed may run there."""

STARTS = frozenset("=+-@|%＝＋－＠")
LONGEST = 32_000


def safe_cell(text: str) -> str:
    """Give a cell's text so that no spreadsheet runs it, also when it is later saved as CSV; at most what one holds.

    Characters that cannot be seen are left out; what would begin like a formula begins with an apostrophe.
    """
    shown = "".join(ch for ch in text if ch in "\n\t" or ch.isprintable())[:LONGEST]
    return f"'{shown}" if shown[:1] in ("\t", "\n") or shown.lstrip()[:1] in STARTS else shown
