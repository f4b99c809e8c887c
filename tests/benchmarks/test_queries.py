"""Every list and page runs the same number of queries with 3 visits and with 3 000, and reads no more rows for them."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.benchmarks.house import LIVING, FilledHouse, Page, differences

pytestmark = pytest.mark.slow

FEW, MANY = 3, 3000
SLACK = 1500
"""Steps that do not count: another balance of a tree, a year's edge."""
READING_MORE = {
    "/reports",  # the visits of the year before too, however many years there are
}


def test_a_page_asks_and_reads_no_more_in_a_huge_house(tmp_path: Path) -> None:
    """One test for both, as filling the houses takes the most of it."""
    with ExitStack() as stack:
        few, full, many = (
            stack.enter_context(closing(FilledHouse(tmp_path / str(visits), visits))) for visits in (FEW, LIVING, MANY)
        )
        assert (few.visits(), full.visits(), many.visits()) == (FEW, LIVING, MANY)
        pages = few.pages()
        assert {"/", "/visits", f"/visits/{few.visit_id}", "/people/1", "/partners/1"} <= {page.url for page in pages}
        assert more_statements(pages, few, many) == {}
        once = list({page.url: page for page in pages if page.url not in READING_MORE}.values())
        assert more_work(once, full, many) == {}, "with statistics, as PostgreSQL always has them"
        full.forget_statistics()
        many.forget_statistics()
        assert more_work(once, full, many) == {}, "without any, as in every house on SQLite"


def more_statements(pages: list[Page], few: FilledHouse, many: FilledHouse) -> dict[Page, list[object]]:
    """Name the pages that run more statements in a huge house, and which."""
    told = {page: (few.statements(page), many.statements(page)) for page in pages}
    return {page: [len(some), len(more), *differences(some, more)]
            for page, (some, more) in told.items() if len(more) > len(some)}  # fmt: skip


def more_work(pages: list[Page], full: FilledHouse, many: FilledHouse) -> dict[Page, tuple[int, int]]:
    """Name the pages for which a huge house takes more steps than one that holds a page full of the same rows."""
    works = {page: (full.work(page), many.work(page)) for page in pages}
    return {page: (small, large) for page, (small, large) in works.items() if large > 1.5 * small + SLACK}
