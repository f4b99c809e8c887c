"""Starting the processes: all in one, or each for itself; here the nudge is attached to the unit of work."""

import logging
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask

from tasks.celery_app import make_celery
from tasks.embedded import Embedded
from tasks.nudge import make_nudge
from tasks.processes import make_scheduler
from tasks.processes import run_worker as run_worker_process
from tasks.runtime import make_runtime
from tasks.work import heartbeat, register
from workflow.accounts.queries import is_empty
from workflow.app import create_app
from workflow.base import clock
from workflow.base.settings import Settings, SettingsError, read_settings
from workflow.base.unit_of_work import attach_nudge, detach_nudge
from workflow.cli.migrating import migrate
from workflow.cli.process import publish_ours
from workflow.cli.serving import (
    CannotListen,
    PortTaken,
    ended_by_signals,
    open_listener,
    serve_gunicorn,
    serve_waitress,
    spare_what_was_loaded,
)
from workflow.demo.loading import load, users
from workflow.web.logs import set_up_logs


def one_machine_settings(host: str, port: int, environ: dict[str, str] | None = None) -> Settings:
    """Read settings for the one-machine mode: keys are made, and links lead to where we listen."""
    environ = dict(os.environ if environ is None else environ)
    try:
        settings = read_settings(environ, make_keys=True)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.data_dir.chmod(0o700)
    except OSError as error:
        raise click.ClickException(f"{settings.data_dir} cannot be used ({error.strerror}): give it to the user that "
                                   "the program runs as, or set DELEGATIONS_DATA_DIR") from error  # fmt: skip
    if not environ.get("DELEGATIONS_BASE_URL"):
        settings = replace(settings, base_url=_address(host, port))
    return settings


def demo_settings(data: Path, host: str, port: int) -> Settings:
    """Read settings for the demo: its own folder and database, whatever the environment names."""
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    for name in ("DELEGATIONS_DATABASE_URL", "DELEGATIONS_REDIS_URL", "DELEGATIONS_ENV", "DELEGATIONS_SMTP_HOST"):
        environ.pop(name, None)
    environ |= {"DELEGATIONS_DATA_DIR": str(data), "DELEGATIONS_DEMO": "1"}
    return one_machine_settings(host, port, environ)


def run_everything(settings: Settings, listener: socket.socket) -> None:
    """Migrate, start worker and scheduler as threads, and serve pages until Ctrl-C or SIGTERM."""
    migrate(settings)
    app = create_app(settings)
    _quieten()
    celery = make_celery(None)
    runtime = make_runtime(settings, app)
    register(celery, runtime)
    with runtime.session() as session:
        publish_ours(session)
    embedded = Embedded(celery, runtime)
    attach_nudge(make_nudge(celery))
    embedded.start()
    click.echo(f"Delegations: {settings.base_url}")
    host, port = listener.getsockname()[:2]
    if settings.base_url != _address(host, port):
        click.echo(f"It listens on {_address(host, port)}; links lead to the address above (DELEGATIONS_BASE_URL).")
    mail = f"kept in {settings.mail_dir}" if settings.smtp_host is None else f"sent by {settings.smtp_host}"
    click.echo(f"Data: {settings.data_dir}; outgoing mail is {mail}.")
    click.echo("Ctrl-C stops it.")
    try:
        serve_waitress(app, listener)
    finally:
        click.echo("Stopping: jobs now running are finished first.")
        detach_nudge()
        embedded.stop()


def load_demo(settings: Settings) -> None:
    """Fill the demo's data folder, once, and say who may sign in."""
    migrate(settings)
    app = create_app(settings)
    _quieten()
    runtime = make_runtime(settings, app)
    with runtime.session() as session:
        publish_ours(session)
        if is_empty(session):
            click.echo("Loading the demo: once, some seconds.")
            load(session, clock.now(), lambda part: click.echo(f"  {part}", err=True))
    click.echo(f"Sign in as one of (the password of all: {users()[0][2]}):")
    for role, address, _password in users():
        click.echo(f"  {role:14} {address}")


def run_web(settings: Settings, host: str, port: int, *, processes: int, threads: int) -> None:
    """Serve pages with gunicorn; with waitress where it does not run."""

    def make() -> Flask:
        app = create_app(settings)
        if settings.redis_url is not None:
            attach_nudge(make_nudge(make_celery(settings.redis_url)))
        return app

    if settings.redis_url is None:
        click.echo("No REDIS_URL: jobs wait until a worker's sweep finds them.", err=True)
    if sys.platform == "win32":
        serve_waitress(make(), listen(host, port)[0], threads=processes * threads)
        return
    listen(host, port)[0].close()
    set_up_logs(settings.log_level)  # what gunicorn itself has to say comes from this process
    serve_gunicorn(make, host, port, processes=processes, threads=threads)


def run_worker(settings: Settings, *, concurrency: int) -> int:
    """Run a worker process until SIGTERM; give its exit code."""
    celery = make_celery(_redis_url(settings, "worker"))
    runtime = make_runtime(settings, create_app(settings))
    register(celery, runtime)
    attach_nudge(make_nudge(celery))
    heartbeat(runtime)
    runtime.engine.dispose()
    logging.getLogger("celery").setLevel(logging.WARNING)
    spare_what_was_loaded()
    return run_worker_process(celery, concurrency=concurrency, name=f"worker-{os.getpid()}@{socket.gethostname()}")


def run_scheduler(settings: Settings) -> None:
    """Run a scheduler until SIGTERM."""
    celery = make_celery(_redis_url(settings, "scheduler"))
    runtime = make_runtime(settings, create_app(settings))
    logging.getLogger("celery").setLevel(logging.WARNING)
    service = make_scheduler(celery, runtime)
    with ended_by_signals():
        service.start()


def _redis_url(settings: Settings, what: str) -> str:
    if settings.redis_url is None:
        raise click.ClickException(f"set REDIS_URL: a {what} of its own needs Redis (`delegations up` needs none)")
    return settings.redis_url


def listen(host: str, port: int) -> tuple[socket.socket, int]:
    """Bind the port; a taken one is said plainly, and another offered. Before anything long is begun."""
    try:
        return open_listener(host, port), port
    except CannotListen as error:
        raise click.ClickException(str(error)) from error
    except PortTaken as taken:
        said = f"Port {taken.port} on {taken.host} is taken by another program."
        if not sys.stdin.isatty():
            raise click.ClickException(f"{said} Port {taken.free} is free: say --port {taken.free} "
                                       f"(with make: PORT={taken.free} make run)") from taken  # fmt: skip
        click.echo(said)
        if not click.confirm(f"Use port {taken.free} instead?", default=True):
            raise click.Abort from taken
        return listen(host, taken.free)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _quieten() -> None:
    """Leave only what matters on the terminal of the one-machine mode."""
    for name, level in (("celery", logging.WARNING), ("kombu", logging.ERROR), ("tasks", logging.WARNING),
                        ("alembic", logging.WARNING)):
        logging.getLogger(name).setLevel(level)
