"""The mark of an electronic signature, as it is printed beside the name of the signatory.

ГОСТ Р 7.0.97-2016, 5.23: «Документ подписан электронной подписью», the number of the certificate, its owner, how long
it is valid.
"""

from collections.abc import Mapping
from typing import Any

from workflow.papers import phrases

_WORDS = {
    "ru": ("ДОКУМЕНТ ПОДПИСАН\nЭЛЕКТРОННОЙ ПОДПИСЬЮ", "Сертификат {0}", "Владелец {0}", "Действителен с {0} по {1}"),
    "en": ("SIGNED ELECTRONICALLY", "Certificate {0}", "Owner {0}", "Valid from {0} to {1}"),
}


def mark_lines(signature: Mapping[str, Any] | None, language: str) -> list[str]:
    """The lines of the mark in a paper's language, else in English; nothing without a signature."""
    if not signature:
        return []
    head, certificate, owner, valid = _WORDS.get(language, _WORDS["en"])
    spoken = language if language in _WORDS else "en"
    days = (phrases.short_date(str(signature[name]), spoken) for name in ("valid_from", "valid_to"))
    return [
        *head.split("\n"),
        certificate.format(_grouped(str(signature["serial"]))),
        *([owner.format(signature["name"])] if signature["name"] else []),
        valid.format(*days),
    ]


def _grouped(serial: str) -> str:
    """A long number with places where a line may break: a narrow box must not be overrun."""
    return " ".join(serial[at : at + 20] for at in range(0, len(serial), 20))
