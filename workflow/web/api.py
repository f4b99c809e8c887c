"""The JSON API's kit: typed bodies and answers, versions, idempotent posts, cursors, and the OpenAPI document.

Own code of some 250 lines, because the ready kits stand in the way of exact problem documents, ETags and stored
replays (measured under Schemathesis in `ecosystem.md`: 6 to 17 unique failures against 0).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Index, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base import clock
from workflow.base.actor import Actor, ActorKind, Permission
from workflow.base.database import Base, BigId, HasId, UtcDateTime, begin_read_only, insert_or_ignore
from workflow.base.encryption import EncryptedText
from workflow.base.errors import Conflict, DomainError, Forbidden, Invalid
from workflow.base.slow_work import slow_work_first
from workflow.base.unit_of_work import commit, reading, rollback
from workflow.web.csrf import csrf
from workflow.web.database import current_session
from workflow.web.doors import Access, refuse_impossible
from workflow.web.forms import problems_of

MAX_PAGE = 200
LONGEST_QUESTION = 100
NOTHING: Mapping[str, type[StrEnum] | None] = MappingProxyType({})


class ApiModel(BaseModel):
    """What every body and answer inherits: strict values, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True, from_attributes=True)


class IdempotentCall(HasId, Base):
    """An answer already given to a POST with an Idempotency-Key; given again, not acted on again, for a day."""

    __tablename__ = "idempotent_call"
    __table_args__ = (Index("uq_idempotent_call_key", "account_id", "key", unique=True),)

    account_id: Mapped[int] = mapped_column(BigId)
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[str | None] = mapped_column(EncryptedText)
    etag: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Call:
    """One API call as its function sees it. `version` is what If-Match said."""

    session: Session
    actor: Actor
    now: datetime
    version: int | None = None
    cursor: str | None = None
    limit: int = 50
    narrowing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One declared operation, for the document and the permission test."""

    method: str
    rule: str
    endpoint: str
    access: Access
    summary: str
    body: type[BaseModel] | None
    out: type[BaseModel] | None
    many: bool
    status: int
    versioned: bool
    filters: Mapping[str, type[StrEnum] | None] = field(default_factory=dict)

    def questions(self) -> frozenset[str]:
        """Name what may stand in the query of the address."""
        return frozenset(self.filters) | (frozenset({"cursor", "limit"}) if self.many else frozenset())


@dataclass(frozen=True)
class Many:
    """One page of rows and the cursor of the next."""

    items: list[Any]
    next_cursor: str | None


class PreconditionMissing(DomainError):
    """A change of an existing thing must say which version it saw."""

    status = 428


ApiView = Callable[..., Any]


class ApiDoor:
    """A blueprint under `/api/v1` whose operations state access, body and answer."""

    def __init__(self, name: str, import_name: str) -> None:
        self.name = f"api_{name}"
        self.blueprint = Blueprint(self.name, import_name, url_prefix="/api/v1")
        self.access: dict[str, Access] = {}
        self.operations: list[Operation] = []

    def get(self, rule: str, access: Access, *, out: type[BaseModel], many: bool = False,
            filters: Mapping[str, type[StrEnum] | None] = NOTHING) -> Callable[[ApiView], ApiView]:
        """Declare a read; `many` answers {"items": […], "next_cursor": …} from a returned `Many`.

        *filters* names what a list can be narrowed by, each with the values it knows (None: any short text).
        """
        return self._declare("GET", rule, access, None, out, many, 200, versioned=False, filters=filters)

    def post(self, rule: str, access: Access, *, out: type[BaseModel] | None = None,
             body: type[BaseModel] | None = None, status: int = 200, versioned: bool = False
             ) -> Callable[[ApiView], ApiView]:
        """Declare an act or creation; `versioned` demands If-Match."""
        return self._declare("POST", rule, access, body, out, False, status, versioned=versioned)

    def patch(self, rule: str, access: Access, *, body: type[BaseModel], out: type[BaseModel]
              ) -> Callable[[ApiView], ApiView]:
        """Declare a correction; demands If-Match."""
        return self._declare("PATCH", rule, access, body, out, False, 200, versioned=True)

    def _declare(self, method: str, rule: str, access: Access, body: type[BaseModel] | None,
                 out: type[BaseModel] | None, many: bool, status: int, *, versioned: bool,
                 filters: Mapping[str, type[StrEnum] | None] = NOTHING) -> Callable[[ApiView], ApiView]:
        def declare(view: ApiView) -> ApiView:
            name = view.__name__
            summary = (view.__doc__ or name).strip().split("\n", 1)[0]
            operation = Operation(method, f"/api/v1{rule}", f"{self.name}.{name}", access, summary, body, out, many,
                                  status, versioned, filters)
            self.access[operation.endpoint] = access
            self.operations.append(operation)
            self.blueprint.add_url_rule(rule, endpoint=name, view_func=_run(view, operation), methods=[method])
            return view

        return declare


def _run(view: ApiView, operation: Operation) -> ApiView:
    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        actor: Actor = g.actor
        _admit(actor, operation)
        refuse_impossible(values)
        session = current_session()
        if operation.method == "GET":
            call = Call(session, actor, clock.now(), cursor=request.args.get("cursor"), limit=_limit(),
                        narrowing=_narrowing(operation))
            with reading(session):
                begin_read_only(session)
                return _answer(view(call, **values), operation)
        body = _body(operation)
        call = Call(session, actor, clock.now(), version=_version(operation))
        return _act(session, actor, call, operation, view, values if body is None else {**values, "body": body})

    return run


def _admit(actor: Actor, operation: Operation) -> None:
    if operation.access.kind == "anyone":
        return
    if actor.kind is not ActorKind.PERSON:
        raise Unauthorised
    if operation.method != "GET" and not g.get("by_token"):
        csrf.protect()
    permission = operation.access.permission
    if permission is not None and not actor.may(permission):
        raise Forbidden


class Unauthorised(DomainError):
    """No live session or token came with the call."""

    status = 401

    def __init__(self) -> None:
        super().__init__("base.sign-in-first")


def _narrowing(operation: Operation) -> Mapping[str, str]:
    for name, value in request.args.items(multi=True):
        if name not in operation.questions():
            raise Invalid("base.unknown-field", field=name[:100])
        known = operation.filters.get(name)
        if known is not None and value not in set(known):
            raise Invalid("base.not-a-choice", field=name)
        if len(value) > LONGEST_QUESTION:
            raise Invalid("base.too-long", field=name, limit=LONGEST_QUESTION)
    return {name: request.args[name] for name in operation.filters if name in request.args}


def _limit() -> int:
    asked = request.args.get("limit", "50")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6 or not 1 <= int(asked) <= MAX_PAGE:
        raise Invalid("base.out-of-range", field="limit")
    return int(asked)


def _version(operation: Operation) -> int | None:
    given = request.headers.get("If-Match")
    if given is None:
        if operation.versioned:
            raise PreconditionMissing("base.version-required")
        return None
    sent = given.strip().removeprefix("W/").strip('"')
    if not sent.isascii() or not sent.isdigit() or len(sent) > 9:
        raise Invalid("base.wrong-value", field="If-Match")
    return int(sent)


def _body(operation: Operation) -> BaseModel | None:
    if operation.body is None:
        return None
    if (request.mimetype or "") != "application/json":
        raise Invalid("base.not-json")
    try:
        raw = request.get_data()
        if b"\\u0000" in raw:
            raise Invalid("base.control-characters")
        given = json.loads(raw)
        if not isinstance(given, dict):
            raise Invalid("base.not-json")
        return operation.body.model_validate_json(raw)
    except ValidationError as error:
        raise Invalid(problems=problems_of(error)) from error
    except (ValueError, RecursionError):
        raise Invalid("base.not-json") from None


def _act(session: Session, actor: Actor, call: Call, operation: Operation, view: ApiView, values: dict[str, Any]
         ) -> ResponseReturnValue:
    key = request.headers.get("Idempotency-Key", "").strip()

    def run() -> Response:
        if key and actor.account_id:
            stored = _replay(session, call.now, actor.account_id, key)
            if stored is not None:
                return stored
        response = _answer(view(call, **values), operation)
        if key and actor.account_id:
            _store(session, actor.account_id, key, response)
        session.flush()
        return response

    try:
        response = slow_work_first(session, run)
        commit(session)
    except BaseException:
        rollback(session)
        raise
    return response


def _fingerprint() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()


def _replay(session: Session, now: datetime, account_id: int, key: str) -> Response | None:
    if len(key) > 200 or not key.isprintable():
        raise Invalid("base.wrong-value", field="Idempotency-Key")
    insert = insert_or_ignore(session)
    ours = session.execute(
        insert(IdempotentCall).values(account_id=account_id, key=key, fingerprint=_fingerprint(), status=0, etag="",
                                      at=now)
        .on_conflict_do_nothing(index_elements=["account_id", "key"]).returning(IdempotentCall.id)
    ).scalar_one_or_none()
    if ours is not None:
        return None
    row = session.execute(select(IdempotentCall).where(IdempotentCall.account_id == account_id,
                                                       IdempotentCall.key == key)).scalar_one()
    if row.fingerprint != _fingerprint():
        raise Conflict("base.idempotency-mismatch")
    headers = {"ETag": row.etag} if row.etag else {}
    again = Response(row.body or "", status=row.status, content_type="application/json",
                     headers=headers | {"Idempotency-Replayed": "true"})
    rollback(session)
    return again


def _store(session: Session, account_id: int, key: str, response: Response) -> None:
    row = session.execute(select(IdempotentCall).where(IdempotentCall.account_id == account_id,
                                                       IdempotentCall.key == key)).scalar_one()
    row.status, row.body, row.etag = response.status_code, response.get_data(as_text=True), response.headers.get(
        "ETag", "")


def purge_idempotent_calls(session: Session, now: datetime) -> None:
    """Forget answers older than a day; nightly."""
    session.execute(delete(IdempotentCall).where(IdempotentCall.at < now - timedelta(days=1)))


def _answer(result: Any, operation: Operation) -> Response:
    if operation.out is None or result is None:
        return Response(status=204)
    headers = {}
    if isinstance(result, Many):
        document: Any = {"items": [_dump(item, operation.out) for item in result.items],
                         "next_cursor": result.next_cursor}
    else:
        document = _dump(result, operation.out)
        version = document.get("version")
        if isinstance(version, int):
            headers["ETag"] = f'"{version}"'
            if operation.method == "GET" and request.if_none_match.contains_weak(str(version)):
                return Response(status=304, headers=headers)
    return Response(json.dumps(document, ensure_ascii=False), status=operation.status,
                    content_type="application/json", headers=headers)


def _dump(item: Any, out: type[BaseModel]) -> dict[str, Any]:
    model = item if isinstance(item, BaseModel) else out.model_validate(item, strict=False, from_attributes=True)
    return model.model_dump(mode="json")


def allowed(actor: Actor, acts: dict[str, Permission]) -> list[str]:
    """List the names of acts that the actor's permissions allow; for `allowed_actions`."""
    return [name for name, permission in acts.items() if actor.may(permission)]
