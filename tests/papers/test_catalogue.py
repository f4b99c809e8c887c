"""Every kind of paper in every language and format, made from the demo: nothing missing, the same words everywhere."""

import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make, make_settings
from tests.papers.sample import facts
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import Permission, Role, person
from workflow.base.errors import NotFound
from workflow.base.unit_of_work import commit
from workflow.cli.papers import FORMATS, Sample, render, samples
from workflow.papers import editions, queries, service
from workflow.papers.composing import compose
from workflow.papers.editions import IDENTITY_KINDS
from workflow.papers.models import Paper
from workflow.papers.plan import words
from workflow.translations.models import Assignment
from workflow.translations.ordering import OrderData, order_assignment
from workflow.visits.queries import members
from workflow.web.database import db

SNAPSHOTS = Path(__file__).parent / "snapshots"
OURS = (
    "approval-sheet", "association-request", "cost-estimate", "delegation-list", "evisa-sheet", "guarantee-letter",
    "interpreter-assignment", "invitation", "invitation-event", "invitation-person", "order-receiving", "order-sending",
    "petition", "translation-slip", "trip-assignment", "visa-support",
)  # fmt: skip
"""Kinds whose text is held by a snapshot here; `WRITE_SNAPSHOTS=1 pytest` writes them anew, to be looked at."""


@pytest.fixture(scope="module")
def demo(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Sample]]:
    """A sample of each kind."""
    application: Flask = create_app(make_settings(demo_database), testing=True)
    with application.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield {one.kind.key: one for one in samples(session, clock.now())}
    engine.dispose()


def plain(text: str) -> list[str]:
    """The words of a text, in whatever order a format gives them."""
    return sorted(re.findall(r"\w+", text.replace("\u00ad", "")))


def pdf_words(data: bytes) -> list[str]:
    """The words of a PDF but for the numbers of its pages."""
    pages = PdfReader(io.BytesIO(data)).pages
    found: list[str] = []
    for number, page in enumerate(pages, 1):
        said = plain(page.extract_text())
        if number > 1 and str(number) in said:  # sheets of cards have no numbers
            said.remove(str(number))
        found += said
    return sorted(found)


def docx_words(data: bytes) -> list[str]:
    """The words of a DOCX's body."""
    body = Document(io.BytesIO(data)).element.body
    return plain("\n".join(node.text for node in body.iter() if node.tag.endswith("}p")))


@pytest.mark.slow
def test_every_kind_is_made_from_the_demo_and_says_the_same_in_every_format(demo: dict[str, Sample]) -> None:
    wrong = []
    for key, one in demo.items():
        for language in one.kind.languages:
            if one.missing[language]:
                wrong.append((key, language, "missing", one.missing[language]))
            made = {form: render(one, language, form) for form in FORMATS}
            said = plain("\n".join(words(compose(editions.edition(key, language), one.facts).plan)))
            printed = pdf_words(made["pdf"])  # heads of tables stand anew on each page
            if key in OURS and (Counter(said) - Counter(printed) or set(printed) != set(said)):
                wrong.append((key, language, "pdf", set(printed) ^ set(said)))
            if key in OURS and docx_words(made["docx"]) != said:
                wrong.append((key, language, "docx", set(docx_words(made["docx"])) ^ set(said)))
            assert made["html"].startswith(b"<article")
    assert wrong == []


