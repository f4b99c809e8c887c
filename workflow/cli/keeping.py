"""`delegations user` and `delegations import`: people who may sign in, and a department's past."""

from pathlib import Path

import click

from tasks.runtime import runtime_of
from workflow.accounts.service import create_account
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import DomainError
from workflow.base.settings import Settings, SettingsError, read_settings
from workflow.base.unit_of_work import unit_of_work
from workflow.demo.history import import_record
from workflow.demo.record import RecordFaults
from workflow.web.sentences import say


@click.group()
def user() -> None:
    """Keep accounts."""


@user.command()
@click.argument("email")
@click.option("--name-ru", default="", help="Full name as written in Russian.")
@click.option("--name-en", default="", help="Full name in Latin letters.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]),
              help="May be repeated.")  # fmt: skip
@click.option("--locale", type=click.Choice(["ru", "en"]), default="ru", show_default=True)
@click.option("--zone", default="Europe/Moscow", show_default=True)
@click.password_option(help="Asked for when not given; better not given, for it stays in the shell's history.")
def add(email: str, name_ru: str, name_en: str, roles: tuple[str, ...], locale: str, zone: str, password: str) -> None:
    """Make an account for EMAIL."""
    settings = _settings()
    app = create_app(settings)
    try:
        with runtime_of(settings, app) as runtime, runtime.session() as session, unit_of_work(session):
            account = create_account(
                session, SYSTEM, clock.now(), email=email, name_ru=name_ru, name_en=name_en, roles=roles,
                password=password, locale=locale, zone=zone,
            )  # fmt: skip
            click.echo(f"account {account.id}: {email}, {', '.join(sorted(roles))}")
    except DomainError as error:
        with app.test_request_context():
            said = "; ".join(say(problem) for problem in error.problems)
        raise click.ClickException(said) from error


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def import_history(folder: Path) -> None:
    """Import a department's past visits, partners and agreements from FOLDER; the same again adds nothing."""
    settings = _settings()
    try:
        with (
            runtime_of(settings, create_app(settings)) as runtime, runtime.session() as session, unit_of_work(session),
        ):  # fmt: skip
            added = import_record(session, SYSTEM, clock.now(), folder,
                                  lambda name, count: click.echo(f"  {name}: {count}", err=True))
    except RecordFaults as error:
        raise click.ClickException("\n".join(["nothing was taken over:", *error.faults])) from error
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be read: {error}") from error
    for name, count in added.items():
        click.echo(f"{name}: {count} added")


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
