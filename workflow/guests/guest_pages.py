"""A guest's own page: what to do and by when, own data, passport, scans, answer, consent, papers. Nothing of others."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from workflow.base.clock import local_date
from workflow.base.errors import Conflict, NotFound
from workflow.base.files import read_file
from workflow.guests import consents, entering, proposing, scans, tasks
from workflow.guests.entering import by_link, country_options, frame, guarding, translated
from workflow.guests.forms import AnswerForm, ConsentForm, DataForm, FileForm, GuestPassportForm
from workflow.guests.models import GuestSession
from workflow.guests.proposing import Taken
from workflow.guests.rules import LinkKind, ProposalKind
from workflow.knowledge.visa_rules import StayTotal
from workflow.people.service import PassportData
from workflow.people.zone_forms import ask_for_zone, asked_to_read, fill, reading_of
from workflow.people.zones import Reading, is_proof, read_zone
from workflow.visas.forms import StaysForm
from workflow.visas.keeping import our_rules
from workflow.visas.models import VisaCase
from workflow.visas.stays import cases_to_tell, tell_stays
from workflow.visits.models import Member
from workflow.web.doors import BY_LINK, Act, Door, uploaded
from workflow.web.downloads import offer_stored
from workflow.web.formats import language
from workflow.web.forms import Form

door = Door("guest", __name__)
ZONE_FIELDS = ("country", "number", "type", "expires_on", "latin_family", "latin_given")
ANSWERS = (ProposalKind.CONFIRM, ProposalKind.DECLINE, ProposalKind.SUBSTITUTE)


def _member(seat: GuestSession) -> Member:
    member = seat.link.member
    if member is None:
        raise NotFound("member")
    return member


def _masked(number: str) -> str:
    return "•" * max(0, len(number) - 3) + number[-3:]


@door.get("/guest", BY_LINK)
@by_link(LinkKind.GUEST)
def home(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show what the guest must do and by when."""
    return _home(act, seat)


def _home(act: Act, seat: GuestSession, file: Form[FileForm] | None = None) -> ResponseReturnValue:
    member, visit = _member(seat), seat.link.visit
    passport = tasks.passport_in_hand(act.session, member)
    today = local_date(act.now, visit.zone)
    return act.page(
        "guests/home.html", file.status if file else 200, **frame(act, seat), member=member, file=file,
        tasks=tasks.tasks_of(act.session, visit, member, today), titles=tasks.ITEM_TITLES,
        waiting=tasks.is_checked(act.session, member), scans=scans.scans_of(act.session, member.id),
        papers=tasks.papers_for(act.session, visit.id, member.id), passport=passport,
        masked=_masked(passport.number) if passport else "", consent=consents.live_consent(act.session, member.id),
        doubt=tasks.passport_doubt(act.session, member, visit, today),
    )  # fmt: skip


