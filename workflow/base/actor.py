"""Who acts, and what they may do.

An actor is a plain value, made once for each request, command or job, and handed to every service function.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an account is for; one person may have several."""

    COORDINATOR = "coordinator"
    TRANSLATOR = "translator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    RULES_KEEPER = "rules-keeper"


class Permission(StrEnum):
    """One kind of act. Whether it is allowed on a given object is asked of that object's visit as well."""

    SIGNED_IN = "signed-in"
    VISITS_READ = "visits:read"
    VISITS_WRITE = "visits:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    REQUESTS_DECIDE = "requests:decide"
    CONDITIONS_OVERRIDE = "conditions:override"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PEOPLE_REVEAL = "people:reveal"
    PAPERS_READ = "papers:read"
    PAPERS_WRITE = "papers:write"
    PAPERS_APPROVE = "papers:approve"
    WORDINGS_READ = "wordings:read"
    WORDINGS_WRITE = "wordings:write"
    WORDINGS_ACTIVATE = "wordings:activate"
    VISAS_READ = "visas:read"
    VISAS_WRITE = "visas:write"
    VISAS_RULES = "visas:rules"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_WRITE = "programme:write"
    TRANSLATIONS_READ = "translations:read"
    TRANSLATIONS_ORDER = "translations:order"
    TRANSLATIONS_TAKE = "translations:take"
    OUTCOMES_READ = "outcomes:read"
    OUTCOMES_WRITE = "outcomes:write"
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    REPORTS_READ = "reports:read"
    OFFICE_EDIT = "office:edit"
    ACCOUNTS_EDIT = "accounts:edit"
    JOBS_READ = "jobs:read"
    JOBS_SETTLE = "jobs:settle"
    PRIVACY_KEEP = "privacy:keep"
    PEOPLE_ERASE = "people:erase"


_READS = frozenset(
    {
        Permission.SIGNED_IN,
        Permission.VISITS_READ,
        Permission.REQUESTS_READ,
        Permission.PEOPLE_READ,
        Permission.PAPERS_READ,
        Permission.VISAS_READ,
        Permission.PROGRAMME_READ,
        Permission.TRANSLATIONS_READ,
        Permission.OUTCOMES_READ,
        Permission.PARTNERS_READ,
        Permission.REPORTS_READ,
        Permission.JOBS_READ,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: _READS
    | {
        Permission.VISITS_WRITE,
        Permission.REQUESTS_WRITE,
        Permission.PEOPLE_WRITE,
        Permission.PEOPLE_REVEAL,
        Permission.PAPERS_WRITE,
        Permission.WORDINGS_READ,
        Permission.WORDINGS_WRITE,
        Permission.VISAS_WRITE,
        Permission.PROGRAMME_WRITE,
        Permission.TRANSLATIONS_ORDER,
        Permission.OUTCOMES_WRITE,
        Permission.PARTNERS_WRITE,
        Permission.JOBS_SETTLE,
    },
    Role.MANAGER: _READS
    | {
        Permission.VISITS_WRITE,
        Permission.REQUESTS_WRITE,
        Permission.REQUESTS_DECIDE,
        Permission.CONDITIONS_OVERRIDE,
        Permission.PEOPLE_ERASE,
        Permission.PEOPLE_WRITE,
        Permission.PEOPLE_REVEAL,
        Permission.PAPERS_WRITE,
        Permission.PAPERS_APPROVE,
        Permission.VISAS_RULES,
        Permission.WORDINGS_READ,
        Permission.WORDINGS_WRITE,
        Permission.WORDINGS_ACTIVATE,
        Permission.VISAS_WRITE,
        Permission.PROGRAMME_WRITE,
        Permission.TRANSLATIONS_ORDER,
        Permission.OUTCOMES_WRITE,
        Permission.PARTNERS_WRITE,
        Permission.JOBS_SETTLE,
    },
    Role.TRANSLATOR: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.TRANSLATIONS_READ,
            Permission.TRANSLATIONS_TAKE,
            Permission.PROGRAMME_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.PRIVACY_KEEP,
            Permission.OFFICE_EDIT,
            Permission.ACCOUNTS_EDIT,
            Permission.WORDINGS_READ,
            Permission.WORDINGS_WRITE,
            Permission.WORDINGS_ACTIVATE,
            Permission.JOBS_READ,
            Permission.JOBS_SETTLE,
        }
    ),
    Role.RULES_KEEPER: frozenset({Permission.SIGNED_IN, Permission.VISAS_READ, Permission.VISAS_RULES}),
}


class ActorKind(StrEnum):
    """Where an act comes from."""

    PERSON = "person"
    GUEST = "guest"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The one who acts, as known when the act began.

    `account_id` is set for `ActorKind.PERSON` only. `permissions` already joins those of all roles, narrowed to
    an API token's scope where one was used.
    """

    kind: ActorKind
    account_id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    locale: str = "ru"
    zone: str = "Europe/Moscow"
    request_id: str = ""
    extra: dict[str, str] = field(default_factory=dict, compare=False)

    def may(self, permission: Permission | str) -> bool:
        """Say whether this actor may do acts of this kind at all."""
        return self.kind is ActorKind.SYSTEM or Permission(permission) in self.permissions

    def has(self, role: Role | str) -> bool:
        """Say whether the actor holds *role*."""
        return Role(role) in self.roles


def person(
    account_id: int, name: str, roles: frozenset[Role], *, locale: str = "ru", zone: str = "Europe/Moscow",
    request_id: str = "", scope: frozenset[Permission] | None = None,
) -> Actor:
    """Make the actor for a signed-in account; *scope* narrows what an API token may do."""
    permissions = frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles))
    if scope is not None:
        permissions &= scope | {Permission.SIGNED_IN}
    return Actor(ActorKind.PERSON, account_id, name, roles, permissions, locale, zone, request_id)


SYSTEM = Actor(ActorKind.SYSTEM, name="system")


def public(*, locale: str = "ru", zone: str = "Europe/Moscow", request_id: str = "") -> Actor:
    """Make the actor for somebody who has not signed in."""
    return Actor(ActorKind.PUBLIC, name="public", locale=locale, zone=zone, request_id=request_id)
