"""DOCX files for tests: plain ones with placeholders, and ones that hold what must be taken out."""

import io
import zipfile
from typing import Any

from docx import Document

BODY = "word/document.xml"


def docx(*paragraphs: str, header: str = "", footer: str = "", title: str = "") -> bytes:
    """A Word document with these paragraphs."""
    document: Any = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    if title:
        document.core_properties.title = title
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    """Parts → a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in content.items():
            target.writestr(name, data)
    return out.getvalue()


def with_body(data: bytes, xml: str) -> bytes:
    """The file with something put at the beginning of its body."""
    content = parts(data)
    content[BODY] = content[BODY].replace(b"<w:body>", b"<w:body>" + xml.encode())
    return packed(content)


def with_relation(data: bytes, relation: str, *, source: str = "word/_rels/document.xml.rels") -> bytes:
    """The file with one relation more."""
    content = parts(data)
    content[source] = content[source].replace(b"</Relationships>", relation.encode() + b"</Relationships>")
    return packed(content)


def words(data: bytes) -> str:
    """Everything that a document says in body, tables, header and footer."""
    document: Any = Document(io.BytesIO(data))
    section = document.sections[0]
    said = [*(paragraph.text for paragraph in document.paragraphs)]
    said += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said += [paragraph.text for each in (section.header, section.footer) for paragraph in each.paragraphs]
    return "\n".join(said)
