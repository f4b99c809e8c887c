"""Encryption, settings and rate limits: nothing readable at rest, nothing that fails open."""

import errno
import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.servers import Together, both_databases
from workflow.base import clock
from workflow.base.encryption import KEYS, blind_index, decrypt_bytes, encrypt_bytes, rotate_bytes
from workflow.base.errors import TooMany
from workflow.base.limits import forgive, purge_limits, spend
from workflow.base.settings import SettingsError, read_settings

HOUR = timedelta(hours=1)


def test_personal_columns_are_unreadable_in_the_table(session: Session, make: Make) -> None:
    person = make.person(birth_date="1980-05-17", email="ayse@kadikoy.example")
    stored = session.execute(text("SELECT birth_date, email FROM person WHERE id = :id"), {"id": person.id}).one()
    assert b"1980" not in bytes(stored.birth_date)
    assert b"kadikoy" not in bytes(stored.email)
    session.expire_all()
    assert (person.birth_date, person.email) == ("1980-05-17", "ayse@kadikoy.example")


def test_old_keys_still_read_and_rotation_moves_to_the_new_one() -> None:
    box, index = KEYS._box, KEYS._index_key
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    try:
        KEYS.use([old], "i")
        token = encrypt_bytes("Кадыкёй".encode())
        KEYS.use([new, old], "i")
        assert decrypt_bytes(token).decode() == "Кадыкёй"
        moved = rotate_bytes(token)
        KEYS.use([new], "i")
        assert decrypt_bytes(moved).decode() == "Кадыкёй"
        with pytest.raises(ValueError, match="no longer held"):
            decrypt_bytes(token)
    finally:
        KEYS._box, KEYS._index_key = box, index


def test_blind_index_ignores_spaces_case_and_signs_but_not_letters(session: Session) -> None:
    assert blind_index("u 1234-567") == blind_index("U1234567")
    assert blind_index("U1234567") != blind_index("U1234568")


def test_limit_refuses_the_next_act_and_opens_again_after_the_window(session: Session) -> None:
    for _act in range(3):
        spend(session, clock.now(), "sign-in", "somebody", limit=3, window=HOUR)
    with pytest.raises(TooMany) as refused:
        spend(session, clock.now(), "sign-in", "somebody", limit=3, window=HOUR)
    assert refused.value.seconds == 3600
    spend(session, clock.now(), "sign-in", "somebody else", limit=3, window=HOUR)
    clock.advance_frozen(HOUR)
    spend(session, clock.now(), "sign-in", "somebody", limit=3, window=HOUR)


def test_limit_is_forgiven_after_success_and_purged_when_old(session: Session) -> None:
    spend(session, clock.now(), "sign-in", "somebody", limit=1, window=HOUR)
    forgive(session, "sign-in", "somebody")
    spend(session, clock.now(), "sign-in", "somebody", limit=1, window=HOUR)
    clock.advance_frozen(timedelta(days=3))
    purge_limits(session, clock.now())
    assert session.execute(text("SELECT count(*) FROM rate_limit")).scalar_one() == 0


@both_databases
def test_two_who_sign_in_at_once_are_counted_while_one_is_forgiven(together: Together) -> None:
    def sign_in(session: Session, _number: int) -> None:
        spend(session, clock.now(), "sign-in", "anna@city.example", limit=100, window=HOUR)
        forgive(session, "sign-in", "anna@city.example")

    assert together(12, sign_in) == [None] * 12


def test_limit_used_up_while_the_clock_was_ahead_opens_when_it_is_right_again(session: Session) -> None:
    ahead = clock.now() + timedelta(days=365)
    spend(session, ahead, "sign-in", "office", limit=1, window=HOUR)
    with pytest.raises(TooMany):
        spend(session, ahead, "sign-in", "office", limit=1, window=HOUR)
    spend(session, clock.now(), "sign-in", "office", limit=1, window=HOUR)
    with pytest.raises(TooMany) as refused:
        spend(session, clock.now(), "sign-in", "office", limit=1, window=HOUR)
    assert refused.value.seconds == 3600


def test_one_machine_mode_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    first = read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}, make_keys=True)
    kept = tmp_path / "keys.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["secret_key"] == first.secret_key
    assert read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}).fernet_keys == first.fernet_keys


def test_settings_shown_as_a_whole_show_nothing_that_opens_doors(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    given = {"DELEGATIONS_SECRET_KEY": "first-" + "s" * 40, "DELEGATIONS_ENCRYPTION_KEYS": key,
             "DELEGATIONS_INDEX_KEY": "second-" + "i" * 40, "DELEGATIONS_SMTP_PASSWORD": "third",
             "DATABASE_URL": "postgresql://office:fourth@db/office", "REDIS_URL": "redis://:fifth@redis:6379/0"}
    shown = repr(read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)} | given))
    assert [word for word in ("first-", key, "second-", "third", "fourth", "fifth") if word in shown] == []
    assert str(tmp_path) in shown


