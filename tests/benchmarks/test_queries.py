"""Every list and page runs the same number of queries with 3 visits and with 3 000."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.benchmarks.house import FilledHouse, differences

pytestmark = pytest.mark.slow

FEW, MANY = 3, 3000


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FilledHouse, FilledHouse]]:
    """A house with few visits and one with many."""
    few = FilledHouse(tmp_path_factory.mktemp("few"), FEW)
    many = FilledHouse(tmp_path_factory.mktemp("many"), MANY)
    yield few, many
    few.close()
    many.close()


def test_number_of_queries_does_not_grow(houses: tuple[FilledHouse, FilledHouse]) -> None:
    few, many = houses
    assert (few.visits(), many.visits()) == (FEW, MANY)
    pages = few.pages()
    assert {"/", "/visits", f"/visits/{few.visit_id}"} <= {page.url for page in pages}
    grown = {}
    for page in pages:
        with_few, with_many = few.statements(page), many.statements(page)
        if len(with_many) > len(with_few):
            grown[page] = [len(with_few), len(with_many), *differences(with_few, with_many)]
    assert grown == {}
