"""Argon2id, with one answer time for known and unknown people."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_hashers: list[PasswordHasher] = [PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)]
_nobody: dict[PasswordHasher, str] = {}


def use_hasher(hasher: PasswordHasher) -> None:
    """Hash with other costs from here on; old hashes stay good and are renewed at the next sign-in."""
    _hashers[:] = [hasher]


def hash_password(password: str) -> str:
    """Give what is stored of a password."""
    return _hashers[0].hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether a password fits; with nothing kept, take the same time over a hash that nothing fits."""
    hasher = _hashers[0]
    if kept is None and hasher not in _nobody:
        _nobody[hasher] = hasher.hash("nobody has this password")
    try:
        return hasher.verify(kept or _nobody[hasher], password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other costs than ours now."""
    return _hashers[0].check_needs_rehash(kept)
