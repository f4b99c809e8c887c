"""Forms: what a browser posts becomes data, or errors beside their fields."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from flask import Flask, g
from pydantic import Field
from werkzeug.datastructures import MultiDict

from workflow.base.actor import public
from workflow.web.forms import Form, FormModel


class Colour(StrEnum):
    """A choice."""

    RED = "red"


class Sample(FormModel):
    """One field of each kind."""

    name: str = Field(max_length=10)
    day: date | None = None
    at: datetime | None = None
    count: int | None = Field(None, ge=1, le=9)
    colour: Colour = Colour.RED
    tags: list[str] = Field(default_factory=list)
    yes: bool = False


def posted(app: Flask, **fields: str) -> Form[Sample]:
    """Read a form as if it was posted by a reader in Moscow."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        g.actor = public(locale="en", zone="Europe/Moscow")
        return Form.posted(Sample, MultiDict(fields))


def test_good_values_become_data(app: Flask) -> None:
    form = posted(app, name="  Омск ", day="2027-05-12", at="2027-05-12T14:30", count="3", yes="1", tags="a")
    assert form.data == Sample(name="Омск", day=date(2027, 5, 12), at=datetime(2027, 5, 12, 11, 30, tzinfo=UTC),
                               count=3, yes=True, tags=["a"])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Fill this in."),
        ("name", "x" * 11, "Too long: at most 10 characters."),
        ("name", "a\x00b", "The text holds characters that cannot be stored."),
        ("day", "2027-02-31", "This is not a date. Use the form 2027-05-12."),
        ("day", "31.02.2027", "This is not a date. Use the form 2027-05-12."),
        ("at", "tomorrow", "This is not a date. Use the form 2027-05-12."),
        ("count", "many", "This is not a number."),
        ("count", "10", "The value is outside the allowed range."),
        ("count", "9" * 400, "The value is outside the allowed range."),
        ("colour", "blue", "Choose one of the offered values."),
    ],
)
def test_wrong_value_stands_beside_its_field(app: Flask, field: str, value: str, message: str) -> None:
    form = posted(app, **{"name": "ok", field: value})
    assert form.data is None
    assert form.status == 422
    assert form.errors[field] == [message]
    assert form.values[field] == value


@pytest.mark.parametrize(("drawn", "page", "shown"), [
    ("f-name", '<input id="f-name">', '<a href="#f-name">Your &lt;name&gt;: Fill this in.</a>'),
    ("f-name-7", '<input id="f-name-7">', '<a href="#f-name-7">Your &lt;name&gt;: Fill this in.</a>'),
    ("", '<input id="f-name">', '<a href="#f-name">Fill this in.</a>'),
    ("", "<p>It was decided.</p>", "Fill this in."),
])
def test_line_of_the_summary_leads_to_the_field_that_the_page_has(
    app: Flask, drawn: str, page: str, shown: str
) -> None:
    form = posted(app, name="")
    with app.test_request_context("/"):
        (problem,) = form.problems
        line = form.link_later(*problem)
        if drawn:
            form.drawn("name", "Your <name>", drawn)
        assert form.with_labels(f"{line}{page}") == f"{shown}{page}"


def test_emoji_and_right_to_left_text_are_text(app: Flask) -> None:
    form = posted(app, name="🎉 שלום")
    assert form.data is not None
    assert form.data.name == "🎉 שלום"
