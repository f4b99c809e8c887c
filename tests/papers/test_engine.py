import os
import signal
import threading
from collections.abc import Iterator

import pytest

from tests.papers.sample import facts
from workflow.papers import composing, editions, rendering
from workflow.papers.composing import RenderError
from workflow.papers.engine import Renderer


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def edition(wording: str | None = None) -> editions.Edition:
    return editions.edition("invitation", "ru", wording=wording)


def test_the_child_makes_the_same_bytes_as_the_function(renderer: Renderer) -> None:
    made = renderer.render(edition(), facts(), "pdf")
    assert made == rendering.render(edition(), facts(), "pdf")
    assert renderer.draft(edition(), facts()) == composing.draft(edition(), facts())


def test_errors_come_back_as_they_are_and_the_child_lives_on(renderer: Renderer) -> None:
    renderer.render(edition("x"), facts(), "html")
    child = renderer._child
    with pytest.raises(RenderError) as wrong:
        renderer.render(edition("\n\n{{ a|bogus }}"), facts(), "html")
    assert (wrong.value.code, wrong.value.line, wrong.value.detail) == ("filter-unknown", 3, "bogus")
    renderer.render(edition("x"), facts(), "html")
    assert renderer._child is child


def test_a_string_that_doubles_for_ever_is_stopped(renderer: Renderer) -> None:
    greedy = "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}"
    with pytest.raises(RenderError) as wrong:
        renderer.render(edition(greedy), facts(), "html")
    assert wrong.value.code == "memory"
    assert renderer.render(edition("x"), facts(), "html").data


def test_a_loop_without_end_is_killed_and_the_next_paper_is_made() -> None:
    renderer = Renderer(seconds=1.0)
    try:
        loops = "{% for a in delegation.members %}" * 20 + "{% endfor %}" * 20
        with pytest.raises(RenderError) as wrong:
            renderer.render(edition(loops), facts(), "html")
        assert wrong.value.code == "time"
        renderer.seconds = 20.0
        assert renderer.render(edition("x"), facts(), "html").data
    finally:
        renderer.close()


def test_a_child_that_died_is_replaced(renderer: Renderer) -> None:
    renderer.render(edition("x"), facts(), "html")
    assert renderer._child
    os.kill(renderer._child.pid, signal.SIGKILL)
    renderer._child.wait()
    assert renderer.render(edition("x"), facts(), "html").data


def test_many_threads_share_one_child(renderer: Renderer) -> None:
    seen: list[str] = []
    threads = [
        threading.Thread(
            target=lambda n=n: seen.append(renderer.render(edition(f"нечто {n}"), facts(), "html").data.decode())
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found[found.index("нечто") :][:7] for found in seen) == [f"нечто {n}" for n in range(8)]
