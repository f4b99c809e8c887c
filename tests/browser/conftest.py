"""A real server on a free port, a real Chromium, somebody signed in, and axe.

The server is the application of the `app` fixture in a thread, on this test's SQLite file; `worker` adds the worker and
the scheduler of the one-machine mode. Every page must obey the Content-Security-Policy and raise no script error.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tasks.celery_app import make_celery
from tasks.embedded import Embedded
from tasks.nudge import make_nudge
from tasks.runtime import make_runtime
from tasks.work import register
from workflow.base.actor import Role
from workflow.base.settings import Settings
from workflow.base.unit_of_work import attach_nudge, commit, detach_nudge
from workflow.process.publishing import publish_definitions

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "correct horse battery"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def server(app: Flask, session: Session, now: Any) -> Iterator[str]:
    """The address of a running server; the processes are published as at a first start."""
    publish_definitions(session, now)
    commit(session)
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join(10)
    running.server_close()


@pytest.fixture
def worker(app: Flask, settings: Settings, server: str) -> Iterator[Embedded]:
    """The worker and scheduler of the one-machine mode, beside the server."""
    celery = make_celery(None)
    runtime = make_runtime(settings, app)
    register(celery, runtime)
    embedded = Embedded(celery, runtime, threads=2)
    attach_nudge(make_nudge(celery))
    embedded.start()
    yield embedded
    detach_nudge()
    assert embedded.stop()
    runtime.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no Chromium at {CHROMIUM}: apt-get install chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


EXPECTED = ("Failed to load resource", "htmx:sendError", "htmx:sendAbort", "htmx:afterRequest")
"""What the console says of answers that a test asks for (a refusal), and of what was under way as a page was left."""


@dataclass
class Desk:
    """Somebody at a browser window."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of ours; it must be there."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
        return self.page

    def findings(self) -> list[str]:
        """Name what axe finds serious on the page that is open."""
        result = Axe().run(self.page)
        return [
            f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]}"
            for found in result.response["violations"] if found["impact"] in ("serious", "critical")
        ]


@pytest.fixture
def desk(chromium: Browser, server: str) -> Iterator[Callable[..., Desk]]:
    """Open a browser window of its own: `desk(account)` signed in, `desk()` as a stranger."""
    opened: list[Desk] = []

    def open_desk(account: Any = None, *, width: int = 1280, script: bool = True) -> Desk:
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        made = Desk(context.new_page(), server)

        def note(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith(EXPECTED):
                made.complaints.append(message.text)

        made.page.on("console", note)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        opened.append(made)
        if account is not None:
            made.go("/sign-in")
            made.page.fill("[name=email]", account.email)
            made.page.fill("[name=password]", PASSWORD)
            made.page.locator("main button[type=submit]").first.click()
            made.page.wait_for_url(f"{server}/")
        return made

    yield open_desk
    complaints = [text for made in opened for text in made.complaints]
    for made in opened:
        made.page.context.close()
    assert complaints == []


@pytest.fixture
def desk_of(desk: Callable[..., Desk], make: Any) -> Callable[..., Desk]:
    """Open a window signed in with a role and language: `desk_of(Role.MANAGER, language="en")`."""

    def open_for(*roles: Role, language: str = "ru", **options: Any) -> Desk:
        return desk(make.account(*roles, language=language), **options)

    return open_for
