"""Reading waits for nobody: a page is shown while somebody else's change is still open."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from workflow.base.actor import Role


def test_page_is_shown_while_somebody_writes(session: Session, client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    assert browser.get("/visits").status_code == 200
    session.execute(text("UPDATE account SET phone = 'x'"))  # holds SQLite's only write lock
    assert [browser.raw.get(url).status_code for url in ("/visits", "/requests", "/healthz")] == [200, 200, 200]
    session.rollback()
