"""Settings from the environment: one immutable value, read once at start.

Everything is `DELEGATIONS_<NAME>`; `DATABASE_URL` and `REDIS_URL` are read too. In the one-machine mode keys are
generated into the data folder with mode 0600; production refuses to start without its own.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from workflow.base.disk import sync_folder, write_half

DEMO_MARK = "demo-"
SHORTEST_SECRET = 32
SMTP_TLS = ("starttls", "ssl", "none")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(Exception):
    """The settings cannot be used; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. What opens doors is not shown where the whole is, as in a fault that is logged."""

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    fernet_keys: tuple[str, ...] = field(repr=False)
    index_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    production: bool = False
    demo: bool = False
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    smtp_tls: str = "starttls"
    mail_from: str = "delegations@localhost"
    max_upload: int = 25 * 1024 * 1024
    lease: timedelta | None = None
    trusted_proxies: int = 0
    signer_file: Path | None = None
    signer_password: str | None = field(default=None, repr=False)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def files_dir(self) -> Path:
        """Where uploaded and made files are kept."""
        return self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        """Where outgoing mail is kept while no SMTP server is set."""
        return self.data_dir / "mail"

    @property
    def log_level(self) -> str:
        """The least level that is logged."""
        return self.extra.get("LOG_LEVEL", "INFO")


def read_settings(environ: Mapping[str, str] | None = None, *, make_keys: bool = False) -> Settings:
    """Read settings from *environ* (the process's own by default).

    *make_keys* lets missing keys be generated into the data folder: the one-machine mode.

    Raises:
        SettingsError: a secret is missing in production, or a value cannot be used; the first such is named.
    """
    env = dict(os.environ if environ is None else environ)

    def get(name: str, default: str | None = None) -> str | None:
        return env.get(f"DELEGATIONS_{name}") or default

    def number(name: str, default: int) -> int:
        given = get(name)
        if given is None:
            return default
        if not given.isascii() or not given.isdigit():
            raise SettingsError(f"DELEGATIONS_{name} is not a number: {given!r}")
        return int(given)

    data_dir = Path(get("DATA_DIR", "data") or "data").resolve()
    if get("ENV") not in (None, "production"):
        raise SettingsError(f"DELEGATIONS_ENV is production, or not set: {get('ENV')!r} would not be protected")
    production = get("ENV") == "production"
    database_url = env.get("DATABASE_URL") or get("DATABASE_URL") or f"sqlite:///{data_dir / 'delegations.db'}"
    if database_url.startswith(("postgres://", "postgresql://")):
        database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
    found = {"secret_key": get("SECRET_KEY"), "fernet_keys": get("ENCRYPTION_KEYS"), "index_key": get("INDEX_KEY")}
    if not all(found.values()):
        if production and not make_keys:
            missing = ", ".join(f"DELEGATIONS_{name}" for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY")
                                if not get(name))
            raise SettingsError(f"set {missing}: production never runs on generated keys")
        kept = _kept_keys(data_dir, make=make_keys, mark=DEMO_MARK if get("DEMO") == "1" else "")
        found = {name: value or kept[name] for name, value in found.items()}
    if production and any(str(value).startswith(DEMO_MARK) for value in found.values()):
        raise SettingsError("production refuses the demo's keys: set your own")
    lease = get("LEASE_SECONDS")
    return _expect_usable(Settings(
        data_dir=data_dir,
        database_url=database_url,
        redis_url=env.get("REDIS_URL") or get("REDIS_URL"),
        secret_key=str(found["secret_key"]),
        fernet_keys=tuple(key.strip() for key in str(found["fernet_keys"]).split(",") if key.strip()),
        index_key=str(found["index_key"]),
        base_url=(get("BASE_URL", "http://127.0.0.1:8000") or "").rstrip("/"),
        production=production,
        demo=get("DEMO") == "1",
        smtp_host=get("SMTP_HOST"),
        smtp_port=number("SMTP_PORT", 25),
        smtp_user=get("SMTP_USER"),
        smtp_password=get("SMTP_PASSWORD"),
        smtp_tls=(get("SMTP_TLS", "starttls") or "").casefold(),
        mail_from=get("MAIL_FROM", "delegations@localhost") or "",
        max_upload=number("MAX_UPLOAD_BYTES", 25 * 1024 * 1024),
        lease=timedelta(seconds=_fraction("DELEGATIONS_LEASE_SECONDS", lease)) if lease else None,
        signer_file=Path(str(get("SIGNER_FILE"))) if get("SIGNER_FILE") else None,
        signer_password=get("SIGNER_PASSWORD"),
        trusted_proxies=number("TRUSTED_PROXIES", 0),
        extra={"LOG_LEVEL": (get("LOG_LEVEL", "INFO") or "INFO").upper()},
    ))  # fmt: skip


def _fraction(name: str, given: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise SettingsError(f"{name} is not a number: {given!r}") from None


def _expect_usable(settings: Settings) -> Settings:
    """Refuse at the start what would fail, or go out unprotected, in the middle of the work."""
    url, redis_url, base_url = settings.database_url, settings.redis_url, settings.base_url
    refused = [
        (bool(settings.fernet_keys) and all(map(_is_fernet_key, settings.fernet_keys)),
         ("DELEGATIONS_ENCRYPTION_KEYS holds something that is no key: each is 32 bytes in URL-safe base64, a comma "
          "between two; `delegations keys new` prints one")),
        (not settings.production or min(len(settings.secret_key), len(settings.index_key)) >= SHORTEST_SECRET,
         (f"DELEGATIONS_SECRET_KEY and DELEGATIONS_INDEX_KEY have at least {SHORTEST_SECRET} characters in production: "
          "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'")),
        (url.startswith(("sqlite:///", "postgresql+psycopg://")),
         "DATABASE_URL begins with postgresql:// (or sqlite:///)"),
        (redis_url is None or redis_url.startswith(("redis://", "rediss://", "unix://")),
         "REDIS_URL begins with redis:// (or rediss://, unix://)"),
        (_is_own_address(base_url),
         (f"DELEGATIONS_BASE_URL is the whole address that people type, with https:// and without a path: {base_url!r} "
          "is none")),
        (settings.smtp_tls in SMTP_TLS, f"DELEGATIONS_SMTP_TLS is one of {', '.join(SMTP_TLS)}"),
        ("@" in settings.mail_from, "DELEGATIONS_MAIL_FROM is an e-mail address"),
        (settings.log_level in LOG_LEVELS, f"DELEGATIONS_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}"),
    ]  # fmt: skip
    for fine, said in refused:
        if not fine:
            raise SettingsError(said)
    return settings


def _is_own_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    beyond = parts.path or parts.query or parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not beyond


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _kept_keys(data_dir: Path, *, make: bool, mark: str = "") -> dict[str, str | None]:
    path = data_dir / "keys.json"
    if path.exists():
        return _read_keys(path)
    if not make:
        raise SettingsError(
            "no keys: set DELEGATIONS_SECRET_KEY, DELEGATIONS_ENCRYPTION_KEYS and DELEGATIONS_INDEX_KEY, "
            f"or run `delegations up`, which makes them in {data_dir} (DELEGATIONS_DATA_DIR)"
        )
    made: dict[str, str | None] = {
        "secret_key": mark + secrets.token_urlsafe(48),
        "fernet_keys": Fernet.generate_key().decode(),
        "index_key": mark + secrets.token_urlsafe(48),
    }
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".keys.{secrets.token_hex(4)}.part")
        try:
            write_half(half, json.dumps(made).encode(), mode=0o600)
            _give_name(half, path)
        finally:
            half.unlink(missing_ok=True)
        sync_folder(data_dir)
    except FileExistsError:
        return _kept_keys(data_dir, make=False)
    except OSError as error:
        raise SettingsError(f"{data_dir} cannot be written ({error.strerror}): give it to the user that the program "
                            "runs as, or name another folder by DELEGATIONS_DATA_DIR") from error  # fmt: skip
    return made


def _give_name(half: Path, path: Path) -> None:
    """Name the file of keys, but never in the place of keys that another program made in this moment."""
    try:
        os.link(half, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows one name for a file only
        half.replace(path)


def _read_keys(path: Path) -> dict[str, str | None]:
    try:
        kept = json.loads(path.read_text())
        return {name: str(kept[name]) for name in ("secret_key", "fernet_keys", "index_key")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{path} cannot be read or is damaged: put back the copy of it that you keep apart from "
                            "the backups; without these keys personal data cannot be read") from error  # fmt: skip
