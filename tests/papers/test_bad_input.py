"""Names, posts and texts that nobody planned for: the page of a paper says what is wrong, or the paper is right."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from tests.papers.test_pages import clerk, head, text_of  # noqa: F401 - fixtures
from workflow.base.errors import Invalid
from workflow.base.unit_of_work import commit
from workflow.papers import approving, service

LONG_POST = ("заместитель начальника управления международных и межрегиональных связей " * 5)[:300]


@pytest.fixture
def letter(
    session: Session, desk: Desk, make: Make, now: datetime
) -> Callable[..., int]:
    """A letter to one member of the delegation, of whom only this is known; its key."""

    def written(person: dict[str, str], *, languages: Sequence[str] = ("ru", "en"), **member: str) -> int:
        one = make.member(desk.visit, make.person(**person), **member)
        paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation-person",
                                    about=("member", one.id), languages=languages)  # fmt: skip
        commit(session)
        return int(paper.id)

    return written


NAMELESS = dict.fromkeys(
    ("native_family", "native_given", "latin_family", "latin_given", "russian_family", "russian_given"), "")
CHINESE = NAMELESS | {"native_family": "王", "native_given": "示例"}
RUSSIAN = NAMELESS | {"russian_family": "Образцова", "russian_given": "Айше"}


def reasons(head: Any, key: int) -> str:  # noqa: F811
    """What the manager is told when the paper is approved."""
    page = text_of(head.post(f"/papers/{key}/approve", {"source": "later"}))
    return page[page.index("Документ пока нельзя утвердить") :] if "Документ пока нельзя утвердить" in page else ""


def pages(browser: Any, key: int, language: str) -> list[str]:
    answer = browser.get(f"/papers/{key}/files/{language}.pdf")
    assert answer.status_code == 200
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]


@pytest.mark.parametrize(
    ("person", "language", "wrong"), [(CHINESE, "ru", "王"), (CHINESE, "en", "王"), (RUSSIAN, "en", "Образцова")]
)
def test_a_name_that_the_language_cannot_write_is_asked_for(
    session: Session, desk: Desk, now: datetime, letter: Callable[..., int], clerk: Any, head: Any,  # noqa: F811
    person: dict[str, str], language: str, wrong: str,
) -> None:  # fmt: skip
    key = letter(person, languages=[language])
    page = text_of(clerk.get(f"/papers/{key}"))
    assert "До утверждения нужны сведения" in page
    assert "Участник: полное имя участника" in page
    sheet = pages(clerk, key, language)[0]
    assert wrong not in sheet
    service.submit_paper(session, desk.coordinator, now, key)
    commit(session)
    assert "Участник: полное имя участника" in reasons(head, key)


def test_a_name_in_two_writings_and_a_name_of_one_word_are_printed_as_they_stand(
    letter: Callable[..., int], clerk: Any  # noqa: F811
) -> None:
    two = letter(NAMELESS | {"russian_family": "Ма (马)", "russian_given": "Цзюнь", "latin_family": "MA",
                             "latin_given": "JUN", "sex": "male"})  # fmt: skip
    assert "马" in pages(clerk, two, "ru")[0]
    one = letter(NAMELESS | {"russian_family": "Сукарно", "latin_family": "SUKARNO", "sex": "male"})
    russian, english = pages(clerk, one, "ru")[0], pages(clerk, one, "en")[0]
    assert "Уважаемый господин Сукарно!" in russian.replace("\u00a0", " ")
    assert "Dear Mr Sukarno," in english.replace("\u00a0", " ")


def test_a_post_of_three_hundred_signs_stands_in_the_letter_whole(letter: Callable[..., int], clerk: Any) -> None:  # noqa: F811
    key = letter({}, post_ru=LONG_POST, post_en="Mayor")
    shown = " ".join(" ".join(pages(clerk, key, "ru")).replace("\u00a0", " ").split())
    part = "международных и межрегиональных связей"
    assert shown.count(part) == LONG_POST.count(part) > 3
    assert "Заместителю начальника управления" in shown


def test_a_person_without_any_name_is_refused_beside_the_field(clerk: Any, desk: Desk) -> None:  # noqa: F811
    nobody = NAMELESS | {"sex": "male"}
    answer = clerk.post(f"/visits/{desk.visit.id}/members/new", nobody)
    assert answer.status_code == 422
    assert "Укажите фамилию хотя бы в одном написании" in text_of(answer)


def test_a_missing_translation_is_asked_for_in_words(
    session: Session, desk: Desk, now: datetime, clerk: Any  # noqa: F811
) -> None:
    desk.visit.purpose, desk.visit.purpose_en = "обсуждение сотрудничества", ""
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["en"])
    commit(session)
    page = text_of(clerk.get(f"/papers/{paper.id}"))
    told = page[page.index("До утверждения нужны сведения") :]
    assert told.startswith("До утверждения нужны сведения: цель визита Английский")
    assert "обсуждение" not in " ".join(pages(clerk, paper.id, "en"))


def test_a_fact_without_a_sentence_of_its_own_is_told_by_its_meaning() -> None:
    assert approving.fact_name("protocol.headline").params["name"]["ru"] == "Протокол: заголовок пресс-релиза"
    assert approving.fact_name("delegation.members.0.post").params["name"]["en"].startswith("Delegation: ")
    assert approving.fact_name("no.such").params["name"] == "no.such"


@pytest.mark.parametrize("hole", ["''.__class__.__mro__", "'a'[0]", "(office.name|upper).parts"])
def test_a_text_that_asks_for_parts_of_what_is_no_fact_is_not_saved_and_its_line_is_told(
    session: Session, desk: Desk, now: datetime, hole: str
) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["en"])
    with pytest.raises(Invalid) as refused:
        service.edit_text(session, desk.coordinator, now, paper.id, "en", f"Dear all,\n\n{{{{ {hole} }}}}",
                          version=None)  # fmt: skip
    assert (refused.value.code, refused.value.params["line"]) == ("papers.text-forbidden", 3)
