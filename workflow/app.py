"""Composition: the Flask application, the registries filled from each room, and nothing else.

`ROOMS` is the whole wiring, in the order of the floors. What a room exports is entered into the registries: `door` or
`doors` of its pages, `api` of its API, `SENTENCES`, `HANDLERS`, `CONDITIONS`, `REMINDER_CHECKS`, `SECTIONS`, `SOURCES`.
An unknown job kind, condition or sentence fails here or on first use, never silently.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from flask import Flask

from workflow.base import encryption, files
from workflow.base.events import EVENT_REACTIONS
from workflow.base.jobs import JOB_HANDLERS
from workflow.base.registries import CONDITIONS, FACT_SECTIONS, REMINDER_CHECKS
from workflow.base.search import SEARCH_SOURCES
from workflow.base.settings import Settings
from workflow.mail.composing import MAIL_SENTENCES
from workflow.mail.jobs import use_mail_settings
from workflow.partners.panels import PANELS as PARTNER_PANELS
from workflow.people.queries import use_person_scope
from workflow.visits.queries import visible_person_ids
from workflow.web.api import ApiDoor, Operation
from workflow.web.database import attach_database
from workflow.web.doors import Access, Door
from workflow.web.language import LANGUAGE_KEEPERS
from workflow.web.logs import set_up_logs
from workflow.web.sentences import SENTENCE_TABLE
from workflow.web.shell import attach_shell, use_sign_in

ROOMS = (
    "base", "web", "mail", "office", "accounts", "partners", "people", "visits", "visits.lists", "papers", "reminders",
    "programme", "invitations", "visas", "translations", "interpreting", "outcomes", "process", "desk", "guests",
    "reports",
)
PARTS = ("models", "sentences", "jobs", "conditions", "facts", "search", "partner_panels", "pages", "api")
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(settings: Settings, *, testing: bool = False) -> Flask:
    """Make the application for these settings and fill every registry."""
    if not testing:
        set_up_logs(settings.log_level)
    encryption.KEYS.use(list(settings.fernet_keys), settings.index_key)
    files.use_store(files.FileStore(settings.files_dir))
    use_mail_settings(settings)
    app = Flask("workflow", template_folder=str(TEMPLATES), static_folder=str(Path(__file__).parent / "web" / "static"))
    app.testing = testing
    attach_database(app, settings)
    attach_shell(app, settings)
    fill_registries()
    use_person_scope(visible_person_ids)
    doors, apis = _doors()
    route_access: dict[str, Access] = {}
    operations: list[Operation] = []
    for door in doors:
        app.register_blueprint(door.blueprint)
        route_access |= door.access
    for api in apis:
        app.register_blueprint(api.blueprint)
        route_access |= api.access
        operations += api.operations
    app.extensions["delegations_access"] = route_access
    app.extensions["delegations_operations"] = operations
    return app


def _parts() -> list[tuple[str, str, ModuleType]]:
    found = []
    for room in ROOMS:
        for part in PARTS:
            name = f"workflow.{room}.{part}"
            if find_spec(name) is not None:
                found.append((room, part, import_module(name)))
    return found


def fill_registries() -> None:
    """Enter what every room exports; the same again changes nothing."""
    for _room, part, module in _parts():
        if part == "sentences":
            sentences = getattr(module, "SENTENCES", {})
            SENTENCE_TABLE.add_all(sentences)
            MAIL_SENTENCES.add_all(sentences)
        for handler in getattr(module, "HANDLERS", ()) if part == "jobs" else ():
            JOB_HANDLERS.add(handler.kind, handler)
        if part == "conditions":
            CONDITIONS.add_all(getattr(module, "CONDITIONS", {}))
            REMINDER_CHECKS.add_all(getattr(module, "REMINDER_CHECKS", {}))
        if part == "facts":
            FACT_SECTIONS.add_all(getattr(module, "SECTIONS", {}))
        if part == "search":
            SEARCH_SOURCES.add_all(getattr(module, "SOURCES", {}))
        if part == "partner_panels":
            PARTNER_PANELS.add_all(module.PANELS)
    if find_spec("workflow.process.reactions") is not None:
        EVENT_REACTIONS.add_all(import_module("workflow.process.reactions").EVENT_REACTIONS)
    if find_spec("workflow.accounts.signin") is not None:
        use_sign_in(import_module("workflow.accounts.signin").SIGN_IN)
    LANGUAGE_KEEPERS[:] = [import_module("workflow.accounts.pages").keep_language]


def _doors() -> tuple[list[Door], list[ApiDoor]]:
    doors: list[Door] = []
    apis: list[ApiDoor] = []
    doors += [import_module(f"workflow.web.{name}").door for name in ("language", "health")]
    for _room, part, module in _parts():
        if part == "pages":
            doors += getattr(module, "doors", None) or [module.door]
        if part == "api" and hasattr(module, "api"):
            apis.append(module.api)
    return doors, apis
