"""How a case is shown: due days with their arithmetic, checks and changes as sentences, names of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.base.reasons import Sentence
from workflow.knowledge.countries import country_name
from workflow.knowledge.stays import StayCount
from workflow.knowledge.visa_facts import ADULT, Traveller
from workflow.knowledge.visa_routes import DueDay, RouteItem
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.reckoning import due_as_data, verdicts_as_data
from workflow.visas.sentences import SENTENCES

_DATES = ("limit", "expires", "issued", "first", "last", "old", "new")


def arithmetic(due: Mapping[str, Any], calendars: Sequence[str]) -> list[Sentence]:
    """Say how a day was reckoned: «20 раб. дн. до подачи (19 февраля 2027)», on which calendars, how certain."""
    if not due:
        return []
    offset = int(due["offset"])
    when = "on" if offset == 0 else "before" if offset < 0 else "after"
    counted = Sentence(f"visas.span-{due['unit']}", {"number": abs(offset)})
    span = Sentence("visas.span-none") if offset == 0 else counted
    anchor_day = date.fromisoformat(due["anchor_day"])
    told = [
        Sentence(
            "visas.arithmetic",
            {"span": span, "anchor": Sentence(f"visas.{when}-{due['anchor']}"), "day": anchor_day},
        )
    ]
    if due["unit"] == "workday" or due.get("rolled"):
        told.append(Sentence("visas.arithmetic-calendars", {"calendars": countries(calendars)}))
    elif offset:
        told.append(Sentence("visas.arithmetic-all-days"))
    if due.get("uncertain"):
        told.append(Sentence("visas.arithmetic-uncertain", {"calendars": countries(due["uncertain"])}))
    return told


def due_arithmetic(due: DueDay) -> list[Sentence]:
    """Say how a day of a route was reckoned."""
    return arithmetic(due_as_data(due), due.calendar.keys)


def facts_told(facts: Traveller) -> list[Sentence]:
    """Say what was asked of the rules: only what is known, and of a birth date only whether it makes a minor."""
    told = [Sentence("visas.fact-to", {"country": countries([facts.destination or ""])})]
    if facts.citizenship:
        told.append(Sentence("visas.fact-citizen", {"country": countries([facts.citizenship])}))
    if facts.passport_type:
        told.append(Sentence("visas.fact-passport", {"kind": Sentence(f"visas.kind-{facts.passport_type}")}))
    if facts.purpose:
        told.append(Sentence("visas.fact-purpose", {"purpose": Sentence(f"visas.purpose-{facts.purpose}")}))
    if facts.stay_days:
        told.append(Sentence("visas.fact-stay", {"first": facts.first_day, "last": facts.last_day,
                                                 "number": facts.stay_days}))  # fmt: skip
    if facts.entries:
        told.append(Sentence("visas.fact-entries", {"entries": Sentence(f"visas.entries-{facts.entries}")}))
    if facts.age is not None:
        told.append(Sentence("visas.fact-minor" if facts.age < ADULT else "visas.fact-adult"))
    if facts.transit:
        told.append(Sentence("visas.fact-transit"))
    return told


def countries(codes: Sequence[str]) -> dict[str, str]:
    """Name countries in both languages."""
    return {
        language: " + ".join(country_name(code, language) for code in codes) for language in ("ru", "en")
    }


def stays_counted(count: StayCount) -> Sentence:
    """Say how stays were counted together."""
    params = {"total": count.total, "limit": count.limit, "this": count.this, "earlier": count.earlier}
    return Sentence("visas.stays-count", {**params, "since": count.since, "until": count.until})


@dataclass(frozen=True)
class ShownCheck:
    """A check with its sentence."""

    result: str
    severity: str
    unverified: bool
    sentence: Sentence


def shown_checks(verdicts: Sequence[Mapping[str, Any]]) -> list[ShownCheck]:
    """Give checks as sentences; what is not known yet shows as an ellipsis."""
    return [
        ShownCheck(
            one["result"],
            one["severity"],
            bool(one.get("unverified")),
            Sentence(f"visas.check-{one['rule'].replace('_', '-')}", _params(one["params"])),
        )
        for one in verdicts
    ]


def verdicts_of(entry: RouteItem) -> list[Any]:
    """Give what the checks say of an item of a route that nobody has taken yet."""
    return verdicts_as_data(entry.verdicts)


def titles_of(case: VisaCase) -> dict[str, dict[str, str]]:
    """Name the things of a case by their codes."""
    return {item.code: {"ru": item.title("ru"), "en": item.title("en")} for item in case.items}


def shown_changes(changes: Sequence[Mapping[str, Any]], titles: Mapping[str, Any]) -> list[Sentence]:
    """Give what the last reckoning changed as sentences; *titles* name the things."""
    told = []
    for change in changes or []:
        params = _params({name: value for name, value in change.items() if name != "code"})
        if "item" in params:
            params["item"] = titles.get(params["item"], params["item"])
        told.append(Sentence(change["code"], params))
    return told


def reason_of(item: ChecklistItem) -> Sentence | str:
    """Give why an item was sent back or waived: a person's words, or the check that fails."""
    if item.reason not in SENTENCES:
        return item.reason
    failed = next((one for one in item.verdicts if f"visas.check-{one['rule'].replace('_', '-')}" == item.reason), None)
    return Sentence(item.reason, _params(failed["params"] if failed else {}))


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(params)
    for name in _DATES:
        value = shown.get(name)
        if isinstance(value, str):
            shown[name] = date.fromisoformat(value)
        elif name in shown and value is None:
            shown[name] = "—"
    if isinstance(shown.get("country"), str):
        shown["country"] = countries([shown["country"]])
    return shown


def due_kind(due_on: date | None, today: date, *, finished: bool) -> str:
    """Tell how urgent a due day is: late, soon or calm."""
    if due_on is None or finished:
        return "calm"
    if due_on < today:
        return "late"
    return "soon" if (due_on - today).days <= 7 else "calm"
