"""`delegations keys`: make a new encryption key, and encrypt everything again under it."""

import click
from cryptography.fernet import Fernet, InvalidToken

from tasks.runtime import runtime_of
from workflow.app import create_app
from workflow.base.files import store
from workflow.base.rotation import rotate_everything
from workflow.base.settings import SettingsError, read_settings


@click.group()
def keys() -> None:
    """Keep the keys of personal data."""


@keys.command("new")
def new_key() -> None:
    """Print a new key. Put it before the others in DELEGATIONS_ENCRYPTION_KEYS, restart, then run `keys rotate`."""
    click.echo(Fernet.generate_key().decode())


@keys.command()
def rotate() -> None:
    """Encrypt every row and file again under the first key. The program may go on running meanwhile."""
    try:
        settings = read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if len(settings.fernet_keys) < 2:
        click.echo("Only one key is held, and everything is encrypted again under it. To change the key, put a new "
                   "one before it (`delegations keys new`).", err=True)  # fmt: skip
    total = 0
    try:
        with runtime_of(settings, create_app(settings)) as runtime, runtime.session() as session:
            for done in rotate_everything(session, store()):
                total += done.count
                click.echo(f"  {done.what}: {done.count}", err=True)
    except InvalidToken as error:
        raise click.ClickException("something was encrypted under a key that is not held any more: put that key back "
                                   "into DELEGATIONS_ENCRYPTION_KEYS and try again") from error  # fmt: skip
    click.echo(f"{total} rows and files are under the first key. The other keys can be removed, but keep them as long "
               "as you keep backups made before.")  # fmt: skip
