"""`delegations process`: check the definitions of processes, publish them, draw one."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from tasks.runtime import runtime_of
from workflow.app import create_app, fill_registries
from workflow.base import clock
from workflow.base.errors import DomainError
from workflow.base.settings import Settings, SettingsError, read_settings
from workflow.base.unit_of_work import unit_of_work
from workflow.office.queries import our_pack
from workflow.process.checking import load_definitions
from workflow.process.definitions import Definition
from workflow.process.loading import DefinitionErrors
from workflow.process.publishing import PACKS, Published, known_words, publish_definitions

FIRST_PACK = "ru-municipal"

folder_option = click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PACKS,
    help="The folder of packs; by default the one that comes with the program.",
)  # fmt: skip


@click.group()
def process() -> None:
    """Check, publish and draw the definitions of processes."""


@process.command()
@folder_option
def check(folder: Path) -> None:
    """Read every definition and list all faults at once, with file and line."""
    packs = _load(folder)
    for pack, definitions in sorted(packs.items()):
        for key, definition in sorted(definitions.items()):
            click.echo(f"{pack}/{key}: {len(definition.stages)} stages, {len(definition.steps)} steps, "
                       f"{len(definition.deadlines)} deadlines")  # fmt: skip


@process.command()
@folder_option
def publish(folder: Path) -> None:
    """Publish what is new as the next version; running visits keep the version that they began with."""
    try:
        settings = read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if not publish_and_tell(settings, folder):
        click.echo("nothing is new")


@process.command()
@click.argument("key")
@click.option("--pack", default=FIRST_PACK, show_default=True)
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
@folder_option
def draw(key: str, pack: str, language: str, folder: Path) -> None:
    """Draw a process as a Mermaid state diagram, on standard output."""
    definition = _load(folder).get(pack, {}).get(key)
    if definition is None:
        known = ", ".join(sorted(f"{name}/{each}" for name, kept in _load(folder).items() for each in kept))
        raise click.ClickException(f"there is no process {pack}/{key}; there are: {known}")
    click.echo(mermaid(definition, language))


def publish_and_tell(settings: Settings, folder: Path = PACKS) -> bool:
    """Publish our pack's processes, name each new version on the terminal, and say whether there was one."""
    with runtime_of(settings, create_app(settings)) as runtime, runtime.session() as session:
        published = publish_ours(session, folder)
    for key, version in published.new:
        click.echo(f"{key}: version {version} published")
    return bool(published.new)


def publish_ours(session: Session, folder: Path = PACKS) -> Published:
    """Publish the pack that our office works by; the first one offered while no office was set up."""
    try:
        with unit_of_work(session):
            pack = our_pack(session) or FIRST_PACK
            return publish_definitions(session, clock.now(), pack=pack, folder=folder)
    except DefinitionErrors as error:
        raise click.ClickException(_faults(error)) from error
    except DomainError as error:
        raise click.ClickException(f"not published: {error.code} {error.params}") from error


def mermaid(definition: Definition, language: str) -> str:
    """Word a definition as a Mermaid state diagram: stages, steps with their conditions, steps back dashed by name."""
    lines = ["---", f"title: {definition.title.in_language(language)}", "---", "stateDiagram-v2", "    direction TB"]
    names = {stage.key: stage.key.replace("-", "_") for stage in definition.stages}
    lines += [f'    state "{stage.title.in_language(language)}" as {names[stage.key]}' for stage in definition.stages]
    lines.append(f"    [*] --> {names[definition.start.key]}")
    for step in definition.steps:
        label = step.title.in_language(language) + (" ↩" if step.back else "")
        checks = [condition.title.in_language(language) if condition.title else condition.key
                  for condition in step.checks()]  # fmt: skip
        label += "".join(f"<br/>{_safe(check)}" for check in checks)
        lines += [f"    {names[origin]} --> {names[step.to]}: {label}" for origin in step.from_]
    lines += [f"    {names[stage.key]} --> [*]" for stage in definition.stages if stage.final]
    return "\n".join(lines)


def _safe(text: str) -> str:
    """Keep what Mermaid would take for its own marks out of a label."""
    return text.replace(":", " ").replace(";", ",").replace("#", "")


def _load(folder: Path) -> dict[str, dict[str, Definition]]:
    fill_registries()
    try:
        return load_definitions(folder, known_words())
    except DefinitionErrors as error:
        raise click.ClickException(_faults(error)) from error


def _faults(error: DefinitionErrors) -> str:
    return "\n".join(["the definitions have faults:", *(f"  {fault}" for fault in error.faults)])
