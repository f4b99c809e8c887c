"""Visa rules that the office keeps itself: edited, confirmed and retired in versions, over the files of its pack."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.events import record
from workflow.base.jobs import enqueue
from workflow.knowledge.lined_yaml import InvalidFilesError, read_lined_yaml
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Rule
from workflow.office.queries import our_pack, our_zone
from workflow.visas.faults import grammar_fault, rule_fault, schema_fault
from workflow.visas.models import KeptCountryList, KeptRule, VisaCase
from workflow.visas.pack import DEFAULT_PACK, pack_rules
from workflow.visas.rules import LIVE
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

MAX_TEXT = 60_000
_ID = re.compile(r"[a-z][a-z0-9_.-]{1,79}")
RESERVED = frozenset({"new", "lists"})
"""Words that the addresses of pages use where ids of rules stand."""


def pack_in_use(session: Session) -> str:
    """Name the pack by whose rules the office works."""
    return our_pack(session) or DEFAULT_PACK


def our_rules(session: Session) -> RuleSet:
    """Give the rules that the office works by: its pack's, and over them the versions that it keeps itself."""
    pack = pack_in_use(session)
    bodies = session.scalars(select(KeptRule.body).where(KeptRule.pack == pack).order_by(KeptRule.id)).all()
    lists = session.execute(
        select(KeptCountryList.name, KeptCountryList.countries, KeptCountryList.compared)
        .where(KeptCountryList.pack == pack).order_by(KeptCountryList.version)
    ).all()  # fmt: skip
    if not bodies and not lists:
        return pack_rules(pack)
    return _merged(pack, tuple(json.dumps(body, sort_keys=True) for body in bodies),
                   tuple((row.name, tuple(row.countries), row.compared) for row in lists))  # fmt: skip


@lru_cache(maxsize=16)
def _merged(pack: str, kept: tuple[str, ...], lists: tuple[tuple[str, tuple[str, ...], bool], ...]) -> RuleSet:
    own = pack_rules(pack)
    groups, doubts = dict(own.groups), dict(own.group_doubts)
    for name, countries, compared in lists:
        if name in groups:
            groups[name] = frozenset(countries)
            if compared:
                doubts.pop(name, None)
            elif name in own.group_doubts:
                doubts[name] = own.group_doubts[name]
    ours = [_read_kept(json.loads(body), own) for body in kept]
    taken = {(rule.id, rule.version) for rule in ours}  # a newer pack may number a rule as the office did before
    rules = (*(rule for rule in own.rules if (rule.id, rule.version) not in taken), *ours)
    return replace(own, groups=groups, group_doubts=doubts, rules=rules)


def _read_kept(body: dict[str, Any], own: RuleSet) -> Rule:
    """Read a version that the office keeps. What it was written too early to say, the pack's rule of that name says.

    Older versions do not know that one thing may serve several borders; newer ones say it of each thing, yes or no.
    """
    shared = {
        (item.code, item.kind) for rule in own.rules if rule.id == body["id"] for item in rule.items if item.shared
    }  # fmt: skip
    items = [
        {"shared": (item["code"], item["kind"]) in shared and item["scope"] == "traveller" and "store" not in item,
         **item} for item in body.get("items", ())
    ]  # fmt: skip
    return Rule.model_validate({**body, "items": items})


def _written(rule: Rule) -> dict[str, Any]:
    """Write a rule as it is kept: short, and of each thing whether it serves several borders."""
    body = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    shared = {item.code: item.shared for item in rule.items}
    return {**body, "items": [{**item, "shared": shared[item["code"]]} for item in body.get("items", ())]}


def rule_text(rule: Rule) -> str:
    """Write a rule as the YAML that a person edits; id, version and status are not in it."""
    plain = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"id", "version", "status"})
    return yaml.safe_dump(_short(plain), allow_unicode=True, sort_keys=False, width=100)


def _short(plain: Any) -> Any:
    """Write sets of countries in their short forms: `any`, or a list."""
    if isinstance(plain, dict):
        if plain == {"every": True}:
            return "any"
        if set(plain) == {"only"}:
            return list(plain["only"])
        return {key: _short(value) for key, value in plain.items()}
    return [_short(each) for each in plain] if isinstance(plain, list) else plain


