"""What a good e-mail address, password and token are. Pure decisions."""

import hashlib
import re
import secrets
from datetime import timedelta
from enum import StrEnum

from workflow.knowledge.names import normalise

PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 256
NAME_LONGEST = 200
EMAIL_LONGEST = 254

SESSION_IDLE = timedelta(days=7)
SESSION_LONGEST = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)
RESET_VALID = timedelta(hours=2)
FIRST_PASSWORD_VALID = timedelta(days=7)
TOKEN_LONGEST = timedelta(days=366)

TRIES_WINDOW = timedelta(minutes=15)
TRIES_PER_ADDRESS = 40
TRIES_PER_ACCOUNT = 10
RESETS_WINDOW = timedelta(hours=1)
RESETS_PER_ADDRESS = 20
RESETS_PER_ACCOUNT = 3

API_TOKEN_START = "dlg_"  # noqa: S105 — not a secret: it makes leaked tokens easy to find

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}@[^\s@.\"(),:;<>\[\\\]]+(\.[^\s@.\"(),:;<>\[\\\]]+)*")
_EASY = frozenset({"password12", "password123", "1234567890", "12345678910", "qwertyuiop", "qwerty12345", "йцукенгшщз",
                   "administrator", "delegations", "пароль12345"})


class Locale(StrEnum):
    """The languages of the interface."""

    RU = "ru"
    EN = "en"


class TokenPurpose(StrEnum):
    """Why somebody was mailed a link that sets a password."""

    FIRST = "first"
    RESET = "reset"


def normalise_email(text: str) -> str:
    """Give the one spelling of an address that is stored and compared: no spaces around, small letters."""
    return normalise(text).casefold()


def is_email(text: str) -> bool:
    """Tell whether a normalised address can be written to."""
    return len(text) <= EMAIL_LONGEST and text.isprintable() and _EMAIL.fullmatch(text) is not None


def password_fault(password: str, *, email: str, name: str) -> str | None:
    """Say what is wrong with a new password, as an error code; None when it may be used."""
    if len(password) < PASSWORD_SHORTEST:
        return "accounts.password-too-short"
    if len(password) > PASSWORD_LONGEST:
        return "accounts.password-too-long"
    plain = password.casefold().strip()
    own = {email.casefold(), email.casefold().split("@", 1)[0], name.casefold()}
    if plain in _EASY or plain in own or len(set(plain)) < 4:
        return "accounts.password-too-easy"
    return None


def new_token() -> str:
    """Make a secret for a session or a link: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """Make a secret for a program."""
    return API_TOKEN_START + new_token()


def token_hash(token: str) -> str:
    """Give what is stored of a secret: who reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
