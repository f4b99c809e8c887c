"""Doors: the only way in for pages. Each route states who may use it, and runs as one transaction.

A GET reads (and never takes SQLite's write lock); a POST commits when its answer is under 400 and is rolled back
otherwise. A view is handed an `Act`: the session, the actor and now. A POST that needs slow work is undone, and run
anew once that is done (`base.slow_work`); so is one that lost a race which it may win a moment later.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from workflow.base import clock
from workflow.base.actor import Actor, ActorKind, Permission
from workflow.base.database import FARTHEST_KEY, begin_read_only
from workflow.base.errors import Forbidden, NotFound
from workflow.base.files import Upload
from workflow.base.slow_work import slow_work_first
from workflow.base.unit_of_work import commit, reading, rollback
from workflow.web.again import offered_again
from workflow.web.csrf import csrf
from workflow.web.database import current_session


@dataclass(frozen=True)
class Access:
    """Who may use a route: anyone, somebody with a personal link, or an account with a permission."""

    kind: str
    permission: Permission | None = None

    def __str__(self) -> str:
        return self.permission.value if self.permission else self.kind


ANYONE = Access("anyone")
BY_LINK = Access("by-link")


def needs(permission: Permission) -> Access:
    """Open a route to accounts whose roles give *permission*."""
    return Access("permission", permission)


@dataclass(frozen=True)
class Act:
    """One request as a view sees it."""

    session: Session
    actor: Actor
    now: datetime

    def keep(self) -> None:
        """Commit what was written so far, even if the request is refused afterwards (sign-in limits, use logs)."""
        commit(self.session)

    def page(self, template: str, status: int = 200, **values: Any) -> ResponseReturnValue:
        """Render a page; an error summary on it says the labels of the fields that were drawn after it."""
        page = render_template(template, **values)
        for form in g.pop("unlabelled_forms", {}).values():
            page = form.with_labels(page)
        return page, status

    def answer(self, make: Callable[[], ResponseReturnValue]) -> BaseResponse:
        """Run an act and give its answer: slow work is done outside the transaction, a race that was lost is run anew.

        What it wrote is sent to the database before it counts as done, unless it refuses.
        """
        before = copy.deepcopy(dict(cookies))

        def once() -> BaseResponse:
            if dict(cookies) != before:  # an earlier run left a word for the next page
                cookies.clear()
                cookies.update(copy.deepcopy(before))
            response = make_response(make())
            if response.status_code < 400:
                self.session.flush()
            return response

        return slow_work_first(self.session, once)

    def to(self, endpoint: str, *, fragment: str | None = None, **values: Any) -> BaseResponse:
        """Send the browser on after a POST."""
        return redirect(url_for(endpoint, _anchor=fragment, **values), code=303)


View = Callable[..., ResponseReturnValue]
NUL = "\0"
"""PostgreSQL keeps every character but this one."""


class Door:
    """A blueprint whose routes cannot be declared without stating their access."""

    def __init__(self, name: str, import_name: str, *, url_prefix: str | None = None) -> None:
        self.name = name
        self.blueprint = Blueprint(name, import_name, url_prefix=url_prefix)
        self.access: dict[str, Access] = {}
        self.addresses: dict[str, str] = {}
        """Endpoint → rule of the pages that only read."""

    def get(self, rule: str, access: Access, *, endpoint: str | None = None) -> Callable[[View], View]:
        """Declare a page that only reads."""
        return self._declare(rule, access, "GET", endpoint)

    def post(self, rule: str, access: Access, *, endpoint: str | None = None) -> Callable[[View], View]:
        """Declare an act; protected against forged requests, one transaction."""
        return self._declare(rule, access, "POST", endpoint)

    def _declare(self, rule: str, access: Access, method: str, endpoint: str | None) -> Callable[[View], View]:
        def declare(view: View) -> View:
            name = endpoint or view.__name__
            self.access[f"{self.name}.{name}"] = access
            if method == "GET":
                self.addresses[f"{self.name}.{name}"] = f"{self.blueprint.url_prefix or ''}{rule}"
            run = _reads(view, access) if method == "GET" else _writes(view, access)
            self.blueprint.add_url_rule(rule, endpoint=name, view_func=run, methods=[method])
            return view

        return declare


def check_access(actor: Actor, access: Access) -> ResponseReturnValue | None:
    """Let the actor in (None), send a stranger to the sign-in page, or refuse.

    Raises:
        Forbidden: signed in, but without the permission.
    """
    if access.kind in ("anyone", "by-link"):
        return None
    if actor.kind is not ActorKind.PERSON:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET"
                                else None), code=303)
    if access.permission is not None and not actor.may(access.permission):
        raise Forbidden
    return None


def refuse_impossible(values: Mapping[str, Any]) -> None:
    """Refuse an address with keys or characters that no database can hold.

    Raises:
        NotFound: there can be no such row.
    """
    if any(value > FARTHEST_KEY if isinstance(value, int) else NUL in value for value in values.values()) or any(
        NUL in value for _name, value in request.args.items(multi=True)
    ):
        raise NotFound


def _act() -> Act:
    return Act(current_session(), g.actor, clock.now())


def _reads(view: View, access: Access) -> View:
    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        turned_away = check_access(g.actor, access)
        if turned_away is not None:
            return turned_away
        refuse_impossible(values)
        act = _act()
        with reading(act.session):
            begin_read_only(act.session)
            return make_response(view(act, **values))

    return run


def _writes(view: View, access: Access) -> View:
    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        needs_account = access.kind == "permission"
        try:
            csrf.protect()
        except CSRFError:
            again = offered_again(needs_account=needs_account)
            if again is None:
                raise
            return again
        turned_away = check_access(g.actor, access)
        if turned_away is not None:
            return offered_again(needs_account=needs_account) or turned_away
        refuse_impossible(values)
        act = _act()
        try:
            response = act.answer(lambda: view(act, **values))
        except BaseException:
            rollback(act.session)
            raise
        if response.status_code < 400:
            commit(act.session)
        else:
            rollback(act.session)
        return response

    return run


def uploaded(field: str) -> Upload | None:
    """Read a file that came with the form; None when none was chosen."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    sent.seek(0)  # the view may be run anew
    return Upload(sent.filename, sent.read(current_app.config["MAX_CONTENT_LENGTH"]))
