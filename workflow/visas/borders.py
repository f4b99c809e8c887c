"""Which borders the people of a visit cross: that of its country, and others told of it. Pure decisions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from workflow.visas.rules import Entries

_ORDER: list[str] = [each.value for each in Entries]


class Told(Protocol):
    """What somebody told of one border: a row of the table."""

    @property
    def country(self) -> str:
        """The country that is entered."""

    @property
    def first_day(self) -> date | None:
        """The first day there, if not that of the visit."""

    @property
    def last_day(self) -> date | None:
        """The last day there."""

    @property
    def entries(self) -> str:
        """How often the border is crossed, an `Entries`."""

    @property
    def transit(self) -> bool:
        """Whether people only pass through."""


@dataclass(frozen=True, slots=True)
class Border:
    """One border to cross; without days of its own it lasts as long as the visit.

    `through` names further countries that the same visa serves.
    """

    direction: str
    destination: str
    first_day: date | None = None
    last_day: date | None = None
    entries: str = Entries.SINGLE.value
    transit: bool = False
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """The visit's own days, as far as known."""

    first: date | None
    last: date | None


def borders_of(
    base: tuple[str, str] | None, told: Iterable[Told], *, our_country: str, citizenships: Collection[str],
    days: Days, areas: Iterable[Collection[str]] = (),
) -> list[Border]:  # fmt: skip
    """List the borders of one traveller: *base* is the one of the visit's country, *told* are the others.

    Nobody needs anything to enter a country of which he is a citizen. Countries of one of the *areas* are one border,
    for one visa serves them: it is applied for where the stay is longest, and counts from the first day to the last.
    """
    others = {one.country: one for one in told}
    found = [_border(*base, others.pop(base[1], None))] if base else []
    for country, one in others.items():
        if country not in citizenships:
            found.append(_border("inbound" if country == our_country else "outbound", country, one))
    for area in areas:
        inside = [border for border in found if border.direction == "outbound" and border.destination in area]
        if len(inside) > 1:
            place = found.index(inside[0])
            found = [border for border in found if border not in inside]
            found.insert(place, _joined(inside, days))
    return found


def _border(direction: str, country: str, told: Told | None) -> Border:
    if told is None:
        return Border(direction, country)
    return Border(direction, country, told.first_day, told.last_day, told.entries, told.transit)


def _joined(inside: Sequence[Border], days: Days) -> Border:
    """Make one border of several in one area; without known days the first one stands for all."""
    whole = [(one.first_day or days.first, one.last_day or days.last, one) for one in inside]
    spans = [(first, last, one) for first, last, one in whole if first is not None and last is not None]
    main = max(spans, key=lambda span: (not span[2].transit, span[1] - span[0]))[2] if spans else inside[0]
    through = tuple(sorted(one.destination for one in inside if one is not main))
    entries = max((one.entries for one in inside), key=_ORDER.index)
    joined = replace(main, through=through, entries=entries, transit=all(one.transit for one in inside))
    if len(spans) < len(inside):
        return joined
    stays = _stays([(first, last) for first, last, _one in spans])
    at_least = _ORDER[min(len(stays), len(_ORDER)) - 1]
    return replace(joined, first_day=stays[0][0], last_day=stays[-1][1],
                   entries=max(entries, at_least, key=_ORDER.index))  # fmt: skip


def _stays(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Join days that follow on each other: the area is left between two stays, and entered again."""
    stays: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if stays and first <= stays[-1][1] + timedelta(days=1):
            stays[-1] = (stays[-1][0], max(last, stays[-1][1]))
        else:
            stays.append((first, last))
    return stays
