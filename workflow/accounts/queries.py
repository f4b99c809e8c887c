"""Reads of accounts. Names are open to all rooms; lists of accounts are for those who keep them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.models import Account, AccountRole, AccountSession, ApiToken
from workflow.accounts.rules import SESSION_IDLE, SESSION_LONGEST
from workflow.base.actor import Actor, Permission, Role
from workflow.base.errors import Forbidden
from workflow.base.languages import choose
from workflow.knowledge.short_names import short_name


@dataclass(frozen=True)
class Person:
    """What other rooms may know of an account: how to name, reach and address its owner."""

    id: int
    name_ru: str
    name_en: str
    post_ru: str
    post_en: str
    email: str
    phone: str
    locale: str
    zone: str
    digest_hour: int
    active: bool
    roles: frozenset[Role]

    def name(self, language: str) -> str:
        """Give the name in a language, the other one where that is not known."""
        return choose(language, ru=self.name_ru, en=self.name_en)

    def short(self, language: str) -> str:
        """Give «М. П. Иванова» or "M. Ivanova"; empty when the name is not known in that language."""
        full = self.name_ru if language == "ru" else self.name_en
        return short_name(full, language) if full else ""


def _person(account: Account) -> Person:
    return Person(
        account.id, account.name_ru, account.name_en, account.post_ru, account.post_en, account.email, account.phone,
        account.locale, account.zone, account.digest_hour, account.active, account.roles,
    )


def is_empty(session: Session) -> bool:
    """Tell whether there is no account yet: the first-administrator page is open."""
    return session.scalar(select(Account.id).limit(1)) is None


def account_names(session: Session, ids: Collection[int | None], language: str = "ru") -> dict[int, str]:
    """Give the names of accounts by key, in one query; closed accounts keep theirs."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Account.id, Account.name_ru, Account.name_en).where(Account.id.in_(wanted)))
    return {row.id: choose(language, ru=row.name_ru, en=row.name_en) for row in rows}


def people(session: Session, ids: Collection[int | None]) -> Mapping[int, Person]:
    """Give accounts by key, in one query for the accounts and one for their roles."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    return {row.id: _person(row) for row in session.scalars(select(Account).where(Account.id.in_(wanted)))}


def person(session: Session, account_id: int) -> Person | None:
    """Give one account, or None."""
    account = session.get(Account, account_id)
    return None if account is None else _person(account)


def staff(session: Session, *roles: Role) -> Sequence[Person]:
    """Give the active accounts that hold any of *roles* (or any role at all), by name."""
    query = select(Account).where(Account.active).order_by(Account.name_ru, Account.name_en, Account.id)
    if roles:
        query = query.where(
            Account.id.in_(select(AccountRole.account_id).where(AccountRole.role.in_([role.value for role in roles])))
        )
    return [_person(row) for row in session.scalars(query)]


def people_to_choose(session: Session, language: str, *roles: Role) -> list[tuple[int, str]]:
    """Give (key, name) of the active accounts with any of *roles*, sorted by name, for a field to choose from."""
    pairs = [(one.id, one.name(language)) for one in staff(session, *roles)]
    return sorted(pairs, key=lambda pair: pair[1].casefold())


def all_accounts(session: Session, actor: Actor) -> Sequence[Account]:
    """Give all accounts, active first.

    Raises:
        Forbidden: the actor does not keep accounts.
    """
    if not actor.may(Permission.ACCOUNTS_EDIT):
        raise Forbidden
    return session.scalars(select(Account).order_by(Account.active.desc(), Account.name_ru, Account.id)).all()


def open_sessions(session: Session, now: datetime, account_id: int) -> Sequence[AccountSession]:
    """Give the sessions of an account that are still good, the latest used first."""
    return session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None),
               AccountSession.seen_at > now - SESSION_IDLE, AccountSession.created_at > now - SESSION_LONGEST)
        .order_by(AccountSession.seen_at.desc(), AccountSession.id.desc())
    ).all()


def api_tokens(session: Session, account_id: int) -> Sequence[ApiToken]:
    """Give the API tokens of an account, good ones and ended ones, the newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.account_id == account_id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    ).all()
