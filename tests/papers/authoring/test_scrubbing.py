"""What an uploaded template may not keep, and what it may not ask for."""

import io

import pytest
from docx import Document

from tests.papers.authoring.documents import BODY, docx, packed, parts, with_body, with_relation, words
from tests.papers.sample import facts
from workflow.papers import editions
from workflow.papers.authoring.own_docx import examine, fill
from workflow.papers.authoring.samples import sample_template
from workflow.papers.authoring.scrubbing import TemplateError, scrub
from workflow.papers.plain import prepare

KIND = editions.kind("invitation")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EVERY = [(kind.key, language) for kind in editions.kinds().values() for language in kind.languages]


def field(command: str, shown: str = "итог") -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        + "</w:instrText></w:r><w:r><w:instrText>".join((command[:4], command[4:]))
        + f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


@pytest.mark.parametrize(
    "command",
    ['INCLUDEPICTURE "http://evil.example/a.png"', 'INCLUDETEXT "C:\\\\secret.docx"', "DDEAUTO c:\\\\cmd.exe",
     'HYPERLINK "http://evil.example"', "IMPORT x", "LINK Excel.Sheet x", "MACROBUTTON x", "FORMTEXT"],
)  # fmt: skip
def test_fields_that_fetch_lose_their_command_and_keep_their_text(command: str) -> None:
    clean = scrub(with_body(docx("x"), field(command)))
    assert clean.removed["fields"] == 1
    body = parts(clean.data)[BODY].decode()
    assert command[4:12] not in body
    assert "instrText" not in body
    assert "итог" in words(clean.data)


def test_field_in_a_field_and_a_simple_field_are_found() -> None:
    inner = field("INCLUDETEXT x", "внутри").removeprefix("<w:p>").removesuffix("</w:p>")
    outer = field("PAGE ", "1").replace("<w:r><w:t>1</w:t></w:r>", inner)
    simple = '<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;a&quot; "><w:r><w:t>просто</w:t></w:r></w:fldSimple></w:p>'
    clean = scrub(with_body(docx("x"), outer + simple))
    assert clean.removed["fields"] == 2
    body = parts(clean.data)[BODY]
    assert (b"INCL" in body, b"UDETEXT" in body, body.count(b"instrText")) == (False, False, 4)
    assert "внутри\nпросто" in words(clean.data)


def test_page_numbers_stay() -> None:
    clean = scrub(with_body(docx("x"), field("PAGE  \\* MERGEFORMAT", "1")))
    assert "fields" not in clean.removed
    assert b"instrText" in parts(clean.data)[BODY]


def test_links_to_the_outside_are_taken_out_and_their_words_stay() -> None:
    outside = f'<Relationship Id="rIdX" Type="{OFFICE}/hyperlink" Target="http://evil.example/" TargetMode="External"/>'
    link = '<w:p><w:hyperlink r:id="rIdX"><w:r><w:t>сюда</w:t></w:r></w:hyperlink></w:p>'
    clean = scrub(with_body(with_relation(docx("x"), outside), link))
    assert clean.removed["external"] == 1
    assert b"evil" not in b"".join(parts(clean.data).values())
    assert b"rIdX" not in b"".join(parts(clean.data).values())
    document = Document(io.BytesIO(clean.data))
    assert document.element.body.xpath("string(.//w:hyperlink)") == "сюда"


def test_attached_template_and_linked_pictures_are_taken_out() -> None:
    target = 'Target="http://evil.example/t.dotm" TargetMode="External"'
    outside = f'<Relationship Id="rIdT" Type="{OFFICE}/attachedTemplate" {target}/>'
    content = parts(docx("x"))
    content["word/_rels/settings.xml.rels"] = (
        '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{outside}</Relationships>'
    ).encode()
    head, at, tail = content["word/settings.xml"].partition(b"<w:zoom")
    content["word/settings.xml"] = (
        head + f'<w:attachedTemplate xmlns:r="{OFFICE}" r:id="rIdT"/>'.encode() + at + tail
    )
    clean = scrub(packed(content))
    assert clean.removed["external"] == 2
    assert b"evil" not in b"".join(parts(clean.data).values())
    assert b"attachedTemplate" not in parts(clean.data)["word/settings.xml"]


