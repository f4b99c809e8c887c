"""DOCX out, edited in Word, back as this paper's wording."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from tests.papers.sample import facts
from workflow.base.errors import Invalid
from workflow.base.files import Upload
from workflow.papers import editions
from workflow.papers.blocks import parse
from workflow.papers.composing import draft
from workflow.papers.editions import Edition
from workflow.papers.from_word import read_word
from workflow.papers.rendering import render
from workflow.papers.rewording import difference, reworded, write

PAIRS = [(key, language) for key, kind in editions.kinds().items() if kind.official for language in kind.wordings]


def text_of(kind: str, language: str) -> str:
    """A paper's own text, drafted from the sample."""
    found = editions.kind(kind)
    return draft(editions.edition(kind, language), facts()).text if found else ""


def docx_of(kind: str, language: str, text: str) -> bytes:
    found = editions.kind(kind)
    edition = Edition(kind, language, text, found.layout, found.title(language))
    return render(edition, facts(), "docx").data


def back(data: bytes, text: str, language: str) -> str:
    return reworded(text, read_word(Upload("paper.docx", data)), facts(), language)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def touched(data: bytes, change: Any) -> bytes:
    document = Document(io.BytesIO(data))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "language"), PAIRS)
def test_an_untouched_document_gives_the_same_words_and_structure(kind: str, language: str) -> None:
    text = text_of(kind, language)
    assert parse(back(docx_of(kind, language, text), text, language)) == parse(text)


@pytest.mark.parametrize(("kind", "language"), PAIRS)
def test_blocks_written_anew_are_read_as_the_same(kind: str, language: str) -> None:
    blocks = parse(text_of(kind, language))
    assert parse("\n\n".join(write(block, block) for block in blocks)) == blocks


def test_what_was_changed_in_word_is_all_that_changes() -> None:
    text = text_of("invitation", "ru").replace("С уважением,", "С **искренним** уважением,")

    def change(document: Any) -> None:
        paragraph = next(each for each in document.paragraphs if "Имею честь" in each.text)
        paragraph.runs[0].text = paragraph.runs[0].text.replace("Имею честь пригласить", "Рад* пригласить {{ x }} |")
        paragraph.add_run(" Очень ждём!").bold = True
        document.tables[0].cell(0, 1).paragraphs[0].add_run("\nлично в руки")

    came = spaced(back(touched(docx_of("invitation", "ru", text), change), text, "ru"))
    gone = [line for mark, line in difference(spaced(text), came) if mark == "gone"]
    new = [line for mark, line in difference(spaced(text), came) if mark == "new"]
    assert len(gone) == 1
    assert gone[0].startswith("Имею честь")
    assert "лично в руки" in new[0]
    assert new[1].startswith("Рад\\* пригласить \\<\\< x \\>\\> \\|")
    assert new[1].endswith("** Очень ждём!**")
    assert "С **искренним** уважением," in came


def test_a_gap_that_was_left_is_a_placeholder_again() -> None:
    text = "Цель – {{ visit.purpose|lower_first }}. Ждём {{ office.nothing|upper }}.\n\nДело {{ visit.number }}.\n"
    data = docx_of("invitation", "ru", text)
    assert back(data, text, "ru") == text

    def change(document: Any) -> None:
        paragraph = next(each for each in document.paragraphs if "Цель" in each.text)
        paragraph.runs[0].text = paragraph.runs[0].text.replace("Цель", "Главная цель")

    came = spaced(back(touched(data, change), text, "ru"))
    assert came == (
        "Главная цель – обсуждение сотрудничества в области образования. Ждём {{ office.nothing|upper }}.\n\n"
        "Дело {{ visit.number }}.\n"
    )


def test_lists_tables_headings_and_tracked_changes_of_word_are_understood() -> None:
    def change(document: Any) -> None:
        for style, words in (("List Bullet", "первое"), ("List Number", "шаг"), ("Heading 2", "Раздел")):
            document.add_paragraph(words, style=style)
        table = document.add_table(rows=2, cols=2)
        for at, words in enumerate(("Что", "Кто", "чай", "*все*")):
            table.cell(at // 2, at % 2).text = words
        paragraph = document.add_paragraph("было")
        run = paragraph.runs[0]._element
        gone = run.makeelement(f"{{{run.nsmap['w']}}}del", {})
        run.getparent().replace(run, gone)
        gone.append(run)
        come = run.makeelement(f"{{{run.nsmap['w']}}}ins", {})
        gone.getparent().append(come)
        come.append(paragraph.add_run("стало")._element)

    text = "Первый абзац.\n"
    came = back(touched(docx_of("invitation", "ru", text), change), text, "ru")
    assert came.split("\n\n")[1:] == [
        "- первое", "1. шаг", "## Раздел", f"| Что | Кто |\n|{'-' * 20}|{'-' * 20}|\n| чай | \\*все\\* |",
        "стало\n"]  # fmt: skip


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        target.writestr(name, content)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("word/vbaProject.bin", b"macro", "papers.docx-macros"),
        ("word/document.xml", BOMB, "base.file-damaged"),
        ("word/document.xml", b"<broken", "base.file-damaged"),
        ("word/document.xml", b"<a/>", "base.file-damaged"),
        ("word/styles.xml", BOMB, "base.file-damaged"),
        ("word/document.xml", b" " * 30_000_000, "base.file-bomb"),
    ],
)
def test_hostile_documents_are_refused(name: str, content: bytes, code: str) -> None:
    data = docx_of("invitation", "en", "Words.\n")
    with pytest.raises(Invalid, match=code):
        read_word(Upload("paper.docx", with_part(data, name, content)))


def test_links_to_elsewhere_are_never_opened() -> None:
    links = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        b' Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/></Relationships>'
    )
    data = with_part(docx_of("invitation", "en", "Words.\n"), "word/_rels/document.xml.rels", links)
    assert back(data, "Words.\n", "en") == "Words.\n"


def test_the_day_of_a_report_comes_back_from_word_as_the_day_alone() -> None:
    text = text_of("visit-report", "ru")
    assert "::: reference date\n:::" in back(docx_of("visit-report", "ru", text), text, "ru")


def test_a_text_of_thousands_of_lines_that_are_alike_is_compared_too() -> None:
    old, new = "Dear colleagues\n" + "a\n\n" * 20_000 + "Yours", "Dear colleagues\n" + "b\n\n" * 20_000 + "Yours"
    rows = difference(old, new)
    assert (rows[0], rows[-1]) == (("same", "Dear colleagues"), ("same", "Yours"))
    assert [sum(mark == wanted for mark, _line in rows) for wanted in ("gone", "new")] == [20_000, 20_000]
