"""The frame and the macros that every page stands on."""

import re

from tests.desk.preview import draw


def test_macros_with_wrong_form_link_each_error_to_its_field() -> None:
    page = draw()
    for name in ("mail", "starts_on", "how"):
        assert f'<a href="#f-{name}">' in page
        assert f'id="f-{name}"' in page
        assert f'id="f-{name}-error"' in page
    assert page.count("The letter is signed already.") == 1


def test_macros_escape_what_people_typed() -> None:
    assert "Kadıköy &lt;b&gt;" in draw()
    assert "<b>" not in draw()


def test_select_with_lost_race_shows_what_somebody_else_saved() -> None:
    assert re.search(r"saved meanwhile: <strong>\s*Outgoing</strong>", draw())


def test_page_has_no_inline_script_or_style() -> None:
    page = draw()
    assert "style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_ids_on_a_page_are_unique() -> None:
    ids = re.findall(r'\bid="([^"]+)"', draw())
    assert sorted(ids) == sorted(set(ids))
