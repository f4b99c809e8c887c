"""Electronic signatures: who signs, with which certificate, and how a PDF is signed.

A `Signer` is a door: here stands one that signs with a PKCS#12 file (PAdES B-B, an invisible field: the layout draws
the mark, for a visible field would break PDF/UA-1). An accredited provider or a token is another class with these two
methods. Signing is done by a job, never inside a transaction.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from workflow.base.clock import local_date
from workflow.base.settings import Settings

log = logging.getLogger(__name__)


class SignerError(Exception):
    """The certificate cannot be used; the message says why and holds no secret."""


@dataclass(frozen=True)
class Certificate:
    """What the mark on a paper says of the certificate: whose it is, its serial number, how long it is valid."""

    name: str
    serial: str
    valid_from: datetime
    valid_to: datetime

    def plain(self, zone: str) -> dict[str, str]:
        """As plain values, for the paper's row and its layout; days as people in *zone* read them off."""
        return {
            "name": self.name, "serial": self.serial, "valid_from": local_date(self.valid_from, zone).isoformat(),
            "valid_to": local_date(self.valid_to, zone).isoformat(),
        }  # fmt: skip

    def is_valid(self, now: datetime) -> bool:
        """Whether one may sign with it now."""
        return self.valid_from <= now <= self.valid_to


class Signer(Protocol):
    """Signs finished PDF files."""

    def certificate(self) -> Certificate:
        """Say with what it signs.

        Raises:
            SignerError: the certificate cannot be read.
        """

    def sign(self, pdf: bytes) -> bytes:
        """Give the file with a signature over the whole of it.

        Raises:
            SignerError: it could not be signed.
        """


class Pkcs12Signer:
    """Signs with a certificate and its key from a PKCS#12 file (`.p12`, `.pfx`)."""

    def __init__(self, path: Path, password: str = "") -> None:
        self.path, self._password = path, password

    def _read(self) -> tuple[bytes, bytes | None]:
        try:
            return self.path.read_bytes(), self._password.encode() or None
        except OSError as wrong:
            raise SignerError(f"{self.path} cannot be read: {wrong.strerror}") from wrong

    def certificate(self) -> Certificate:
        """Read the certificate."""
        data, password = self._read()
        try:
            key, found, _others = pkcs12.load_key_and_certificates(data, password)
        except (ValueError, TypeError) as wrong:
            raise SignerError(f"{self.path} does not open with this password") from wrong
        if key is None or found is None:
            raise SignerError(f"{self.path} does not open with this password, or holds no certificate with its key")
        names = [*found.subject.get_attributes_for_oid(NameOID.COMMON_NAME),
                 *found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]  # fmt: skip
        return Certificate(
            str(names[0].value) if names else "", format(found.serial_number, "X"), found.not_valid_before_utc,
            found.not_valid_after_utc,
        )  # fmt: skip

    def sign(self, pdf: bytes) -> bytes:
        """Sign by PAdES B-B."""
        self.certificate()
        data, password = self._read()
        try:
            return bytes(import_module("workflow.papers.pades").sign_with_pkcs12(pdf, data, password))
        except Exception as wrong:
            raise SignerError(type(wrong).__name__) from wrong


_signer: list[Signer] = []


def use_signer(signer: Signer | None) -> None:
    """Set who signs electronically in this process; nobody, and the act is not offered."""
    _signer[:] = [signer] if signer is not None else []


def current_signer() -> Signer | None:
    """Who signs electronically, if anybody is set up."""
    return _signer[0] if _signer else None


def signer_of(settings: Settings) -> Signer | None:
    """The signer that the settings ask for; None when there is none or it cannot be used, which the log then says."""
    if settings.signer_file is None:
        return None
    signer = Pkcs12Signer(settings.signer_file, settings.signer_password or "")
    try:
        signer.certificate()
    except SignerError as wrong:
        log.warning("electronic signatures are not offered: %s", wrong)
        return None
    return signer


def digest(data: bytes) -> str:
    """The SHA-256 of a file, as the register keeps it."""
    return hashlib.sha256(data).hexdigest()
