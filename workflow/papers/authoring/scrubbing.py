"""A DOCX that somebody sent → the same without anything that reaches outside it or runs.

What may stay is listed, all else goes: parts by name, links by target, fields by command. Runs in the child process.
The structure is that of ECMA-376 (Office Open XML), parts 1 and 2.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
BODY = "word/document.xml"

_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app)\.xml|word/_rels/[A-Za-z0-9]+\.xml\.rels|"
    r"word/(document|styles|settings|fontTable|numbering|footnotes|endnotes|webSettings|(header|footer)\d*)\.xml|"
    r"word/theme/theme\d*\.xml|word/media/[A-Za-z0-9_-]+\.(png|jpe?g|gif|bmp|tiff?)"
)
_KINDS = (
    ("macros", re.compile(r"vba|macro|customui|activex", re.IGNORECASE)),
    ("objects", re.compile(r"embeddings/|oleobject|package", re.IGNORECASE)),
)
FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
"""Commands of fields that a template may keep; the rest keep their last text only."""
_ELEMENTS = {
    f"{{{W}}}object": "objects",
    f"{{{W}}}control": "macros",
    f"{{{W}}}altChunk": "external",
    f"{{{W}}}subDoc": "external",
    f"{{{W}}}attachedTemplate": "external",
    f"{{{W}}}mailMerge": "external",
    f"{{{W}}}dataBinding": "external",
    f"{{{W}}}docPartObj": "external",
    "{urn:schemas-microsoft-com:office:office}OLEObject": "objects",
    "{urn:schemas-microsoft-com:office:office}WordFieldCodes": "fields",
}
MAX_PARTS, MAX_BYTES = 500, 60 * 1024 * 1024


class TemplateError(ValueError):
    """The file is no template that can be used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Scrubbed:
    """What is left of a file, and what was taken out: word for it → how many."""

    data: bytes
    removed: dict[str, int]


def _parse(data: bytes) -> "etree._Element":
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise TemplateError("template-entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise TemplateError("template-damaged") from wrong


def _write(root: "etree._Element") -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise TemplateError("template-too-large")
            if len(set(names)) != len(names):
                raise TemplateError("template-damaged")
            return {name: archive.read(name) for name in names if not name.endswith("/")}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as wrong:
        raise TemplateError("template-damaged") from wrong


def _kind_of(name: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "parts")


def _source_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def _relations(name: str, data: bytes, kept: frozenset[str], removed: Counter[str]) -> tuple[bytes, set[str]]:
    root = _parse(data)
    base = posixpath.dirname(_source_of(name))
    left: set[str] = set()
    for relation in list(root):
        target = relation.get("Target") or ""
        outside = relation.get("TargetMode") == "External"
        place = posixpath.normpath(posixpath.join("/" + base, target)).lstrip("/")
        if outside or place not in kept:
            removed["external" if outside else _kind_of(target)] += outside
            root.remove(relation)
        else:
            left.add(relation.get("Id") or "")
    return _write(root), left


def _drop(node: "etree._Element") -> None:
    parent = node.getparent()
    if parent is not None:
        if node.tail:
            before = node.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + node.tail
            else:
                parent.text = (parent.text or "") + node.tail
        parent.remove(node)


def _unwrap(node: "etree._Element") -> None:
    parent = node.getparent()
    if parent is not None:
        at = parent.index(node)
        for child in reversed(list(node)):
            parent.insert(at, child)
        parent.remove(node)


def _command(text: str) -> str:
    words = text.split()
    return words[0].upper() if words else ""


def _complex_fields(root: "etree._Element") -> Iterator[tuple[list["etree._Element"], str | None]]:
    """Each field that is written with marks: its marks and its command, None for marks without a whole field."""
    open_fields: list[list[etree._Element]] = []
    for node in list(root.iter(f"{{{W}}}fldChar", f"{{{W}}}instrText", f"{{{W}}}delInstrText")):
        kind = node.get(f"{{{W}}}fldCharType")
        if kind == "begin":
            open_fields.append([node])
        elif not open_fields:
            yield [node], None
        else:
            open_fields[-1].append(node)
            if kind == "end":
                nodes = open_fields.pop()
                yield nodes, "".join(each.text or "" for each in nodes)
    for nodes in open_fields:
        yield nodes, None


def _fields(root: "etree._Element", removed: Counter[str]) -> None:
    for simple in list(root.iter(f"{{{W}}}fldSimple")):
        if _command(simple.get(f"{{{W}}}instr") or "") not in FIELDS:
            removed["fields"] += 1
            _unwrap(simple)
    for nodes, told in list(_complex_fields(root)):
        if told is None or _command(told) not in FIELDS:
            removed["fields"] += told is not None
            for node in nodes:
                _drop(node)


def _content(data: bytes, relations: set[str], removed: Counter[str]) -> bytes:
    root = _parse(data)
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            _drop(node)
        elif node.tag in _ELEMENTS:
            removed[_ELEMENTS[node.tag]] += 1
            _drop(node)
        else:
            for name in [name for name in node.attrib if name.startswith(f"{{{R}}}")]:
                if node.attrib[name] not in relations:
                    del node.attrib[name]
    _fields(root, removed)
    return _write(root)


def _types(data: bytes, kept: frozenset[str]) -> bytes:
    root = _parse(data)
    for node in list(root):
        if node.tag == f"{{{TYPES}}}Override":
            name = (node.get("PartName") or "").lstrip("/")
            if name not in kept:
                root.remove(node)
            elif name == BODY:
                node.set("ContentType", MAIN)
        elif "macro" in (node.get("ContentType") or "").lower() or "vba" in (node.get("ContentType") or "").lower():
            root.remove(node)
    return _write(root)


def scrub(data: bytes) -> Scrubbed:
    """Take out macros, embedded objects, links to the outside, fields that fetch, and parts that are not listed.

    Raises:
        TemplateError: it is no Word document, is damaged, or is too large.
    """
    parts = _parts(data)
    kept = frozenset(name for name in parts if _KEPT.fullmatch(name))
    removed: Counter[str] = Counter(_kind_of(name) for name in parts.keys() - kept)
    if not {BODY, "[Content_Types].xml", "_rels/.rels"} <= kept:
        raise TemplateError("template-damaged")
    root = _parse(parts["_rels/.rels"])
    if not any(node.get("Type") == OFFICE and (node.get("Target") or "").lstrip("/") == BODY for node in root):
        raise TemplateError("template-damaged")
    done: dict[str, bytes] = {}
    relations: dict[str, set[str]] = {}
    for name in sorted(kept):
        if name.endswith(".rels"):
            done[name], relations[_source_of(name)] = _relations(name, parts[name], kept, removed)
    for name in sorted(kept - done.keys()):
        if name == "[Content_Types].xml":
            done[name] = _types(parts[name], kept)
        elif name.endswith(".xml"):
            done[name] = _content(parts[name], relations.get(name, set()), removed)
        else:
            done[name] = parts[name]
    return Scrubbed(pack(done), {kind: count for kind, count in sorted(removed.items()) if count})


def pack(parts: dict[str, bytes]) -> bytes:
    """Parts → a file whose bytes depend on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts, key=lambda each: (each != "[Content_Types].xml", each)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, parts[name])
    return out.getvalue()


def repack(data: bytes) -> bytes:
    """The same file with its parts in one order and without the moment of its making."""
    return pack(_parts(data))
