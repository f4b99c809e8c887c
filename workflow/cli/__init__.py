"""The `delegations` command: starting, stopping, keeping and examining an installation.

Every command reads its settings from the environment (`DELEGATIONS_...`, `DATABASE_URL`, `REDIS_URL`); only `up` and
`demo` make keys of their own. What a person may do on a page is done here by the same service functions.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import DatabaseError, OperationalError

from workflow.base import clock
from workflow.base.database import is_full
from workflow.base.files import NO_ROOM
from workflow.base.settings import Settings, SettingsError, read_settings
from workflow.cli import backup as backups
from workflow.cli import doctor as doctors
from workflow.cli import keeping, starting
from workflow.cli.databases import BackupError
from workflow.cli.keys import keys
from workflow.cli.migrating import migrate as migrate_database
from workflow.cli.papers import papers
from workflow.cli.process import process, publish_and_tell
from workflow.cli.visas import visas
from workflow.knowledge.lined_yaml import InvalidFilesError


def settings_or_end(*, make_keys: bool = False) -> Settings:
    """Read the settings, or end with a sentence that says what is missing."""
    try:
        return read_settings(make_keys=make_keys)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


_NO_ROOM = "there is no room left on the disk: make room, then say it again"


class Commands(click.Group):
    """Commands that end with a sentence, not a traceback, when the database or a file is not as it must be.

    What they write is for the user alone that they run as.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        before = os.umask(0o077)
        try:
            return super().invoke(ctx)
        except InvalidFilesError as error:
            raise click.ClickException(f"these files have faults:\n{error}") from error
        except DatabaseError as error:
            said = str(error.orig).strip().split("\n", 1)[0]
            if "no such table" in said or isinstance(error.orig, UndefinedTable):
                raise click.ClickException("the database has no tables of this program: run `delegations migrate` "
                                           "first, or correct DATABASE_URL") from error  # fmt: skip
            if not isinstance(error, OperationalError):
                raise
            if is_full(error):
                raise click.ClickException(_NO_ROOM) from error
            raise click.ClickException(f"the database does not answer: {said}. Start it, or correct DATABASE_URL; "
                                       "`delegations doctor` examines the rest") from error  # fmt: skip
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise click.ClickException(_NO_ROOM) from error
        finally:
            os.umask(before)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="delegations")
def main() -> None:
    """Delegations: carries an official visit from the first letter to the filed report."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
def up(host: str, port: int) -> None:
    """Run everything in one process, on SQLite: pages, worker and scheduler.

    The data folder is DELEGATIONS_DATA_DIR, or ./data. An empty one begins with the page of the first administrator.
    """
    listener, port = starting.listen(host, port)
    starting.run_everything(starting.one_machine_settings(host, port), listener)


@main.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data"), show_default=True,
              help="The demo's own data folder.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--load-only", is_flag=True, help="Fill the data folder and end.")
def demo(data: Path, host: str, port: int, *, load_only: bool) -> None:
    """Fill a data folder of its own with invented visits, once, and run everything on it."""
    if load_only:
        starting.load_demo(starting.demo_settings(data, host, port))
        return
    listener, port = starting.listen(host, port)
    settings = starting.demo_settings(data, host, port)
    starting.load_demo(settings)
    starting.run_everything(settings, listener)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--processes", default=2, show_default=True, help="Processes; one or two for each core.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
def web(host: str, port: int, processes: int, threads: int) -> None:
    """Serve pages and the API (production)."""
    starting.run_web(settings_or_end(), host, port, processes=processes, threads=threads)


@main.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs done at the same time.")
def worker(concurrency: int) -> None:
    """Do the jobs that changes leave: mails, papers, reactions (production). Any number may run."""
    sys.exit(starting.run_worker(settings_or_end(), concurrency=concurrency))


@main.command()
def scheduler() -> None:
    """Ring for what is due (production). Two at once do no harm."""
    starting.run_scheduler(settings_or_end())


@main.command()
def migrate() -> None:
    """Bring the database to this program's schema, and publish its processes. Take a backup first."""
    settings = settings_or_end()
    before, after = migrate_database(settings)
    click.echo(f"schema {after}: nothing to do" if before == after else f"schema {before or 'empty'} → {after}")
    publish_and_tell(settings)


@main.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False),
              help="Also write the keys into this file; keep it in another place than the archive.")  # fmt: skip
def backup(archive: Path, keys: Path | None) -> None:
    """Write database and files into one archive, while the program runs. The keys are not in it."""
    settings = settings_or_end()
    try:
        summary = backups.make_backup(settings, clock.now(), archive, progress=_tell)
        if keys is not None:
            backups.write_keys(settings, keys)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{archive}: {summary.database}, {summary.files} files, {archive.stat().st_size // 1024} KiB")
    if keys is None:
        click.echo("Without the keys this archive cannot be read. Keep them too, apart from it (--keys FILE).")


@main.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Put these keys into the data folder first (one-machine mode).")  # fmt: skip
@click.option("--replace", is_flag=True, help="Lose what this installation holds now.")
def restore(archive: Path, keys: Path | None, *, replace: bool) -> None:
    """Put an archive's database and files in the place of this installation's. Stop the program first."""
    try:
        if keys is not None:
            backups.put_keys(keys)
        summary = backups.restore_backup(settings_or_end(), archive, replace=replace, progress=_tell)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored what was saved at {summary.made_at}. Run `delegations migrate`, then start the program.")


@main.command()
@click.option("--only", multiple=True, type=click.Choice([*doctors.CHECKS, "web"]), help="Just this; may be repeated.")
@click.option("--port", default=8000, show_default=True, help="Where `web` listens.")
def doctor(only: tuple[str, ...], port: int) -> None:
    """Examine the installation; the exit code is 1 when something does not work."""
    try:
        settings = read_settings()
    except SettingsError as error:
        click.echo(f"FAILURE  secrets    {error}")
        sys.exit(1)
    findings = [doctors.check_web(port)] if "web" in only else []
    rest = [name for name in only if name != "web"]
    if rest or not only:
        findings += doctors.examine(settings, clock.now(), rest)
    for finding in findings:
        click.echo(f"{finding.level.value:<8} {finding.check:<10} {finding.text}")
        if finding.level is not doctors.Level.OK and finding.advice:
            click.echo(f"{'':19} → {finding.advice}")
    sys.exit(int(any(finding.level is doctors.Level.FAILURE for finding in findings)))


def _tell(text: str) -> None:
    click.echo(f"  {text}", err=True)


main.add_command(process)
main.add_command(papers)
main.add_command(visas)
main.add_command(keys)
main.add_command(keeping.user)
main.add_command(keeping.import_history)