def test_production_refuses_to_start_without_its_own_keys(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DELEGATIONS_SECRET_KEY, DELEGATIONS_ENCRYPTION_KEYS"):
        read_settings({"DELEGATIONS_ENV": "production", "DELEGATIONS_DATA_DIR": str(tmp_path)})


def test_production_refuses_demo_keys(tmp_path: Path) -> None:
    env = {"DELEGATIONS_ENV": "production", "DELEGATIONS_DATA_DIR": str(tmp_path),
           "DELEGATIONS_SECRET_KEY": "demo-key", "DELEGATIONS_INDEX_KEY": "x",
           "DELEGATIONS_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    with pytest.raises(SettingsError, match="refuses the demo's keys"):
        read_settings(env)


def test_setting_that_is_no_number_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a number"):
        read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path), "DELEGATIONS_SMTP_PORT": "smtp"}, make_keys=True)


@pytest.mark.parametrize(("name", "value", "said"), [
    ("DELEGATIONS_SMTP_TLS", "tsl", "DELEGATIONS_SMTP_TLS is one of starttls, ssl, none"),
    ("DELEGATIONS_ENCRYPTION_KEYS", "change-me", "DELEGATIONS_ENCRYPTION_KEYS holds something that is no key"),
    ("DELEGATIONS_ENCRYPTION_KEYS", ",", "DELEGATIONS_ENCRYPTION_KEYS holds something that is no key"),
    ("DELEGATIONS_BASE_URL", "delegations.example.org", "DELEGATIONS_BASE_URL is the whole address"),
    ("DELEGATIONS_BASE_URL", "https://city.example/visits", "DELEGATIONS_BASE_URL is the whole address"),
    ("DELEGATIONS_BASE_URL", "https://", "DELEGATIONS_BASE_URL is the whole address"),
    ("DELEGATIONS_ENV", "prod", "DELEGATIONS_ENV is production, or not set"),
    ("DATABASE_URL", "mysql://db/office", "DATABASE_URL begins with postgresql://"),
    ("REDIS_URL", "redis:6379", "REDIS_URL begins with redis://"),
    ("DELEGATIONS_MAIL_FROM", "delegations", "DELEGATIONS_MAIL_FROM is an e-mail address"),
    ("DELEGATIONS_TRUSTED_PROXIES", "-1", "DELEGATIONS_TRUSTED_PROXIES is not a number"),
    ("DELEGATIONS_LEASE_SECONDS", "long", "DELEGATIONS_LEASE_SECONDS is not a number"),
    ("DELEGATIONS_LOG_LEVEL", "LOUD", "DELEGATIONS_LOG_LEVEL is one of"),
])
def test_value_that_cannot_work_is_refused_at_the_start_by_its_name(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path), name: value}, make_keys=True)


def test_production_refuses_keys_that_can_be_guessed(tmp_path: Path) -> None:
    env = {"DELEGATIONS_ENV": "production", "DELEGATIONS_DATA_DIR": str(tmp_path),
           "DELEGATIONS_SECRET_KEY": "s" * 31, "DELEGATIONS_INDEX_KEY": "i" * 32,
           "DELEGATIONS_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    with pytest.raises(SettingsError, match="at least 32 characters"):
        read_settings(env)
    assert read_settings(env | {"DELEGATIONS_SECRET_KEY": "s" * 32}).production


@pytest.mark.parametrize("kept", ["", "{half", '{"secret_key": "x"}', "[]"])
def test_damaged_key_file_is_never_replaced_by_new_keys(tmp_path: Path, kept: str) -> None:
    (tmp_path / "keys.json").write_text(kept)
    with pytest.raises(SettingsError, match=r"keys\.json cannot be read or is damaged: put back the copy"):
        read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}, make_keys=True)
    assert (tmp_path / "keys.json").read_text() == kept


def test_first_start_on_a_full_disk_leaves_no_half_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(SettingsError, match="No space left on device"):
            read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}, make_keys=True)
    assert list(tmp_path.iterdir()) == []
    made = read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}, make_keys=True)
    assert read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path)}).fernet_keys == made.fernet_keys


def test_programs_that_start_first_at_once_hold_the_same_keys(tmp_path: Path, together: Together) -> None:
    starts = together(8, lambda _session, _number: read_settings(
        {"DELEGATIONS_DATA_DIR": str(tmp_path / "data")}, make_keys=True).fernet_keys)
    assert len(set(starts)) == 1, starts
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["keys.json"]


def test_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="DELEGATIONS_DATA_DIR"):
        read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path / "file" / "data")}, make_keys=True)