def read_rule(text: str, *, rule_id: str, version: int, status: str, rules: RuleSet) -> Rule:
    """Read a rule as a person edited it.

    Raises:
        Invalid: with the line and what is wrong there.
    """
    if len(text) > MAX_TEXT:
        raise Invalid("base.too-long", field="text", limit=MAX_TEXT)
    try:
        lined = read_lined_yaml("rule", text)
    except InvalidFilesError as error:
        raise grammar_fault(error) from error
    if not isinstance(lined.data, dict):
        raise rule_fault(1, "no-rule")
    try:
        rule = Rule.model_validate({**lined.data, "id": rule_id, "version": version, "status": status})
    except ValidationError as error:
        raise schema_fault(lined, error) from error
    about = rule.applies_to
    groups = {*about.destination.group_names(), *about.nationality.group_names()} - set(rules.groups)
    if groups:
        raise rule_fault(lined.line_of(("applies_to",)), "no-list", names=", ".join(sorted(groups)))
    return rule


def find_rule(session: Session, rule_id: str) -> Rule:
    """Give the newest version of a rule, a retired one too.

    Raises:
        NotFound: there is none of that name.
    """
    found = [rule for rule in our_rules(session).rules if rule.id == rule_id]
    if not found:
        raise NotFound("visa-rule")
    return max(found, key=lambda rule: rule.version)


def keep_rule(
    session: Session, actor: Actor, now: datetime, rule_id: str, text: str, *, remark: str, seen_version: int
) -> KeptRule:
    """Keep an edited rule as its next version, a draft until somebody confirms it.

    Raises:
        Forbidden: the actor does not keep visa rules.
        Invalid: the text is no rule, or nothing says why it was changed.
        Conflict: somebody kept a version meanwhile, or nothing is changed.
    """
    before = _newest(session, actor, rule_id, seen_version)
    rule = read_rule(text, rule_id=rule_id, version=before.version + 1, status="draft", rules=our_rules(session))
    if rule.model_copy(update={"version": before.version, "status": before.status}) == before:
        raise Conflict("visas.rule-unchanged")
    return _keep(session, actor, now, rule, remark)


def add_rule(session: Session, actor: Actor, now: datetime, rule_id: str, text: str, *, remark: str) -> KeptRule:
    """Keep a rule that there was not yet, a draft until somebody confirms it.

    Raises:
        Forbidden: the actor does not keep visa rules.
        Invalid: the name is taken or no name, the text is no rule, or nothing says by what source.
    """
    if not actor.may(Permission.VISAS_RULES):
        raise Forbidden
    return _keep(session, actor, now, read_new_rule(session, rule_id, text), remark)


def read_new_rule(session: Session, rule_id: str, text: str) -> Rule:
    """Read the first version of a rule as a person wrote it.

    Raises:
        Invalid: the name is taken or no name, or the text is no rule.
    """
    rules = our_rules(session)
    if not _ID.fullmatch(rule_id) or rule_id in RESERVED:
        raise Invalid("visas.rule-name", field="rule_id")
    if any(rule.id == rule_id for rule in rules.rules):
        raise Invalid("visas.rule-name-taken", field="rule_id")
    return read_rule(text, rule_id=rule_id, version=1, status="draft", rules=rules)


def confirm_rule(
    session: Session, actor: Actor, now: datetime, rule_id: str, *, remark: str, review_by: date, seen_version: int,
    settled: bool = False,
) -> KeptRule:  # fmt: skip
    """Confirm a rule as it stands: a person has checked each value against its source, and says when to look again.

    *settled* says that the doubts noted with the rule are answered; else they stay with it, and no answer of it says
    that nothing else is needed.

    Raises:
        Forbidden: the actor does not keep visa rules.
        Invalid: who confirmed it is not said, or the day of the next look does not lie ahead.
        Conflict: somebody kept a version meanwhile.
    """
    before = _newest(session, actor, rule_id, seen_version)
    if review_by <= local_date(now, our_zone(session)):
        raise Invalid("visas.review-ahead", field="review_by")
    update: dict[str, Any] = {"version": before.version + 1, "status": "reviewed", "review_by": review_by}
    if settled:
        update["doubts"] = ()
    return _keep(session, actor, now, before.model_copy(update=update), remark)


