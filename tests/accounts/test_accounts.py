"""What an administrator does with accounts."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.accounts import queries, service, sessions
from workflow.accounts.models import Account, AccountSession
from workflow.base.actor import SYSTEM, Permission, Role, person
from workflow.base.errors import Conflict, Forbidden, Invalid, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit, unit_of_work

PASSWORD = "correct horse battery"


def account(
    session: Session, now: datetime, *roles: Role, email: str = "anna@city.example", **values: object
) -> Account:
    with unit_of_work(session):
        return service.create_account(
            session,
            SYSTEM,
            now,
            email=email,
            name_ru="Орлова Анна Сергеевна",
            name_en="Anna Orlova",
            roles=roles or (Role.COORDINATOR,),
            password=PASSWORD,
            **values,
        )  # type: ignore[arg-type]


def test_first_administrator_is_made_once(session: Session, now: datetime) -> None:
    with unit_of_work(session):
        first = service.first_administrator(
            session, now, name_ru="Иванова Мария", name_en="", email="M@City.Example ", password=PASSWORD
        )
    assert first.email == "m@city.example"
    assert first.roles == {Role.ADMINISTRATOR}
    with pytest.raises(Conflict) as refused:
        service.first_administrator(
            session, now, name_ru="Другой", name_en="", email="x@city.example", password=PASSWORD
        )
    assert refused.value.code == "accounts.already-set-up"


def test_first_administrator_when_two_open_the_page_at_once(app: object, session: Session, now: datetime) -> None:
    bind = session.get_bind()
    start, codes = Barrier(2), []

    def attempt(number: int) -> None:
        with Session(bind) as own:
            start.wait()
            try:
                with unit_of_work(own):
                    service.first_administrator(
                        own,
                        now,
                        name_ru=f"Первый {number}",
                        name_en="",
                        email=f"a{number}@city.example",
                        password=PASSWORD,
                    )
                codes.append("made")
            except Conflict as error:
                codes.append(error.code)

    threads = [Thread(target=attempt, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["accounts.already-set-up", "made"]
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_account_with_every_value_wrong_names_each_field(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_account(
            session,
            SYSTEM,
            now,
            email="anna@",
            name_ru="",
            post_ru="x" * 301,
            locale="fr",
            zone="Mars/Base",
            digest_hour=24,
            roles=[Role.MANAGER],
        )
    assert {(problem.field, problem.code) for problem in refused.value.problems} == {
        ("email", "base.not-an-email"), ("name_ru", "base.required"), ("post_ru", "base.too-long"),
        ("locale", "base.not-a-choice"), ("zone", "accounts.no-such-zone"), ("digest_hour", "base.out-of-range"),
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_same_address_in_other_letters_is_taken(session: Session, now: datetime) -> None:
    account(session, now, email="anna@city.example")
    with pytest.raises(Conflict) as refused:
        account(session, now, email=" ANNA@City.Example")
    assert (refused.value.code, refused.value.field) == ("accounts.email-taken", "email")


@pytest.mark.parametrize(("password", "code"), [
    ("short", "accounts.password-too-short"), ("x" * 257, "accounts.password-too-long"),
    ("anna@city.example", "accounts.password-too-easy"), ("password123", "accounts.password-too-easy"),
    ("aaaaaaaaaaaaaa", "accounts.password-too-easy"),
])  # fmt: skip
def test_poor_password_is_refused(session: Session, now: datetime, password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_account(
            session, SYSTEM, now, email="anna@city.example", name_ru="Анна", password=password, roles=[Role.MANAGER]
        )
    assert refused.value.code == code


def test_password_is_kept_as_argon2_only(session: Session, now: datetime) -> None:
    made = account(session, now)
    assert made.password_hash is not None
    assert made.password_hash.startswith("$argon2id$")


def test_roles_join_their_permissions_and_change_at_once(session: Session, now: datetime) -> None:
    made = account(session, now, Role.TRANSLATOR, Role.MANAGER)
    opened = sessions.open_session(session, now, made.id, password=PASSWORD)
    commit(session)
    actor = sessions.load_actor(session, now, session_token=opened.token)
    assert actor is not None
    assert actor.may(Permission.TRANSLATIONS_TAKE)
    assert actor.may(Permission.REQUESTS_DECIDE)
    with unit_of_work(session):
        service.change_roles(session, SYSTEM, now, made.id, [Role.TRANSLATOR])
    actor = sessions.load_actor(session, now, session_token=opened.token)
    assert actor is not None
    assert actor.roles == {Role.TRANSLATOR}
    assert not actor.may(Permission.REQUESTS_DECIDE)
    kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds == ["accounts.account.created", "accounts.session.opened", "accounts.roles.changed"]


def test_account_without_role_is_refused(session: Session, now: datetime) -> None:
    made = account(session, now)
    with pytest.raises(Invalid) as refused:
        service.change_roles(session, SYSTEM, now, made.id, [])
    assert refused.value.code == "accounts.no-role"


def test_last_administrator_cannot_leave(session: Session, now: datetime) -> None:
    last = account(session, now, Role.ADMINISTRATOR)
    closed = account(session, now, Role.ADMINISTRATOR, email="closed@city.example")
    with unit_of_work(session):
        service.deactivate(session, SYSTEM, now, closed.id)
    for leave in (
        lambda: service.change_roles(session, SYSTEM, now, last.id, [Role.MANAGER]),
        lambda: service.deactivate(session, SYSTEM, now, last.id),
    ):
        with pytest.raises(Conflict) as refused:
            leave()
        assert refused.value.code == "accounts.last-administrator"
        session.rollback()
    assert last.active
    assert last.roles == {Role.ADMINISTRATOR}


def test_deactivated_account_is_out_at_once_and_keeps_its_name(session: Session, now: datetime) -> None:
    made = account(session, now)
    opened = sessions.open_session(session, now, made.id, password=PASSWORD)
    actor = sessions.load_actor(session, now, session_token=opened.token)
    assert actor is not None
    _, secret = sessions.issue_api_token(session, actor, now, name="Сводка", scope=["visits:read"], days=30)
    commit(session)
    with unit_of_work(session):
        service.deactivate(session, SYSTEM, now, made.id)
    assert sessions.load_actor(session, now, session_token=opened.token) is None
    assert sessions.load_actor(session, now, api_token=secret) is None
    with pytest.raises(Invalid):
        sessions.open_session(session, now, made.id, password=PASSWORD)
    assert queries.account_names(session, [made.id, None], "en") == {made.id: "Anna Orlova"}
    assert queries.staff(session, Role.COORDINATOR) == []
    with unit_of_work(session):
        service.activate(session, SYSTEM, now, made.id)
    assert sessions.load_actor(session, now, session_token=opened.token) is None
    assert [one.id for one in queries.staff(session, Role.COORDINATOR)] == [made.id]


def test_own_account_cannot_be_closed(session: Session, now: datetime) -> None:
    made = account(session, now, Role.ADMINISTRATOR)
    with pytest.raises(Conflict) as refused:
        service.deactivate(session, person(made.id, "Анна", made.roles), now, made.id)
    assert refused.value.code == "accounts.own-account"


def test_coordinator_cannot_keep_accounts(session: Session, now: datetime) -> None:
    made = account(session, now)
    actor = person(made.id, "Анна", made.roles)
    with pytest.raises(Forbidden):
        service.create_account(session, actor, now, email="b@city.example", name_ru="Б", roles=[Role.ADMINISTRATOR])
    with pytest.raises(Forbidden):
        service.change_roles(session, actor, now, made.id, [Role.ADMINISTRATOR])
    with pytest.raises(Forbidden):
        service.change_account(session, actor, now, made.id, {"email": "other@city.example"})
    with unit_of_work(session):
        service.change_account(session, actor, now, made.id, {"locale": "en", "digest_hour": "7"})
    assert (made.locale, made.digest_hour) == ("en", 7)


def test_change_on_an_old_version_shows_what_is_saved(session: Session, now: datetime) -> None:
    made = account(session, now)
    seen = made.lock_version
    with unit_of_work(session):
        service.change_account(session, SYSTEM, now, made.id, {"post_ru": "начальник отдела"}, version=seen)
    with pytest.raises(Stale) as refused:
        service.change_account(session, SYSTEM, now, made.id, {"post_ru": "консультант"}, version=seen)
    assert refused.value.current == {"post_ru": "начальник отдела"}


def test_events_name_address_and_phone_without_their_values(session: Session, now: datetime) -> None:
    made = account(session, now)
    with unit_of_work(session):
        service.change_account(session, SYSTEM, now, made.id, {"email": "new@city.example", "phone": "+7 8652 000000"})
    event = session.scalars(select(Event).where(Event.kind == "accounts.account.changed")).one()
    assert event.changes == {"email": None, "phone": None}


def test_people_to_choose_are_active_holders_of_the_role_by_name(session: Session, now: datetime) -> None:
    with unit_of_work(session):
        for name, role in (
            ("Яковлев Пётр", Role.TRANSLATOR),
            ("Абрамова Зоя", Role.TRANSLATOR),
            ("Белов Ян", Role.MANAGER),
        ):
            service.create_account(
                session, SYSTEM, now, email=f"{role}{name[0]}@city.example", name_ru=name, roles=[role]
            )
    assert [name for _, name in queries.people_to_choose(session, "ru", Role.TRANSLATOR)] == [
        "Абрамова Зоя",
        "Яковлев Пётр",
    ]


def test_sessions_of_an_account_are_listed_and_ended(session: Session, now: datetime) -> None:
    made = account(session, now)
    here, there = (
        sessions.open_session(
            session,
            now,
            made.id,
            password=PASSWORD,
            address="10.0.0.7",
            browser="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        )
        for _ in range(2)
    )
    commit(session)
    actor = sessions.load_actor(session, now, session_token=here.token)
    assert actor is not None
    assert [row.browser for row in queries.open_sessions(session, now, made.id)] == ["Firefox, Linux"] * 2
    with unit_of_work(session):
        assert sessions.end_sessions(session, actor, now, made.id) == 1
    assert sessions.load_actor(session, now, session_token=here.token) is not None
    assert sessions.load_actor(session, now, session_token=there.token) is None
    raw = session.connection().exec_driver_sql("SELECT address FROM account_session").scalars().all()
    assert all(b"10.0.0.7" not in bytes(value) for value in raw)
    assert session.scalar(select(func.count()).select_from(AccountSession)) == 2
