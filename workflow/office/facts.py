"""What papers may say of our office (docs/facts.md, section `office`)."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import FactCollector, FactScope
from workflow.knowledge.short_names import short_name
from workflow.office import queries
from workflow.office.models import Signatory

NOBODY: dict[str, Any] = {
    "id": None, "name": None, "short": None, "post": None, "name_genitive": None, "name_dative": None,
    "post_genitive": None, "post_dative": None, "gender": None,
}  # fmt: skip


def texts(ru: str, en: str) -> dict[str, str] | None:
    """Give a text that differs by language; None when it is known in neither."""
    return {"ru": ru, "en": en} if ru or en else None


def signatory_facts(one: Signatory | None) -> dict[str, Any]:
    """Give what papers may say of who signs; papers' rooms use it for a signatory chosen by hand, too."""
    if one is None:
        return dict(NOBODY)
    return {
        "id": one.id,
        "name": _with_others(one, "name", one.name_ru, one.name_en),
        "short": _with_others(one, "name", one.short_ru or short_name(one.name_ru, "ru"),
                              one.short_en or short_name(one.name_en, "en")),
        "post": _with_others(one, "post", one.post_ru, one.post_en),
        "name_genitive": one.name_genitive or None,
        "name_dative": one.name_dative or None,
        "post_genitive": one.post_genitive or None,
        "post_dative": one.post_dative or None,
        "gender": one.gender or None,
    }


def _with_others(one: Signatory, part: str, ru: str, en: str) -> dict[str, str]:
    """Give a name or a post by language, further languages as they were entered."""
    return {"ru": ru, "en": en, **{language: str(told.get(part) or "") for language, told in one.others.items()}}


def collect(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section: what the paper's issuing body says of itself, by default the first body."""
    body = queries.issuing_body(session, scope.issuing_body)
    signatory = signatory_facts(queries.signatory_for(session, body_id=None if body is None else body.id))
    if body is None:
        names = ("name", "city", "city_in", "address", "phone", "email", "website", "department", "arms_file_id")
        return {**dict.fromkeys(names), "letterhead": {}, "signatory": signatory}
    return {
        "name": texts(body.name_ru, body.name_en),
        "letterhead": {"ru": body.letterhead_ru.splitlines(), "en": body.letterhead_en.splitlines(),
                       **{language: str(lines).splitlines() for language, lines in body.letterheads.items()}},
        "city": texts(body.city_ru, body.city_en),
        "city_in": texts(body.city_in_ru, body.city_in_en),
        "address": texts(body.address_ru, body.address_en),
        "phone": body.phone,
        "email": body.email,
        "website": body.website,
        "department": texts(body.department_ru, body.department_en),
        "signatory": signatory,
        "arms_file_id": body.arms_file_id,
    }


SECTIONS: dict[str, FactCollector] = {"office": collect}