def test_macros_objects_and_parts_nobody_listed_are_taken_out() -> None:
    content = parts(docx("x"))
    evil = ("word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml", "word/afchunk.mht",
            "../outside.xml")  # fmt: skip
    content |= dict.fromkeys(evil, b"evil")
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    data = with_body(packed(content), '<w:p><w:r><w:object><w:control r:id="rId99"/></w:object></w:r></w:p>')
    clean = scrub(data)
    assert (clean.removed["macros"], clean.removed["objects"]) == (3, 2)
    left = parts(clean.data)
    assert not [name for name in left if "vba" in name or "ole" in name or "activeX" in name or ".." in name]
    assert b"evil" not in b"".join(left.values())
    assert b"vba" not in left["[Content_Types].xml"]
    assert words(clean.data).startswith("\nx")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no zip at all", "template-damaged"),
        (packed({"a.txt": b"x"}), "template-damaged"),
        (packed({**parts(docx("x")), BODY: b"<w:document"}), "template-damaged"),
        (packed({**parts(docx("x")), BODY: b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "template-entities"),
        (packed({**parts(docx("x")), "word/media/a.png": b"\0" * 70_000_000}), "template-too-large"),
        (packed({**parts(docx("x")), **{f"word/header{n}.xml": b"<a/>" for n in range(600)}}), "template-too-large"),
    ],
)
def test_file_that_is_no_template_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(TemplateError) as wrong:
        scrub(data)
    assert wrong.value.code == code


def test_scrubbing_again_changes_nothing() -> None:
    once = scrub(sample_template(KIND, "ru"))
    assert scrub(once.data) == type(once)(once.data, {})


@pytest.mark.slow
@pytest.mark.parametrize(("key", "language"), EVERY)
def test_ready_made_template_of_every_kind_is_accepted(key: str, language: str) -> None:
    assert examine(sample_template(editions.kind(key), language), editions.kind(key)).faults == ()


def test_faults_are_told_with_place_paragraph_and_what_may_be_meant() -> None:
    found = examine(docx("Привет", "{{ visit.purpse }}", header="{{ office.nam }}", footer="{{ ''.__class__ }}",
                         title="{{ visit.title|upp }}"), KIND).faults  # fmt: skip
    assert [(fault.place, fault.line, fault.code, fault.detail, fault.meant) for fault in found] == [
        ("body", 2, "fact-unknown", "visit.purpse", "visit.purpose"),
        ("header", 1, "fact-unknown", "office.nam", "office.name"),
        ("footer", 1, "forbidden", ".__class__", ""),
        ("properties", 1, "filter-unknown", "upp", "upper"),
    ]


def test_filled_template_says_the_facts_and_only_as_words() -> None:
    told = facts()
    told["visit"]["purpose"] = {"ru": 'обмен <b> & "опыт" {{ 7*7 }} **не жирно**\nвторая'}
    data = examine(docx("Цель: {{ visit.purpose }}", "{{ office.letterhead|lines }}", header="{{ office.city }}",
                        title="{{ visit.title }}"), KIND).data  # fmt: skip
    made = fill(data, prepare(told, "ru"), "ru", title="Приглашение")
    said = words(made.data)
    assert 'Цель: обмен <b> & "опыт" {{ 7*7 }} **не жирно**\nвторая' in said
    assert "АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ\nОтдел международных связей" in said
    assert said.endswith("Ставрополь\n")
    assert (made.missing, made.unknown) == ((), ())
    assert made == fill(data, prepare(told, "ru"), "ru", title="Приглашение")


def test_missing_fact_stands_by_its_name_and_is_listed() -> None:
    told = {**facts(), "visit": {"payer": None}}
    made = fill(examine(docx("{{ visit.payer }}"), KIND).data, prepare(told, "ru"), "ru", title="x")
    assert (made.missing, words(made.data).strip()) == (("visit.payer",), "‹visit.payer›")
