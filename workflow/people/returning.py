"""The way back from a person's pages to the visit from which they were opened; it grants nothing."""

from flask import request


def visit_id() -> int | None:
    """Give the visit from which the page was opened."""
    sent = request.values.get("visit", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
