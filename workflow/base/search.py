"""The search index: words of what can be found, by normalised prefix, scoped to who may see the visit.

The same plain table serves both databases: «Омск», "омска" and "Omsk" meet in stems. Rooms register a `SearchSource`
that gives the documents of one visit or partner; a job keeps the index fresh after each change.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import snowballstemmer
from sqlalchemy import ColumnElement, Index, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.database import Base, BigId, HasId
from workflow.base.registry import Registry

_RU = snowballstemmer.stemmer("russian")
_EN = snowballstemmer.stemmer("english")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_KEPT_WHOLE = str.maketrans({"№": " ", "ı": "i", "ё": "е", "Ё": "е", "й": "\0", "Й": "\0"})
NUMBER_SIGNS = frozenset({"вх", "исх", "no", "n"})


@dataclass(frozen=True)
class SearchDocument:
    """One thing that can be found. `visit_id` None means that everybody who may search sees it (a partner)."""

    kind: str
    key: int
    title_ru: str
    title_en: str
    body: str
    visit_id: int | None = None


SearchSource = Callable[[Session, Sequence[int] | None], Iterable[SearchDocument]]
"""Gives the documents of the things with these keys, or of all."""

SEARCH_SOURCES: Registry[SearchSource] = Registry("search source")


class SearchEntry(HasId, Base):
    """A document in the index."""

    __tablename__ = "search_entry"
    __table_args__ = (Index("ix_search_entry_thing", "kind", "thing_id", unique=True),)

    kind: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int] = mapped_column(BigId)
    visit_id: Mapped[int | None] = mapped_column(BigId, index=True)
    title_ru: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str] = mapped_column(String(400))


class SearchWord(HasId, Base):
    """A word of a document, folded; looked up by prefix."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_word", "word", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(BigId, index=True)
    word: Mapped[str] = mapped_column(String(60))


def fold(text: str) -> str:
    """Fold case, ё and diacritics away: «Кадыкёй» → «кадыкей», "Kadıköy" → "kadikoy"."""
    folded = unicodedata.normalize("NFKD", text.translate(_KEPT_WHOLE))
    plain = "".join(ch for ch in folded if not unicodedata.combining(ch)).replace("\0", "й")
    return plain.casefold()


def words_of(text: str) -> set[str]:
    """Give the folded words of *text* with their Russian and English stems."""
    plain = {word[:60] for word in _WORD.findall(fold(text))}
    return plain | {_RU.stemWord(word)[:60] for word in plain} | {_EN.stemWord(word)[:60] for word in plain}


def index_documents(session: Session, documents: Iterable[SearchDocument]) -> None:
    """Enter documents, replacing what the index held of the same things."""
    for document in documents:
        forget_document(session, document.kind, document.key)
        entry = SearchEntry(kind=document.kind, thing_id=document.key, visit_id=document.visit_id,
                            title_ru=document.title_ru[:400], title_en=document.title_en[:400])
        session.add(entry)
        session.flush()
        words = words_of(f"{document.title_ru} {document.title_en} {document.body}")
        rows: list[dict[str, Any]] = [{"entry_id": entry.id, "word": word} for word in sorted(words)]
        if rows:
            session.execute(insert(SearchWord), rows)


def forget_document(session: Session, kind: str, key: int) -> None:
    """Drop a thing from the index."""
    entry_id = session.scalar(select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.thing_id == key))
    if entry_id is not None:
        session.execute(delete(SearchWord).where(SearchWord.entry_id == entry_id))
        session.execute(delete(SearchEntry).where(SearchEntry.id == entry_id))


def _without_signs(words: list[str]) -> list[str]:
    """Drop the words that only say that a number follows: «вх. № 214» is found by its number."""
    plain = [word for word in words if word not in NUMBER_SIGNS]
    return plain if any(character.isdigit() for word in plain for character in word) else words


def find(session: Session, text: str, *, seen: ColumnElement[bool], limit: int = 50) -> Sequence[SearchEntry]:
    """Find entries that hold every word of *text* as a prefix of a word or stem.

    *seen* asks of an entry whether the actor may see its visit; entries without a visit are seen by all.
    """
    asked = _without_signs([word[:60] for word in _WORD.findall(fold(text))])[:8]
    if not asked:
        return []
    query = select(SearchEntry).where(SearchEntry.visit_id.is_(None) | seen)
    for word in asked:
        stems = {word, _RU.stemWord(word), _EN.stemWord(word)}
        shortest = min(stems, key=len)
        start = shortest if len(shortest) >= 2 else word
        query = query.where(
            SearchEntry.id.in_(select(SearchWord.entry_id).where(SearchWord.word >= start,
                                                                 SearchWord.word < start + "\U0010ffff"))
        )
    return session.scalars(query.order_by(SearchEntry.id.desc()).limit(limit)).all()
