"""The same office, partner and visit as for papers."""

from tests.papers.conftest import desk

__all__ = ["desk"]
