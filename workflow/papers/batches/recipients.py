"""Who gets a paper of a batch: typed, taken from a list, or chosen among the partners."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version, lock_row
from workflow.base.errors import Conflict, Invalid, NotFound, Problem
from workflow.base.events import record
from workflow.base.files import CSV, XLS, XLSX, Upload, check_upload
from workflow.knowledge.countries import country_name
from workflow.knowledge.names import fold, normalise
from workflow.office.queries import our_country
from workflow.papers.authoring.queries import kind_now
from workflow.papers.batches import reading
from workflow.papers.batches.checking import check_rows
from workflow.papers.batches.facts import PARTICULARS
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.queries import get_recipient, recipients_of
from workflow.papers.batches.rules import MOST_RECIPIENTS, BatchAct
from workflow.papers.batches.service import open_batch
from workflow.partners.models import Partner
from workflow.partners.queries import contacts

LIMITS = {"name": 200, "post": 300, "organisation": 400, "city": 120, "country": 120, "address": 400,
          "salutation": 300, "email": 254}  # fmt: skip


def checked(values: Mapping[str, Any]) -> dict[str, str]:
    """Bring a recipient's texts into the one spelling that is kept.

    Raises:
        Invalid: a text is too long, or the address cannot be one.
    """
    kept, problems = {}, []
    for name in (*PARTICULARS, "email"):
        text = normalise(str(values.get(name) or ""))
        if len(text) > LIMITS[name]:
            problems.append(Problem(name, "base.too-long", {"limit": LIMITS[name]}))
        if text:
            kept[name] = text
    if kept.get("email"):
        try:
            found = validate_email(kept["email"], check_deliverability=False, test_environment=True)
            kept["email"] = found.normalized
        except EmailNotValidError:
            problems.append(Problem("email", "papers.address"))
    if problems:
        raise Invalid(problems=problems)
    return kept


def _language(text: str) -> str:
    code = text.strip().lower()
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Invalid("papers.not-a-language", field="language")
    return code


def _append(session: Session, batch: PaperBatch, rows: Sequence[Mapping[str, Any]]) -> list[BatchRecipient]:
    lock_row(session, PaperBatch, batch.id)  # two who add at once get places one after the other
    count, last = session.execute(
        select(func.count(), func.max(BatchRecipient.position)).where(BatchRecipient.batch_id == batch.id)
    ).one()
    if count + len(rows) > MOST_RECIPIENTS:
        raise Invalid("papers.batch-too-many", limit=MOST_RECIPIENTS)
    made = [
        BatchRecipient(
            batch_id=batch.id, position=(last or 0) + at, particulars=row["particulars"], language=row["language"],
            gender=row.get("gender", ""), partner_id=row.get("partner_id"),
        )
        for at, row in enumerate(rows, start=1)
    ]
    session.add_all(made)
    session.flush()
    return made


def _note(session: Session, actor: Actor, now: datetime, batch: PaperBatch, count: int) -> None:
    record(session, actor, now, "papers.batch.recipients-changed", subject=batch, visit_id=batch.visit_id,
           changes={"recipients": (None, count)})  # fmt: skip


def add_recipient(
    session: Session, actor: Actor, now: datetime, batch_id: int, values: Mapping[str, Any], *, language: str,
    gender: str = "",
) -> BatchRecipient:  # fmt: skip
    """Add one recipient as typed.

    Raises:
        NotFound, Forbidden, Conflict: not this batch, not this actor, not now.
        Invalid: nobody is named, a value cannot be, or the batch is full.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.LIST)
    kept = checked(values)
    if not kept.get("name"):
        raise Invalid("papers.recipient-nameless", field="name")
    (row,) = _append(session, batch, [{"particulars": kept, "language": _language(language), "gender": gender}])
    check_rows(session, now, batch, recipients_of(session, batch.id))
    _note(session, actor, now, batch, 1)
    return row


def change_recipient(
    session: Session, actor: Actor, now: datetime, recipient_id: int, values: Mapping[str, Any], *, language: str,
    gender: str = "", version: int | None = None,
) -> BatchRecipient:  # fmt: skip
    """Correct a recipient before the drafts are written.

    Raises:
        NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row, batch = get_recipient(session, actor, recipient_id)
    open_batch(session, actor, batch.id, BatchAct.LIST)
    expect_version(row, version, {**row.particulars, "language": row.language, "gender": row.gender})
    kept = checked(values)
    if not kept.get("name"):
        raise Invalid("papers.recipient-nameless", field="name")
    chosen = _language(language)
    if not row.language:
        kept |= _of_card(session, row, chosen, kept)
    row.particulars, row.language, row.gender = kept, chosen, gender
    check_rows(session, now, batch, recipients_of(session, batch.id))
    _note(session, actor, now, batch, 1)
    return row


def _of_card(session: Session, row: BatchRecipient, language: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Give the words of a partner's card in the language just chosen, for what nobody typed over."""
    partner = session.get(Partner, row.partner_id) if row.partner_id is not None else None
    told: dict[str, str] = of_partner(session, partner, language)["particulars"] if partner is not None else {}
    return {name: text for name, text in told.items() if kept.get(name) == row.particulars.get(name)}


