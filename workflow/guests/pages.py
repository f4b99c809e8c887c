"""The public form by which a partner asks for a visit, without an account; rate-limited by address."""

from datetime import date, timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from pydantic import Field, field_validator
from werkzeug.exceptions import RequestEntityTooLarge

from workflow.base.errors import TooMany
from workflow.base.limits import spend
from workflow.guests import answer_pages, clerk_pages, guest_pages, link_pages, staff_pages
from workflow.guests.entering import never_arrived
from workflow.mail.service import Recipient, queue_mail
from workflow.office.queries import issuing_body
from workflow.visits.choices import countries
from workflow.visits.forms import language_names
from workflow.visits.requesting import register_request
from workflow.visits.rules import BasisKind, RequestSource
from workflow.web.doors import ANYONE, Act, Door
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel

door = Door("guests", __name__)
doors = [door, answer_pages.door, link_pages.door, guest_pages.door, clerk_pages.door, staff_pages.door]
for personal in (link_pages.door, guest_pages.door, clerk_pages.door):
    for unread in (CSRFError, RequestEntityTooLarge):
        personal.blueprint.register_error_handler(unread, never_arrived)

PER_HOUR = 5
PER_DAY_FOR_ALL = 200


class AskForm(FormModel):
    """What a partner is asked for."""

    asking_body: str = Field(max_length=300)
    country: str = Field(max_length=8)
    contact_name: str = Field(max_length=200)
    contact_email: str = Field(max_length=200)
    contact_phone: str = Field("", max_length=60)
    title: str = Field(max_length=300)
    purpose: str = Field(max_length=4000)
    date_from: date | None = None
    date_to: date | None = None
    size: int | None = Field(None, ge=1, le=2000)
    head_name: str = Field("", max_length=300)
    languages: list[str] = Field(default_factory=list)
    payer: str = Field("", max_length=300)
    wishes: str = Field("", max_length=4000)
    needs: str = Field("", max_length=4000)
    website: str = Field("", max_length=200)

    @field_validator("contact_email")
    @classmethod
    def looks_like_an_address(cls, value: str) -> str:
        """Ask for something with one @ and a dot behind it; whether mail arrives is seen when it is sent."""
        name, at, host = value.rpartition("@")
        if not (name and at and "." in host) or any(ch.isspace() for ch in value):
            raise ValueError("base.not-an-email")
        return value


@door.get("/ask", ANYONE)
def ask(act: Act) -> ResponseReturnValue:
    """Show the public form."""
    return _page(act, Form.of(AskForm))


def _page(act: Act, form: Form[AskForm]) -> ResponseReturnValue:
    return act.page("guests/ask.html", form.status, form=form, body=issuing_body(act.session), countries=countries(),
                    language_names=language_names())


@door.post("/ask", ANYONE)
def send_request(act: Act) -> ResponseReturnValue:
    """Register a partner's request and thank for it; a filled trap field is thanked too, and dropped."""
    form = Form.posted(AskForm)
    if form.data:
        try:
            spend(act.session, act.now, "ask", request.remote_addr or "", limit=PER_HOUR, window=timedelta(hours=1))
            spend(act.session, act.now, "ask", "everybody", limit=PER_DAY_FOR_ALL, window=timedelta(days=1))
        except TooMany:
            act.keep()
            raise
        act.keep()
        if form.data.website:
            return act.page("guests/thanks.html", reference="")
        with form.guarding(act):
            return act.page("guests/thanks.html", reference=_register(act, form.data))
    return _page(act, form)


def _register(act: Act, data: AskForm) -> str:
    values = data.model_dump(exclude={"title", "website"})
    values |= {"title_ru" if language() == "ru" else "title_en": data.title, "basis_kind": BasisKind.REQUEST}
    row = register_request(act.session, act.actor, act.now, values, source=RequestSource.PUBLIC_FORM)
    queue_mail(act.session, act.now, "request-received",
               Recipient(data.contact_email, data.contact_name, language()), {"reference": row.reference},
               key=f"request-received.{row.id}", request_id=act.actor.request_id)
    return row.reference