@pytest.mark.parametrize("key", OURS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_kind_reads_as_it_did(demo: dict[str, Sample], key: str, language: str) -> None:
    one = demo[key]
    facts = {**one.facts, "paper": {**one.facts["paper"], "code": "AAAA-AAAA-AAAA", "verify_url": None}}
    text = "\n".join(words(compose(editions.edition(key, language), facts).plan)).replace("\u00a0", "·") + "\n"
    kept = SNAPSHOTS / f"{key}-{language}.txt"
    if os.environ.get("WRITE_SNAPSHOTS"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(("size", "many"), [(1, False), (2, True), (21, True), (31, True)])
def test_twenty_one_guests_are_many_where_their_number_is_not_said(size: int, many: bool) -> None:
    told = facts()
    told["identity"] = {**told["identity"], "members": [told["identity"]["one"]] * size}
    told["delegation"] = {**told["delegation"], "members": told["delegation"]["members"][:1] * size, "size": size}
    petition, guarantee = ("\n".join(words(compose(editions.edition(key, "ru"), told).plan)).replace("\u00a0", " ")
                           for key in ("petition", "guarantee-letter"))  # fmt: skip
    assert ("следующим иностранным гражданам" in petition, "копии паспортов" in petition) == (many, many)
    assert ("следующему иностранному гражданину" in petition, "копия паспорта" in petition) == (not many, not many)
    assert ("приглашаемых иностранных граждан" in guarantee) == many


def test_no_other_kind_may_name_passports() -> None:
    named = {key for key, kind in editions.kinds().items() if editions.IDENTITY in kind.sections}
    assert named == IDENTITY_KINDS


def test_passport_number_stands_only_where_it_must(demo: dict[str, Sample]) -> None:
    carrying = set()
    for key, one in demo.items():
        for language in one.kind.languages:
            if "U0000000" in "\n".join(words(compose(editions.edition(key, language), one.facts).plan)):
                carrying.add(key)
    assert carrying == IDENTITY_KINDS


def test_paper_with_passports_is_hidden_from_those_who_may_not_read_people(
    session: Session, make: Make, now: object
) -> None:
    visit = make.visit()
    member = make.member(visit)
    clerk = make.actor(Role.COORDINATOR)
    letter = service.draft_paper(session, clerk, clock.now(), visit.id, "visa-support", about=("member", member.id))
    plain_letter = service.draft_paper(session, clerk, clock.now(), visit.id, "invitation")
    commit(session)
    narrowed = person(clerk.account_id or 0, "", frozenset({Role.COORDINATOR}), scope=frozenset({
        Permission.PAPERS_READ, Permission.VISITS_READ}))  # fmt: skip
    assert [one.id for one in queries.papers_of(session, clerk, visit.id)] == [plain_letter.id, letter.id]
    assert [one.id for one in queries.papers_of(session, narrowed, visit.id)] == [plain_letter.id]
    with pytest.raises(NotFound):
        queries.get_paper(session, narrowed, letter.id)
    assert len(members(session, visit.id)) == 1


def test_coordinator_says_whom_a_letter_is_about(
    session: Session, make: Make, client_as: Callable[..., Client]
) -> None:
    visit = make.visit()
    member = make.member(visit)
    stranger = make.member(make.visit())
    browser = client_as(Role.COORDINATOR)
    here = f"/visits/{visit.id}/papers"
    for wrong in ("", str(stranger.id), "999999"):
        answer = browser.post(here, {"kind": "visa-support", "member": wrong})
        assert answer.status_code == 422
        assert "Выберите, о ком из делегации этот документ" in answer.get_data(as_text=True)
    assert browser.post(here, {"kind": "visa-support", "member": str(member.id)}).status_code == 303
    paper = session.scalars(select(Paper)).one()
    assert (paper.about, paper.subject) == (
        ("member", member.id), "О содействии в оформлении визы: Образцова Айше")  # fmt: skip


def test_paper_with_passports_is_never_given_to_translators(
    session: Session, make: Make, client_as: Callable[..., Client]
) -> None:
    visit = make.visit()
    make.member(visit)
    petition = service.draft_paper(session, make.actor(Role.COORDINATOR), clock.now(), visit.id, "petition")
    commit(session)
    browser = client_as(Role.COORDINATOR)
    listed = browser.get(f"/visits/{visit.id}/translations/new").get_data(as_text=True)
    assert petition.subject not in listed
    order = {"paper": str(petition.id), "title": "x", "source_language": "ru", "target_language": "en"}
    assert browser.post(f"/visits/{visit.id}/translations/new", order).status_code == 422
    assert browser.get(f"/visits/{visit.id}/translations/new?paper={petition.id}").status_code == 422
    assert session.scalars(select(Assignment)).all() == []


def test_slip_is_printed_of_an_assignment_of_this_visit_only(
    session: Session, make: Make, client_as: Callable[..., Client]
) -> None:
    visit, other = make.visit(), make.visit()
    row = order_assignment(session, make.actor(Role.COORDINATOR), clock.now(), visit, OrderData("Welcome speech"))
    commit(session)
    browser = client_as(Role.COORDINATOR)
    url = "/visits/{}/papers/print/translation-slip.en.pdf"
    assert browser.get(url.format(visit.id)).status_code == 404
    said = pdf_words(browser.get(url.format(visit.id) + f"?assignment={row.id}").data)
    assert {"Welcome", "speech"} <= set(said)
    assert "speech" not in pdf_words(browser.get(url.format(other.id) + f"?assignment={row.id}").data)
    assert client_as(Role.TRANSLATOR).get(url.format(visit.id) + f"?assignment={row.id}").status_code == 403
