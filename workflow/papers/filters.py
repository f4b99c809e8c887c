"""The filters of a wording (`docs/papers.md` lists them)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from workflow.knowledge.grammar.cases import OBLIQUE, Case
from workflow.papers import phrases
from workflow.papers.blocks import escape
from workflow.papers.declining import Decliner, Word, salute
from workflow.papers.values import SEEN, Facts, Missing, Verbatim, WordingError, gap


def _passing(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that hands a missing fact on, so that its placeholder keeps the filter's name."""
    notes = name in _DECLINING

    @pass_context
    def run(context: Context, value: Any, *args: Any) -> Any:
        lack = next((each for each in (value, *args) if isinstance(each, Missing)), None)
        if lack is not None:
            if lack is not value:
                return lack
            arguments = "(" + ", ".join(repr(arg) for arg in args) + ")" if args else ""
            return lack.through(f"{name}{arguments}")
        try:
            made = function(context[SEEN].decliner, value, *args) if notes else function(value, *args)
            return value.like(made) if isinstance(value, Word) and name in _REWRITING else made
        except (TypeError, ValueError, AttributeError, IndexError) as wrong:
            raise WordingError("filter", detail=name) from wrong

    return run


def _dates(form: Callable[[object, object, str], str], language: str, name: str, facts: Any) -> Any:
    """A period from a group of facts with `first_day` and `last_day`."""
    if not isinstance(facts, Facts):
        raise TypeError("a visit is needed")
    first, last = facts.get("first_day"), facts.get("last_day")
    if isinstance(first, Missing):
        return gap(first.path, facts.seen, stranger=first.stranger, expression=f"{facts.path}|{name}")
    return form(first, first if isinstance(last, Missing) else last, language)


_REWRITING = frozenset({"upper_first", "lower_first", "upper"})
"""Filters that write the same otherwise, so that what it names stays known."""
_DECLINING = frozenset({"lower_first", *(case.value for case in OBLIQUE)})
"""Filters that ask the decliner of the run, which notes their forms, before all else."""


def _decline(language: str, case: Case, decliner: Decliner, value: Any) -> Any:
    """A case form of a text or of each text of a list; in other languages than Russian as it is."""
    if isinstance(value, tuple):
        return tuple(each if isinstance(each, Missing) else _decline(language, case, decliner, each) for each in value)
    if not isinstance(value, str) or isinstance(value, Verbatim):
        raise TypeError("a text is needed")
    return decliner.form(value, case) if language == "ru" else value


def _salutation(language: str, facts: Any) -> str:
    if not isinstance(facts, Facts):
        raise TypeError("a person is needed")
    return salute(facts.values, language)


def _join(values: Any, between: str = ", ") -> str:
    return between.join(_words(values))


def _words(values: Any) -> list[str]:
    if not isinstance(values, tuple):
        raise TypeError("a list is needed")
    return [str(value) for value in values if not isinstance(value, Missing)]


def _pick(values: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(values, tuple):
        raise TypeError("a list is needed")
    return tuple(value.get(name) for value in values)


def _lines(value: Any) -> Verbatim:
    given: Sequence[Any] = value if isinstance(value, tuple) else str(value).split("\n")
    return Verbatim("\n".join(escape(str(line).strip()) for line in given if str(line).strip()))


def _paragraphs(value: Any) -> Verbatim:
    """A text of several lines, each a paragraph of its own."""
    return Verbatim("\n\n".join(escape(line.strip()) for line in str(value).split("\n") if line.strip()))


def _default(value: Any, other: Any = "") -> Any:
    """Other words where the fact is not known; one that is known in the other language stays missing."""
    return other if isinstance(value, Missing) and not value.elsewhere else value


def _elsewhere(value: Any, words: str) -> Any:
    """Words that stand for a fact which is known in the other language only."""
    return words if isinstance(value, Missing) and value.elsewhere else value


def _lower_first(language: str, decliner: Decliner, value: Any) -> str:
    return phrases.lower_first(str(value), language, decliner.names)


def filters_of(language: str) -> dict[str, Callable[..., Any]]:
    """All filters for a language, the same for every run: case forms go through the decliner of its `Seen`."""
    by_language: dict[str, Callable[..., Any]] = {
        **{case.value: partial(_decline, language, case) for case in OBLIQUE},
        "salutation": partial(_salutation, language),
        "ordinal": lambda number, gender="m": phrases.ordinal(int(number), language, gender),
        "ordinal_in_words": lambda number, gender="m": phrases.ordinal_in_words(int(number), language, gender),
        "anniversary": lambda years: phrases.anniversary(int(years), language),
        "in_words": lambda number, gender="m": phrases.in_words(int(number), language, gender),
        "sum_in_words": lambda kopecks: phrases.sum_in_words(int(kopecks), language),
        "money": lambda kopecks: phrases.money(int(kopecks), language),
        "date": lambda value: phrases.long_date(value, language),
        "short_date": lambda value: phrases.short_date(value, language),
        "day_month": lambda value: phrases.day_month(value, language),
        "weekday": lambda value: phrases.weekday(value, language),
        "dates": partial(_dates, phrases.span, language, "dates"),
        "from_to": partial(_dates, phrases.from_to, language, "from_to"),
        "plural": lambda number, *forms: phrases.plural(int(number), forms, language),
        "listing": lambda values: phrases.listing(_words(values), language),
        "join": _join,
        "pick": _pick,
        "lines": _lines,
        "paragraphs": _paragraphs,
        "upper": lambda value: str(value).upper(),
        "upper_first": lambda value: phrases.upper_first(str(value)),
        "lower_first": partial(_lower_first, language),
        "full_stop": lambda value: phrases.full_stop(str(value)),
        "quotation": lambda value: phrases.quotation(str(value), language),
        "needed": lambda value: Verbatim(str(value)[:0]),
        "length": len,
    }
    filters = {name: _passing(name, function) for name, function in by_language.items()}
    return {**filters, "default": _default, "elsewhere": _elsewhere}
