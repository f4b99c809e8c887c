"""Search: by the start of a word, whatever its case, ё, diacritics or ending, and only what one may see."""

import pytest
from sqlalchemy import false
from sqlalchemy.orm import Session

from workflow.base.search import SearchDocument, find, fold, forget_document, index_documents

NOBODYS = false()

OMSK = SearchDocument("partner", 1, "Омск", "Omsk", "город-побратим")
KADIKOY = SearchDocument("partner", 2, "Кадыкёй", "Kadıköy", "Стамбул Istanbul")
SECRET = SearchDocument("visit", 3, "Визит в Омск", "Visit to Omsk", "", visit_id=77)


@pytest.mark.parametrize("asked", ["Омск", "омск", "ОМСКА", "в Омске"[2:], "omsk", "Oms", "побратима", "город побрат"])
def test_omsk_is_found_however_it_is_typed(session: Session, asked: str) -> None:
    index_documents(session, [OMSK, KADIKOY])
    assert [entry.thing_id for entry in find(session, asked, seen=NOBODYS)] == [1]


@pytest.mark.parametrize("asked", ["Кадыкей", "кадыкёй", "Kadikoy", "KADIKÖY", "стамбуле"])
def test_diacritics_do_not_matter(session: Session, asked: str) -> None:
    index_documents(session, [OMSK, KADIKOY])
    assert [entry.thing_id for entry in find(session, asked, seen=NOBODYS)] == [2]


def test_visit_of_others_is_not_found(session: Session) -> None:
    index_documents(session, [OMSK, SECRET])
    assert [entry.kind for entry in find(session, "омск", seen=NOBODYS)] == ["partner"]


def test_all_words_must_be_there(session: Session) -> None:
    index_documents(session, [OMSK, KADIKOY])
    assert find(session, "Омск Стамбул", seen=NOBODYS) == []
    assert find(session, "!!! --", seen=NOBODYS) == []


def test_indexing_again_replaces_and_forgetting_removes(session: Session) -> None:
    index_documents(session, [OMSK])
    index_documents(session, [SearchDocument("partner", 1, "Томск", "Tomsk", "")])
    assert find(session, "Омск", seen=NOBODYS) == []
    assert [entry.title_en for entry in find(session, "Томск", seen=NOBODYS)] == ["Tomsk"]
    forget_document(session, "partner", 1)
    assert find(session, "Томск", seen=NOBODYS) == []


def test_letters_fold_alike_and_short_i_stays_itself() -> None:
    assert fold("ЁЛКА Йошкар-Ола İstanbul") == "елка йошкар-ола istanbul"
