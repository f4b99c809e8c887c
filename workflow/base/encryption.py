"""Columns that are unreadable in the database file, in backups and in dumps.

`EncryptedText` and `EncryptedJson` store MultiFernet tokens (the first key encrypts, all decrypt, so keys can be
rotated). `blind_index` gives a keyed hash for equality search. Keys come from settings and live apart from the data.
"""

import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator


class Keys:
    """The keys of this process; set once at start by `use`."""

    def __init__(self) -> None:
        self._box: MultiFernet | None = None
        self._index_key = b""

    def use(self, fernet_keys: list[str], index_key: str) -> None:
        """Take the keys: the first of *fernet_keys* (URL-safe base64 of 32 bytes) encrypts."""
        self._box = MultiFernet([Fernet(key) for key in fernet_keys])
        self._index_key = index_key.encode()

    @property
    def box(self) -> MultiFernet:
        """The cipher; an error when no keys were set."""
        if self._box is None:
            raise RuntimeError("encryption keys are not set: call KEYS.use(...) at start")
        return self._box

    @property
    def index_key(self) -> bytes:
        """The key of blind indexes."""
        if not self._index_key:
            raise RuntimeError("the key of blind indexes is not set")
        return self._index_key


KEYS = Keys()


def encrypt_bytes(data: bytes) -> bytes:
    """Encrypt bytes under the newest key."""
    return KEYS.box.encrypt(data)


def decrypt_bytes(token: bytes) -> bytes:
    """Decrypt what `encrypt_bytes` made under any key still held.

    Raises:
        ValueError: the token is damaged or its key is gone.
    """
    try:
        return KEYS.box.decrypt(token)
    except InvalidToken as error:
        raise ValueError("cannot decrypt: damaged, or its key is no longer held") from error


def rotate_bytes(token: bytes) -> bytes:
    """Encrypt again under the newest key."""
    return KEYS.box.rotate(token)


def blind_index(value: str) -> str:
    """Hash a normalised value (letters and digits, upper case) with our key, for equality search only."""
    return index_under(KEYS.index_key, value)


def index_under(key: bytes, value: str) -> str:
    """Make the blind index that a value has under a key."""
    plain = "".join(ch for ch in value.upper() if ch.isalnum())
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encrypt."""
        return None if value is None else encrypt_bytes(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt."""
        return None if value is None else decrypt_bytes(bytes(value)).decode()


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted at rest; assign a new value to change it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Encrypt."""
        return None if value is None else encrypt_bytes(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Decrypt."""
        return None if value is None else json.loads(decrypt_bytes(bytes(value)))
