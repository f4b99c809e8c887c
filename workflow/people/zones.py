"""What a page shows of a zone that somebody pasted: each digit judged, doubtful characters marked, names compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.base.reasons import Sentence
from workflow.knowledge.mrz.codes import DocumentKind, country_of, kind_of
from workflow.knowledge.mrz.matching import Match, explain
from workflow.knowledge.mrz.parsing import parse
from workflow.knowledge.mrz.repairing import Doubt, Doubts, doubts
from workflow.knowledge.mrz.shapes import FILLER, Zone
from workflow.people.models import PassportType

_TYPES = {
    DocumentKind.ORDINARY: PassportType.ORDINARY,
    DocumentKind.SERVICE: PassportType.SERVICE,
    DocumentKind.DIPLOMATIC: PassportType.DIPLOMATIC,
}


@dataclass(frozen=True)
class Run:
    """Characters of a line that are marked alike: "", "right", "wrong" (check digits) or "doubt"."""

    text: str
    mark: str


@dataclass(frozen=True)
class Judgement:
    """One check digit as a page shows it."""

    what: Sentence
    right: bool
    stated: str
    computed: str


@dataclass(frozen=True)
class Reading:
    """A pasted zone, read and judged, and the fields that it fills."""

    text: str
    zone: Zone
    lines: tuple[tuple[Run, ...], ...] = ()
    judgements: tuple[Judgement, ...] = ()
    doubts: tuple[Sentence, ...] = ()
    corrections: tuple[tuple[Sentence, str], ...] = ()
    remarks: tuple[Sentence, ...] = ()
    names: tuple[Sentence, ...] = ()
    names_agree: bool | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def read_zone(text: str, today: date, *, family: str = "", given: str = "") -> Reading:
    """Read a pasted zone for a page; *family* and *given* are the Latin name typed so far, to be compared with it."""
    zone = parse(text, today)
    found = doubts(zone, today)
    match = explain(family, given, zone.family, zone.given, cut=zone.cut) if zone.format and (family or given) else None
    return Reading(
        text=text,
        zone=zone,
        lines=_marked(zone, found),
        judgements=tuple(
            Judgement(Sentence(f"people.zone-digit-{check.part}"), check.right, check.stated, check.computed)
            for check in zone.checks
        ),
        doubts=_sentences(found),
        corrections=tuple(
            (_change(one.doubts[-1]), "\n".join(one.lines))
            for one in found.corrections
        ),
        remarks=tuple(Sentence(f"people.zone-{remark}") for remark in zone.warnings),
        names=_name_sentences(match),
        names_agree=None if match is None else match.explained,
        fields=fields_of(zone),
    )  # fmt: skip


def _change(one: Doubt) -> Sentence:
    said: dict[str, Any] = {"line": one.line + 1, "place": one.place + 1, "found": one.found, "instead": one.instead}
    if len(one.found) > 1:
        return Sentence("people.zone-swapped", {**said, "next": one.place + len(one.found)})
    return Sentence("people.zone-change", said)


def _sentences(found: Doubts) -> tuple[Sentence, ...]:
    said = [
        _change(one) if one.instead
        else Sentence("people.zone-look", {"line": one.line + 1, "place": one.place + 1, "found": one.found})
        for one in found.marked
    ]  # fmt: skip
    said += [
        Sentence("people.zone-somewhere", {"line": line + 1, "first": start + 1, "last": end})
        for line, start, end in found.fields
    ]
    return tuple(said)


def _marked(zone: Zone, found: Doubts) -> tuple[tuple[Run, ...], ...]:
    marks = {(check.line, check.place): "right" if check.right else "wrong" for check in zone.checks}
    marks |= {(line, place): "doubt" for line, start, end in found.fields for place in range(start, end)
              if (line, place) not in marks}  # fmt: skip
    marks |= {(one.line, one.place + step): "doubt" for one in found.marked for step in range(len(one.found))}
    lines = []
    for number, line in enumerate(zone.lines):
        runs: list[Run] = []
        for place, letter in enumerate(line):
            mark = marks.get((number, place), "")
            if runs and runs[-1].mark == mark and mark in ("", "doubt"):
                runs[-1] = Run(runs[-1].text + letter, mark)
            else:
                runs.append(Run(letter, mark))
        lines.append(tuple(runs))
    return tuple(lines)


def _name_sentences(match: Match | None) -> tuple[Sentence, ...]:
    if match is None:
        return ()
    if match.same:
        return (Sentence("people.names-same"),)
    return tuple(
        Sentence(f"people.names-{note.kind}", {"typed": note.typed, "zone": note.zone}) for note in match.notes
    )


def fields_of(zone: Zone) -> dict[str, Any]:
    """Give what a zone fills in, by names of our forms' fields; what it does not tell is left out."""
    if zone.format is None:
        return {}
    kind = kind_of(zone.code, zone.nationality).kind
    number = zone.number.replace(FILLER, "") if zone.lost is None or FILLER not in zone.number else ""
    filled: dict[str, Any] = {
        "latin_family": zone.family, "latin_given": zone.given, "number": number,
        "country": country_of(zone.state), "citizenship": country_of(zone.nationality),
        "sex": zone.sex if zone.sex in ("male", "female") else "", "type": _TYPES.get(kind, ""),
        "expires_on": zone.expiry.day if zone.expiry else None, "birth_date": zone.birth.day if zone.birth else None,
    }  # fmt: skip
    return {name: value for name, value in filled.items() if value not in ("", None)}


def is_proof(reading: Reading, *, number: str, expires_on: date | None) -> bool:
    """Tell whether a zone whose digits all agree says the same number and expiry as the fields that are being saved."""
    zone, typed = reading.zone, "".join(number.split()).upper()
    return zone.sound and zone.number == typed and zone.expiry is not None and zone.expiry.day == expires_on
