"""`delegations visas`: look through the visa rules of a pack."""

import sys
from datetime import date

import click

from workflow.base import clock
from workflow.knowledge.countries import country_name, is_known_country
from workflow.knowledge.lined_yaml import InvalidFilesError
from workflow.knowledge.visa_rule_review import Finding, Look, review
from workflow.visas.pack import pack_rules

FIRST_PACK = "ru-municipal"
SHOWN = 8
SERIOUS = frozenset({Look.EXPIRED, Look.STALE, Look.OVERLAP})


@click.group()
def visas() -> None:
    """Look through the visa rules."""


@visas.command("check")
@click.option("--pack", default=FIRST_PACK, show_default=True)
@click.option("--country", "countries", multiple=True, help="Ask about this country as well; may be repeated.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day instead of today.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a rule is expired, stale or contradicts another.")
def check_rules(pack: str, countries: tuple[str, ...], day: object, *, strict: bool) -> None:
    """List expired, stale, unconfirmed, doubtful and contradicting rules, and travellers for whom there is none.

    The rules come from the pack's files; those that an office keeps itself are on its page of visa rules.
    """
    unknown = [code for code in countries if not is_known_country(code)]
    if unknown:
        raise click.ClickException(f"no country of the table: {', '.join(unknown)}")
    try:
        rules = pack_rules(pack)
    except InvalidFilesError as error:
        raise click.ClickException(str(error)) from error
    today: date = day.date() if hasattr(day, "date") else clock.now().date()
    found = review(rules, today, countries=countries)
    click.echo(f"{pack}: {len(rules.current)} rules, {len(rules.groups)} groups of countries, as of {today}")
    for one in found:
        click.echo(f"{one.look.value:<12} {tell(one)}")
    if not found:
        click.echo("nothing to look at")
    sys.exit(int(strict and any(one.look in SERIOUS for one in found)))


def tell(one: Finding) -> str:
    """Say a finding in one line of English."""
    if one.look is Look.GAP:
        purposes = f" travelling for {', '.join(one.purposes)} purposes" if one.purposes else ""
        return f"{one.direction}: no rule for {', '.join(one.passports)} passports{purposes}: {_countries(one)}"
    if one.look is Look.OVERLAP:
        return f"{one.direction}: {' and '.join(one.rules)} contradict each other: {_countries(one)}"
    if one.look is Look.DOUBTFUL:
        return f"{one.group or ', '.join(one.rules)}: {one.doubt}"
    said = {Look.EXPIRED: "ended on", Look.STALE: "should have been looked at by",
            Look.UNCONFIRMED: "confirmed by nobody; evidence of"}  # fmt: skip
    return f"{', '.join(one.rules)}: {said[one.look]} {one.day}"


def _countries(one: Finding) -> str:
    names = [country_name(code, "en") for code in one.countries[:SHOWN]]
    rest = len(one.countries) - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest else "")
