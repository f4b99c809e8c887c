"""The forms of requests, visits and members, and what their lists offer."""

from datetime import date

from flask_babel import gettext as _
from pydantic import Field

from workflow.visits.rules import BasisKind, Direction
from workflow.web.forms import FormModel

LANGUAGES = ("ru", "en", "tr", "zh", "fr", "bg", "es", "el", "hy", "de", "it", "sl")


class RequestForm(FormModel):
    """A request as a clerk enters it."""

    direction: Direction = Direction.INCOMING
    process_key: str = Field("incoming", max_length=40)
    incoming_number: str = Field("", max_length=60)
    incoming_date: date | None = None
    their_number: str = Field("", max_length=60)
    their_date: date | None = None
    received_on: date | None = None
    partner_id: int | None = Field(None, ge=1, le=2**31)
    asking_body: str = Field("", max_length=300)
    country: str = Field("", max_length=8)
    contact_name: str = Field("", max_length=200)
    contact_email: str = Field("", max_length=200)
    contact_phone: str = Field("", max_length=60)
    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    purpose: str = Field("", max_length=4000)
    head_name: str = Field("", max_length=300)
    size: int | None = Field(None, ge=1, le=2000)
    languages: list[str] = Field(default_factory=list)
    payer: str = Field("", max_length=300)
    wishes: str = Field("", max_length=4000)
    needs: str = Field("", max_length=4000)
    date_from: date | None = None
    date_to: date | None = None
    place: str = Field("", max_length=200)
    basis_kind: BasisKind = BasisKind.REQUEST
    basis_text: str = Field("", max_length=400)
    version: int | None = None


class TextForm(FormModel):
    """One text: a question, an answer, a reason."""

    text: str = Field("", max_length=4000)


class VisitForm(FormModel):
    """A visit's own facts; its dates, stage and standing are changed by the process."""

    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    partner_id: int | None = Field(None, ge=1, le=2**31)
    country: str = Field("", max_length=8)
    place: str = Field("", max_length=200)
    zone: str = Field("Europe/Moscow", max_length=60)
    purpose: str = Field("", max_length=4000)
    purpose_en: str = Field("", max_length=4000)
    place_en: str = Field("", max_length=200)
    payer_ru: str = Field("", max_length=300)
    payer_en: str = Field("", max_length=300)
    visa_purpose: str = Field("official", max_length=20)
    host_name: str = Field("", max_length=300)
    host_name_en: str = Field("", max_length=300)
    languages: list[str] = Field(default_factory=list)
    responsible_id: int | None = Field(None, ge=1, le=2**31)
    substitute_id: int | None = Field(None, ge=1, le=2**31)
    version: int | None = None


class BasisForm(FormModel):
    """What a visit rests on."""

    kind: BasisKind = BasisKind.INVITATION
    text: str = Field(max_length=400)
    text_en: str = Field("", max_length=400)
    number: str = Field("", max_length=60)
    dated: date | None = None


class CorrectedBasisForm(BasisForm):
    """What a visit rests on, corrected; `version` is the visit's."""

    version: int | None = None


class MemberForm(FormModel):
    """A member typed by hand: the person and the part they play."""

    latin_family: str = Field("", max_length=120)
    latin_given: str = Field("", max_length=120)
    russian_family: str = Field("", max_length=120)
    russian_given: str = Field("", max_length=120)
    russian_patronymic: str = Field("", max_length=120)
    native_family: str = Field("", max_length=120)
    native_given: str = Field("", max_length=120)
    sex: str = Field("unknown", pattern="^(male|female|unknown)$")
    citizenship: str = Field("", max_length=8)
    birth_date: date | None = None
    email: str = Field("", max_length=200)
    post_ru: str = Field("", max_length=300)
    post_en: str = Field("", max_length=300)
    organisation_ru: str = Field("", max_length=300)
    organisation_en: str = Field("", max_length=300)
    passport_number: str = Field("", max_length=40)
    passport_type: str = Field("ordinary", pattern="^(ordinary|service|diplomatic|internal)$")
    passport_country: str = Field("", max_length=8)
    passport_issued: date | None = None
    passport_expires: date | None = None
    is_head: bool = False
    reason: str = Field("", max_length=300)
    zone: str = Field("", max_length=2000)
    same_as: str = Field("", pattern=r"^(|new|[0-9]{1,10})$")
    version: int | None = None


class MemberPartForm(FormModel):
    """A member's part in this delegation."""

    post_ru: str = Field("", max_length=300)
    post_en: str = Field("", max_length=300)
    organisation_ru: str = Field("", max_length=300)
    organisation_en: str = Field("", max_length=300)
    role_ru: str = Field("", max_length=100)
    role_en: str = Field("", max_length=100)
    seat: str = Field("", max_length=40)
    seat_en: str = Field("", max_length=40)
    note: str = Field("", max_length=500)
    version: int | None = None


def directions() -> list[tuple[str, str]]:
    """Offer the directions."""
    return [("incoming", _("Incoming: guests come to us")), ("outgoing", _("Outgoing: we travel")),
            ("online", _("Online")), ("hosted", _("Hosted event"))]


def basis_kinds() -> list[tuple[str, str]]:
    """Offer the kinds of basis."""
    return [("request", _("Their request")), ("invitation", _("Invitation")), ("agreement", _("Agreement")),
            ("plan", _("Yearly plan")), ("association", _("An association's event"))]


def language_names() -> list[tuple[str, str]]:
    """Offer the languages of papers and interpreting."""
    names = {"ru": _("Russian"), "en": _("English"), "tr": _("Turkish"), "zh": _("Chinese"), "fr": _("French"),
             "bg": _("Bulgarian"), "es": _("Spanish"), "el": _("Greek"), "hy": _("Armenian"), "de": _("German"),
             "it": _("Italian"), "sl": _("Slovenian")}
    return [(code, names[code]) for code in LANGUAGES]


def sexes() -> list[tuple[str, str]]:
    """Offer the entries that passports know."""
    return [("unknown", _("not stated")), ("female", _("female")), ("male", _("male"))]


def passport_types() -> list[tuple[str, str]]:
    """Offer the kinds of passport."""
    return [("ordinary", _("ordinary")), ("service", _("service")), ("diplomatic", _("diplomatic")),
            ("internal", _("internal"))]


def visa_purposes() -> list[tuple[str, str]]:
    """Offer the purposes that visa rules tell apart."""
    return [("official", _("official")), ("business", _("business")), ("cultural", _("culture")),
            ("education", _("education")), ("humanitarian", _("humanitarian"))]
