"""Composition: the Flask application, the registries filled from each room, and nothing else.

`ROOMS` is the whole wiring, in the order of the floors. What a room exports is entered into the registries: `door` or
`doors` of its pages, `api` of its API, `SENTENCES`, `HANDLERS`, `CONDITIONS`, `REMINDER_CHECKS`, `SECTIONS`, `SOURCES`.
An unknown job kind, condition or sentence fails here or on first use, never silently.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask

from workflow.accounts import signin
from workflow.accounts.pages import keep_language
from workflow.base import encryption, files
from workflow.base.events import EVENT_REACTIONS
from workflow.base.jobs import JOB_HANDLERS
from workflow.base.registries import CONDITIONS, FACT_SECTIONS, REMINDER_CHECKS
from workflow.base.registry import Registry
from workflow.base.search import SEARCH_SOURCES
from workflow.base.settings import Settings
from workflow.guests.claims import waiting_claims
from workflow.mail.composing import MAIL_SENTENCES
from workflow.mail.jobs import use_mail_settings
from workflow.papers.editions import expect_known_sections
from workflow.papers.signing import signer_of, use_signer
from workflow.partners.panels import PANELS as PARTNER_PANELS
from workflow.people.panels import PANELS as PERSON_PANELS
from workflow.people.queries import use_person_scope
from workflow.process import reactions
from workflow.process.publishing import offered_processes, use_pages
from workflow.visas.claims import use_claims
from workflow.visas.crossing import stays_told
from workflow.visits.days_off import use_stays
from workflow.visits.offered import use_processes
from workflow.visits.queries import person_seen_by
from workflow.visits.wording import CHANGE_WORDS
from workflow.web.api import ApiDoor, Operation
from workflow.web.database import attach_database
from workflow.web.doors import Access, Door
from workflow.web.language import LANGUAGE_KEEPERS
from workflow.web.logs import set_up_logs
from workflow.web.sentences import SENTENCE_TABLE
from workflow.web.shell import attach_shell, use_sign_in

ROOMS = (
    "base", "web", "mail", "office", "accounts", "partners", "people", "people.declension", "visits", "visits.lists",
    "papers", "papers.authoring", "papers.sending", "papers.batches", "reminders", "programme", "programme.logistics",
    "invitations", "visas", "translations", "interpreting", "outcomes", "process", "desk", "guests", "guests.privacy",
    "reports",
)
PARTS = ("models", "heartbeats", "sentences", "jobs", "conditions", "facts", "search", "partner_panels",
         "person_panels", "words", "pages", "api", "requests_api", "members_api", "borders_api")
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def create_app(settings: Settings, *, testing: bool = False) -> Flask:
    """Make the application for these settings and fill every registry."""
    if not testing:
        set_up_logs(settings.log_level)
    encryption.KEYS.use(list(settings.fernet_keys), settings.index_key)
    files.use_store(files.FileStore(settings.files_dir))
    use_mail_settings(settings)
    use_signer(signer_of(settings))
    app = Flask("workflow", template_folder=str(TEMPLATES), static_folder=str(Path(__file__).parent / "web" / "static"))
    app.testing = testing
    attach_database(app, settings)
    attach_shell(app, settings)
    fill_registries()
    use_person_scope(person_seen_by)
    use_processes(offered_processes)
    use_stays(stays_told)
    use_claims(waiting_claims)
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


_ENTERED: tuple[tuple[str, str, Registry[Any]], ...] = (
    ("sentences", "SENTENCES", SENTENCE_TABLE),
    ("sentences", "SENTENCES", MAIL_SENTENCES),
    ("conditions", "CONDITIONS", CONDITIONS),
    ("conditions", "REMINDER_CHECKS", REMINDER_CHECKS),
    ("facts", "SECTIONS", FACT_SECTIONS),
    ("search", "SOURCES", SEARCH_SOURCES),
    ("words", "WORDS", CHANGE_WORDS),
    ("partner_panels", "PANELS", PARTNER_PANELS),
    ("person_panels", "PANELS", PERSON_PANELS),
)
"""Which table of a room's module is entered into which registry."""


def fill_registries() -> None:
    """Enter what every room exports; the same again changes nothing."""
    for _room, part, module in _parts():
        for named, table, registry in _ENTERED:
            if part == named:
                registry.add_all(getattr(module, table, {}))
        for handler in getattr(module, "HANDLERS", ()) if part == "jobs" else ():
            JOB_HANDLERS.add(handler.kind, handler)
    EVENT_REACTIONS.add_all(reactions.EVENT_REACTIONS)
    expect_known_sections(FACT_SECTIONS.names())
    use_pages(pages_of_a_visit())
    use_sign_in(signin.SIGN_IN)
    LANGUAGE_KEEPERS[:] = [keep_language]


def pages_of_a_visit() -> frozenset[str]:
    """Name the pages whose address holds a visit's key and nothing else: where a deadline may lead."""
    return frozenset(endpoint for door in _doors()[0] for endpoint, rule in door.addresses.items()
                     if re.findall(r"<[^>]*>", rule) == ["<int:visit_id>"])


def _doors() -> tuple[list[Door], list[ApiDoor]]:
    doors: list[Door] = []
    apis: list[ApiDoor] = []
    doors += [import_module(f"workflow.web.{name}").door for name in ("language", "health")]
    for _room, part, module in _parts():
        if part == "pages":
            doors += getattr(module, "doors", None) or [module.door]
        if part.endswith("api") and hasattr(module, "api"):
            apis.append(module.api)
    return doors, apis