@door.get("/guest/data", BY_LINK)
@by_link(LinkKind.GUEST)
def data(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the guest's own data for completing."""
    member = _member(seat)
    person = member.person
    known = {name: getattr(person, name) for name in proposing.PERSON_FIELDS if name != "citizenships"}
    known |= {name: getattr(member, name) for name in proposing.MEMBER_FIELDS}
    known["citizenship"] = (person.citizenships or [""])[0]
    return _data(act, seat, Form.of(DataForm, known))


def _data(act: Act, seat: GuestSession, form: Form[DataForm]) -> ResponseReturnValue:
    return act.page("guests/data.html", form.status, **frame(act, seat), form=form, countries=country_options())


@door.post("/guest/data", BY_LINK, endpoint="data_now")
@by_link(LinkKind.GUEST, acts=True)
def data_now(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Take the guest's data: gaps are filled, contradictions wait."""
    form = Form.posted(DataForm)
    if form.data:
        told = form.data
        values: dict[str, Any] = told.model_dump(exclude={"citizenship", "birth_date", "sex"})
        values |= {"sex": told.sex.value, "citizenships": [told.citizenship] if told.citizenship else [],
                   "birth_date": told.birth_date.isoformat() if told.birth_date else None}  # fmt: skip
        with guarding(form, act):
            taken = proposing.take_data(act.session, act.actor, act.now, seat.link.visit, _member(seat), values,
                                        link_id=seat.link_id)  # fmt: skip
            return _done(act, taken)
    return _data(act, seat, form)


def _done(act: Act, taken: Taken) -> ResponseReturnValue:
    nothing = entering.SAVED if taken.entered else entering.NOTHING_NEW
    flash(translated(entering.CHECKED_LATER if taken.waiting else nothing), "success")
    return act.to("guest.home")


@door.get("/guest/passport", BY_LINK)
@by_link(LinkKind.GUEST)
def passport(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the form for a passport, with the helper that reads its zone."""
    person = _member(seat).person
    known = {"country": (person.citizenships or [""])[0], "type": "ordinary"}
    return _passport(act, seat, Form.of(GuestPassportForm, known))


def _passport(
    act: Act, seat: GuestSession, form: Form[GuestPassportForm], reading: Reading | None = None
) -> ResponseReturnValue:
    return act.page("guests/passport.html", form.status, **frame(act, seat), form=form, countries=country_options(),
                    reading=reading)  # fmt: skip


@door.post("/guest/passport", BY_LINK, endpoint="passport_now")
@by_link(LinkKind.GUEST, acts=True)
def passport_now(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Read the zone that was pasted, or take the passport."""
    form = Form.posted(GuestPassportForm)
    member, today = _member(seat), local_date(act.now, act.actor.zone)
    if asked_to_read():
        reading = reading_of(today)
        if reading is None:
            ask_for_zone(form)
        else:
            filled = {name: value for name, value in reading.fields.items() if name in ZONE_FIELDS}
            fill(form, filled | {"zone": "\n".join(reading.zone.lines) or reading.text})
        return _passport(act, seat, form, reading)
    if form.data:
        told = form.data
        read = read_zone(told.zone, today) if told.zone else None
        proved = read is not None and is_proof(read, number=told.number, expires_on=told.expires_on)
        found = PassportData(
            country=told.country, number=told.number, type=told.type.value, issued_on=told.issued_on,
            expires_on=told.expires_on, latin_family=told.latin_family, latin_given=told.latin_given,
            zone_read_on=today if proved else None,
        )  # fmt: skip
        with guarding(form, act):
            proposing.take_passport(act.session, act.actor, act.now, seat.link.visit, member, found,
                                    link_id=seat.link_id)  # fmt: skip
            flash(translated(entering.SAVED), "success")  # the same if it waits: see `guests.claims`
            return act.to("guest.home")
    return _passport(act, seat, form)


def _stays(act: Act, seat: GuestSession, case_id: int) -> tuple[VisaCase, StayTotal]:
    for case, terms in cases_to_tell(act.session, _member(seat).id, our_rules(act.session)):
        if case.id == case_id:
            return case, terms
    raise NotFound("visa-case")


@door.get("/guest/stays/<int:case_id>", BY_LINK)
@by_link(LinkKind.GUEST)
def stays(act: Act, seat: GuestSession, case_id: int) -> ResponseReturnValue:
    """Ask for the guest's earlier stays behind a border where all stays count together."""
    case, terms = _stays(act, seat, case_id)
    return _ask_stays(act, seat, case, terms, Form.of(StaysForm, StaysForm.known(case.earlier_stays)))


def _ask_stays(
    act: Act, seat: GuestSession, case: VisaCase, terms: StayTotal, form: Form[StaysForm]
) -> ResponseReturnValue:
    return act.page("guests/stays.html", form.status, **frame(act, seat), form=form, case=case, terms=terms)


@door.post("/guest/stays/<int:case_id>", BY_LINK, endpoint="stays_now")
@by_link(LinkKind.GUEST, acts=True)
def stays_now(act: Act, seat: GuestSession, case_id: int) -> ResponseReturnValue:
    """Take the guest's earlier stays; they are counted at once, and a coordinator sees how."""
    form = Form.posted(StaysForm)
    case, terms = _stays(act, seat, case_id)
    if form.data:
        visit = seat.link.visit
        with guarding(form, act):
            proposing.check_open(visit, _member(seat))
            tell_stays(act.session, act.actor, act.now, visit, case, form.data.told, form.data.days)
            flash(translated(entering.SAVED), "success")
            return act.to("guest.home")
        case, terms = _stays(act, seat, case_id)
    return _ask_stays(act, seat, case, terms, form)


@door.post("/guest/scans", BY_LINK)
@by_link(LinkKind.GUEST, acts=True)
def scan(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Take a scan, for a thing of the guest's own checklist where one is named."""
    member, form = _member(seat), Form.of(FileForm)
    wanted = request.form.get("item", "")
    item = next((one for one in tasks.items_of(act.session, member.id) if str(one.id) == wanted), None)
    if wanted and (item is None or not item.takes_file):
        raise NotFound("item")
    sent = uploaded("file")
    with guarding(form, act):
        if sent is None:
            raise Conflict("base.file-empty", field="file")
        scans.take_scan(act.session, act.actor, act.now, seat.link.visit, member, item, sent)
        flash(translated(entering.RECEIVED), "success")
        return act.to("guest.home", fragment="scans")
    return _home(act, seat, form)


@door.get("/guest/answer", BY_LINK)
@by_link(LinkKind.GUEST)
def answer(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the question whether the guest is coming."""
    return _answer(act, seat, Form.of(AnswerForm))


def _answer(act: Act, seat: GuestSession, form: Form[AnswerForm]) -> ResponseReturnValue:
    return act.page("guests/coming.html", form.status, **frame(act, seat), form=form, member=_member(seat),
                    countries=country_options())  # fmt: skip


@door.post("/guest/answer", BY_LINK, endpoint="answer_now")
@by_link(LinkKind.GUEST, acts=True)
def answer_now(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Take the answer."""
    form = Form.posted(AnswerForm)
    if form.data:
        told = form.data
        with guarding(form, act):
            if told.answer not in ANSWERS:
                raise Conflict("base.not-a-choice", field="answer")
            proposing.take_answer(act.session, act.actor, act.now, seat.link.visit, _member(seat), told.answer,
                                  substitute=told.model_dump(exclude={"answer", "reason"}), reason=told.reason,
                                  link_id=seat.link_id)  # fmt: skip
            flash(translated(entering.THANKS), "success")
            return act.to("guest.home")
    return _answer(act, seat, form)


@door.get("/guest/consent", BY_LINK)
@by_link(LinkKind.GUEST)
def consent(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the consent by itself: the text in the guest's language, and what was given before."""
    return _consent(act, seat, Form.of(ConsentForm, {"version": consents.VERSION}))


def _consent(act: Act, seat: GuestSession, form: Form[ConsentForm]) -> ResponseReturnValue:
    given = consents.live_consent(act.session, _member(seat).id)
    version = given.text_version if given else consents.VERSION
    words = consents.consent_text(act.session, language(), version)
    return act.page("guests/consent.html", form.status, **frame(act, seat), form=form, version=version, given=given,
                    paragraphs=[part for part in words.split("\n\n") if part.strip()])  # fmt: skip


@door.post("/guest/consent", BY_LINK, endpoint="consent_now")
@by_link(LinkKind.GUEST, acts=True)
def consent_now(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Keep a consent."""
    form = Form.posted(ConsentForm)
    if form.data:
        told = form.data
        with guarding(form, act):
            if not told.agreed:
                raise Conflict("base.required", field="agreed")
            consents.give_consent(act.session, act.actor, act.now, seat.link.visit, _member(seat), version=told.version,
                                  language=seat.language, link_id=seat.link_id,
                                  representative=told.representative)  # fmt: skip
            flash(translated(entering.SAVED), "success")
            return act.to("guest.home")
    return _consent(act, seat, form)


@door.post("/guest/consent/withdraw", BY_LINK)
@by_link(LinkKind.GUEST, acts=True)
def withdraw(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Withdraw a consent."""
    consents.withdraw_consent(act.session, act.actor, act.now, seat.link.visit, _member(seat))
    flash(translated(entering.SAVED), "success")
    return act.to("guest.home")


@door.get("/guest/papers/<int:paper_id>/<string:language>", BY_LINK)
@by_link(LinkKind.GUEST)
def paper(act: Act, seat: GuestSession, paper_id: int, language: str) -> ResponseReturnValue:
    """Give a paper that this guest may have, as PDF."""
    member = _member(seat)
    for one in tasks.papers_for(act.session, seat.link.visit_id, member.id):
        for text in one.texts:
            if one.id == paper_id and text.language == language and text.pdf_file_id is not None:
                row, content = read_file(act.session, text.pdf_file_id)
                return offer_stored(row, content)
    raise NotFound("paper")