def retire_rule(
    session: Session, actor: Actor, now: datetime, rule_id: str, *, remark: str, seen_version: int
) -> KeptRule:
    """Take a rule out of use; cases that were chosen by it keep it.

    Raises:
        Forbidden, Invalid, Conflict: as for `keep_rule`.
    """
    before = _newest(session, actor, rule_id, seen_version)
    if before.status == "retired":
        raise Conflict("visas.rule-unchanged")
    return _keep(session, actor, now, before.model_copy(update={"version": before.version + 1, "status": "retired"}),
                 remark)  # fmt: skip


def _newest(session: Session, actor: Actor, rule_id: str, seen_version: int) -> Rule:
    if not actor.may(Permission.VISAS_RULES):
        raise Forbidden
    rule = find_rule(session, rule_id)
    if rule.version != seen_version:
        raise Conflict("visas.rule-meanwhile")
    return rule


def _keep(session: Session, actor: Actor, now: datetime, rule: Rule, remark: str) -> KeptRule:
    row = KeptRule(
        rule_id=rule.id, version=rule.version, status=rule.status, body=_written(rule),
    )  # fmt: skip
    keep_version(session, actor, now, row, remark, event="kept" if rule.status == "draft" else rule.status,
                 changes={"rule": (None, f"{rule.id} {rule.version}")})  # fmt: skip
    return row


def keep_version(
    session: Session, actor: Actor, now: datetime, row: KeptRule | KeptCountryList, remark: str, *, event: str,
    changes: Mapping[str, tuple[Any, Any]],
) -> None:  # fmt: skip
    """Keep one more version of a rule or of a list that rules lean on; open cases are reckoned anew.

    Raises:
        Invalid: nothing says why, and by what source.
        Conflict: somebody kept a version meanwhile.
    """
    words = " ".join(remark.split())[:1000]
    if not words:
        raise Invalid("visas.rule-why", field="remark")
    row.pack, row.remark, row.kept_at, row.kept_by = pack_in_use(session), words, now, actor.account_id
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("visas.rule-meanwhile") from error
    what = "rule" if isinstance(row, KeptRule) else "list"
    _reckon_open_cases(session, actor, now, f"{what}.{row.id}")
    record(session, actor, now, f"visas.{what}.{event}", subject=row, changes=dict(changes), note=words)


def _reckon_open_cases(session: Session, actor: Actor, now: datetime, why: str) -> None:
    """Ask for a new reckoning of every visit with open cases; *why* makes the jobs' keys unique."""
    for visit_id in session.scalars(_with_open_cases()).all():
        enqueue(session, now, "visas.recompute", f"visas.recompute.visit.{visit_id}.{why}",
                {"visit_id": visit_id}, visit_id=visit_id, request_id=actor.request_id)  # fmt: skip


def _with_open_cases() -> Select[tuple[int]]:
    return (
        select(VisaCase.visit_id).join(Visit, Visit.id == VisaCase.visit_id).distinct()
        .where(VisaCase.state.in_([state.value for state in LIVE]),
               Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]))
    )  # fmt: skip


@dataclass(frozen=True)
class RuleVersion:
    """One version of a rule: where it lies, who kept it and why, and how it differs from the one before."""

    rule: Rule
    kept: KeptRule | None
    difference: Sequence[str]


def versions_of(session: Session, rule_id: str) -> list[RuleVersion]:
    """List the versions of a rule, the newest first."""
    rules = sorted((rule for rule in our_rules(session).rules if rule.id == rule_id), key=lambda rule: rule.version)
    ours = select(KeptRule).where(KeptRule.pack == pack_in_use(session), KeptRule.rule_id == rule_id)
    rows = {row.version: row for row in session.scalars(ours)}
    found = []
    before = ""
    for rule in rules:
        text = rule_text(rule)
        lines = difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=1) if before else ()
        changed = [line for line in lines if line[:3] not in ("---", "+++")]
        found.append(RuleVersion(rule, rows.get(rule.version), changed))
        before = text
    return found[::-1]