def remove_recipient(session: Session, actor: Actor, now: datetime, recipient_id: int) -> None:
    """Take a recipient off the list before the drafts are written.

    Raises:
        NotFound, Forbidden, Conflict.
    """
    row, batch = get_recipient(session, actor, recipient_id)
    open_batch(session, actor, batch.id, BatchAct.LIST)
    session.delete(row)
    session.flush()
    check_rows(session, now, batch, recipients_of(session, batch.id))
    _note(session, actor, now, batch, -1)


def language_of(partner: Partner, languages: Sequence[str], ours: str) -> str:
    """Choose a partner's first language that has a wording, else Russian at home and English abroad.

    Nothing when neither languages nor country are known: then a person chooses.
    """
    if not partner.languages and not partner.country:
        return ""
    wanted = [*partner.languages, "ru" if partner.country == ours else "en"]
    return next((code for code in wanted if code in languages), wanted[-1])


def of_partner(session: Session, partner: Partner, language: str) -> dict[str, Any]:
    """Make a recipient of a partner's head in one language; while none is chosen, in whatever words there are."""
    ending = language if language in ("ru", "en") else "own" if language == partner.own_language else "en"
    endings = (ending,) if language else ("en", "ru")

    def said(name: str) -> str:
        return next((text for one in endings if (text := str(getattr(partner, f"{name}_{one}", "") or ""))), "")

    city, organisation = said("city"), said("name") or partner.name(language)
    if organisation == city and (language != "ru" or fold(city)[: max(3, len(city) - 2)] in fold(said("head_post"))):
        organisation = ""  # a city is named below already; in Russian its post may need it: «главе города | Краснодара»
    email = partner.email or next((contact.email for contact in contacts(session, partner.id) if contact.email), "")
    particulars = {
        "name": said("head_name"), "post": said("head_post"), "organisation": organisation,
        "city": city, "country": country_name(partner.country, language) if partner.country else "",
        "address": said("address"), "salutation": said("salutation"), "email": email,
    }  # fmt: skip
    return {
        "particulars": {name: text for name, text in particulars.items() if text}, "language": language,
        "gender": partner.head_gender, "partner_id": partner.id,
    }  # fmt: skip


def add_partners(
    session: Session, actor: Actor, now: datetime, batch_id: int, partner_ids: Sequence[int]
) -> Sequence[BatchRecipient]:
    """Add the heads of the partners chosen; one who is listed already is not listed twice.

    Raises:
        NotFound, Forbidden, Conflict.
        Invalid: none was chosen, or the batch is full.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.LIST)
    if not actor.may(Permission.PARTNERS_READ):
        raise NotFound("partner")
    listed = {row.partner_id for row in recipients_of(session, batch.id)}
    wanted = [key for key in dict.fromkeys(partner_ids) if key not in listed]
    if not partner_ids:
        raise Invalid("papers.batch-nobody-chosen", field="partners")
    found = {row.id: row for row in session.scalars(select(Partner).where(Partner.id.in_(wanted)))}
    chosen = [found[key] for key in wanted if key in found and found[key].archived_at is None]
    ours, languages = our_country(session), kind_now(session, batch.kind).languages
    rows = [of_partner(session, partner, language_of(partner, languages, ours)) for partner in chosen]
    made = _append(session, batch, rows)
    check_rows(session, now, batch, recipients_of(session, batch.id))
    _note(session, actor, now, batch, len(made))
    return made


def receive_list(session: Session, actor: Actor, now: datetime, batch_id: int, upload: Upload) -> reading.Preview:
    """Read a list of recipients and keep it to be looked at; nobody is added yet.

    Raises:
        NotFound, Forbidden, Conflict.
        Invalid, TooLarge: the file is none of ours, damaged, locked, empty, or names nobody.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.LIST)
    kind = check_upload(upload, allowed={CSV, XLSX, XLS}, limit=reading.MAX_BYTES)
    preview = reading.read_list(upload.data, is_csv=kind == CSV)
    batch.preview = preview.plain()
    session.flush()
    record(session, actor, now, "papers.batch.list-received", subject=batch, visit_id=batch.visit_id)
    return preview


def take_list(
    session: Session, actor: Actor, now: datetime, batch_id: int, *, language: str, version: int | None = None
) -> Sequence[BatchRecipient]:
    """Add the recipients of the list handed in; *language* is for rows that name none.

    Raises:
        NotFound, Forbidden, Stale.
        Conflict: there is no list any more.
        Invalid: rows cannot be taken; each is named with all that is wrong with it.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.LIST, version=version)
    if batch.preview is None:
        raise Conflict("papers.batch-no-list")
    fallback, rows, problems = _language(language), [], list[Problem]()
    for line in reading.Preview.of(batch.preview).rows:
        try:
            kept = checked(line.values)
        except Invalid as wrong:
            problems += [Problem("", "papers.batch-row", {"row": line.row, "what": each.sentence})
                         for each in wrong.problems]
            continue
        rows.append({"particulars": kept, "language": line.language or fallback, "gender": line.gender})
    if problems:
        raise Invalid(problems=problems)
    made = _append(session, batch, rows)
    batch.preview = None
    check_rows(session, now, batch, recipients_of(session, batch.id))
    _note(session, actor, now, batch, len(made))
    return made


def drop_list(session: Session, actor: Actor, batch_id: int) -> None:
    """Forget the list handed in.

    Raises:
        NotFound, Forbidden, Conflict.
    """
    open_batch(session, actor, batch_id, BatchAct.LIST).preview = None
    session.flush()
