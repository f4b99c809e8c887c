"""Which routes a traveller has across a border: rules matched against facts, side by side, never guessed.

No rule is never "no visa needed"; an overlay alone is no route; a rule that has ended is shown and referred to a
person. Days before the border are counted on both countries' calendars, duties after it on that of the country
visited.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflow.knowledge.calendars import WorkingCalendar, roll_back, roll_forward, shift, working_calendar
from workflow.knowledge.visa_checks import CheckContext, Document, Verdict, judge
from workflow.knowledge.visa_facts import (
    Fact,
    Standing,
    Traveller,
    nearly_matches,
    standing_of,
    unmatched_facts,
    unmet_when,
)
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Item, Label, Rule, TimePoint

CalendarMaker = Callable[..., WorkingCalendar]


class AnswerKind(StrEnum):
    """What the rules say."""

    ROUTES = "routes"
    QUESTIONS = "questions"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day, and how it was reckoned."""

    day: date
    basis: str
    anchor: str
    anchor_day: date
    offset: int
    unit: str
    rolled: bool
    calendar: WorkingCalendar

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Name the countries whose days off are not certain in the years between."""
        years = {self.day.year, self.anchor_day.year}
        return tuple(key for key in self.calendar.keys if any(key in self._open(year) for year in years))

    def _open(self, year: int) -> tuple[str, ...]:
        counts = self.unit == "workday" or self.rolled
        return self.calendar.uncertain_keys(year) if counts else ()


@dataclass(frozen=True, slots=True)
class RouteItem:
    """One item of a route, with its due day and what its checks say already."""

    item: Item
    rule: Rule
    due: DueDay | None
    verdicts: tuple[Verdict, ...]
    questions: frozenset[Fact]


@dataclass(frozen=True, slots=True)
class Route:
    """One way across the border."""

    rule: Rule
    overlays: tuple[Rule, ...]
    standing: Standing
    stale: bool
    milestones: Mapping[str, DueDay] = field(hash=False)
    items: tuple[RouteItem, ...] = ()
    doubts: tuple[Label, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        """Tell whether people have reviewed every rule of it, without a doubt left: then nothing else is needed."""
        rules = (self.rule, *self.overlays)
        fine = all(rule.status == "reviewed" and rule.confidence != "low" for rule in rules)
        return fine and not self.doubts and not self.stale and self.standing is Standing.IN_FORCE

    @property
    def questions(self) -> frozenset[Fact]:
        """Collect the facts that its items still ask for."""
        return frozenset().union(*(item.questions for item in self.items))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say of one traveller."""

    kind: AnswerKind
    routes: tuple[Route, ...]
    possible: tuple[Route, ...]
    referred: tuple[Route, ...]
    overlays: tuple[Rule, ...]
    questions: tuple[Fact, ...]
    near: tuple[tuple[Rule, frozenset[Fact]], ...] = ()
    """Where there is no rule: those that would be for the traveller, were it not for these facts."""


def routes_for(
    rules: RuleSet,
    facts: Traveller,
    today: date,
    *,
    documents: Mapping[str, Document] | None = None,
    calendars: CalendarMaker = working_calendar,
) -> Answer:
    """Find the routes of a traveller, side by side.

    `routes` are in force for the whole stay; `referred` would be, but have ended or not begun: somebody confirms.
    `documents` are what is known of papers by item code, the passport among them.
    `possible` wait for an answer: questions are the facts whose absence kept a rule undecided.
    """
    sure: list[Rule] = []
    open_rules: list[Rule] = []
    asked: set[Fact] = set()
    for rule in rules.of_border(facts.direction, facts.destination, facts.citizenship):
        missing = unmatched_facts(rule, facts, rules.groups)
        if missing is None:
            continue
        if missing:
            asked |= missing
            open_rules.append(rule)
        else:
            sure.append(rule)
    overlays = tuple(r for r in sure if r.kind == "overlay" and standing_of(r, facts) is Standing.IN_FORCE)
    ways, maybe = (
        [
            build_route(rule, overlays, facts, today, rules=rules, documents=documents, calendars=calendars)
            for rule in some
            if rule.kind == "base"
        ]
        for some in (sure, open_rules)
    )
    routes = tuple(way for way in ways if way.standing is Standing.IN_FORCE)
    referred = tuple(way for way in ways if way.standing is not Standing.IN_FORCE)
    asked |= set().union(*(way.questions for way in routes))
    kind = AnswerKind.NO_RULE
    if routes:
        kind = AnswerKind.ROUTES
    elif maybe:
        kind = AnswerKind.QUESTIONS
    near = _near(rules, facts) if kind is AnswerKind.NO_RULE else ()
    return Answer(kind, routes, tuple(maybe), referred, overlays, tuple(fact for fact in Fact if fact in asked), near)


def _near(rules: RuleSet, facts: Traveller) -> tuple[tuple[Rule, frozenset[Fact]], ...]:
    found = (
        (rule, nearly_matches(rule, facts, rules.groups))
        for rule in rules.of_border(facts.direction, facts.destination, facts.citizenship)
        if rule.kind == "base"
    )
    return tuple((rule, against) for rule, against in found if against)


def build_route(
    rule: Rule,
    overlays: tuple[Rule, ...],
    facts: Traveller,
    today: date,
    *,
    rules: RuleSet | None = None,
    documents: Mapping[str, Document] | None = None,
    calendars: CalendarMaker = working_calendar,
) -> Route:
    """Reckon one rule with its overlays for a traveller: its days, its items, its checks, its doubts."""
    reckoner = _Reckoner(facts, calendars)
    reckoner.take_milestones(rule)
    stale = any(each.is_stale(today) for each in (rule, *overlays))
    items = tuple(
        entry
        for source in (rule, *overlays)
        for item in source.items
        if (entry := reckoner.item(item, source, documents or {})) is not None
    )
    doubts = tuple(
        doubt
        for source in (rule, *overlays)
        for doubt in (source.doubts if rules is None else rules.doubts_of(source, facts.destination, facts.citizenship))
    )
    return Route(rule, overlays, standing_of(rule, facts), stale, reckoner.milestones, items, doubts)


def calendar_keys(facts: Traveller, *, after: bool) -> tuple[str, ...]:
    """Name the countries whose working days count, before the border or after it."""
    inbound = facts.direction == "inbound"
    there = facts.citizenship if inbound else facts.destination
    visited = facts.home if inbound else facts.destination
    keys = (visited,) if after else (facts.home, there)
    return tuple(dict.fromkeys(key for key in keys if key)) or (facts.home,)


class _Reckoner:
    """Counts the days of one route for one traveller."""

    def __init__(self, facts: Traveller, calendars: CalendarMaker) -> None:
        self.facts = facts
        self.before = calendars(*calendar_keys(facts, after=False))
        self.after = calendars(*calendar_keys(facts, after=True))
        self.anchors: dict[str, date | None] = {
            "departure": facts.first_day,
            "arrival": facts.first_day,
            "return": facts.last_day,
        }
        self.milestones: dict[str, DueDay] = {}

    def take_milestones(self, rule: Rule) -> None:
        points = {
            "submit_earliest": rule.timeline.submit_earliest,
            "submit_latest": rule.timeline.submit_latest,
            "petition_latest": rule.timeline.petition_latest,
        }
        for code, point in points.items():
            reckoned = self.day(point) if point is not None else None
            if reckoned is not None:
                self.milestones[code] = reckoned
        for anchor in ("submit", "petition"):
            latest = self.milestones.get(f"{anchor}_latest")
            self.anchors[anchor] = latest.day if latest else None

    def day(self, point: TimePoint) -> DueDay | None:
        anchor_day = self.anchors.get(point.anchor)
        if anchor_day is None:
            return None
        calendar = self.after if point.offset > 0 else self.before
        counted = shift(anchor_day, point.offset, point.unit, calendar)
        day = counted
        if point.roll == "previous_workday":
            day = roll_back(counted, calendar)
        elif point.roll == "next_workday":
            day = roll_forward(counted, calendar)
        rolled = point.roll is not None
        return DueDay(day, point.basis, point.anchor, anchor_day, point.offset, point.unit, rolled, calendar)

    def item(self, item: Item, source: Rule, documents: Mapping[str, Document]) -> RouteItem | None:
        questions = unmet_when(item.when, self.facts)
        if questions is None:
            return None
        document = documents.get(item.code, Document())
        context = CheckContext(self.anchors, self.facts.destination, self.before, self.facts.through)
        verdicts = tuple(judge(check, document, context) for check in item.valid)
        due = self.day(item.due) if item.due is not None else None
        return RouteItem(item, source, due, verdicts, questions)
