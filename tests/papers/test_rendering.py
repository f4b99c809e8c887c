import io
import re
from html import unescape
from typing import Any

import pytest
import typst
from docx import Document
from pypdf import PdfReader

from tests.papers.sample import both, facts
from workflow.papers import composing, editions, glyphs, pdf, plan, rendering
from workflow.papers.long_words import parts
from workflow.papers.plain import fingerprint, freeze, localise

EVERY = [(kind.key, language) for kind in editions.kinds().values() for language in kind.languages]


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    return "\n".join(node.text for node in document.element.body.iter() if node.tag.endswith("}p"))


def words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_wording_makes_the_same_words_in_three_formats(kind: str, language: str) -> None:
    edition = editions.edition(kind, language)
    pdf, docx, html = (rendering.render(edition, facts(), name) for name in ("pdf", "docx", "html"))
    assert (pdf.missing, pdf.unknown) == ((), ())
    assert pdf.data.startswith(b"%PDF-1.7")
    said = words(docx_text(docx.data))
    # page numbers stand only on paper, and the layouts' own breaks are no words
    shown = [word for word in words(pdf_text(pdf.data)) if word not in {"2", "3"}]
    assert shown == [word for word in said if word not in {"2", "3"}]
    assert words(re.sub(r"<[^>]+>", " ", html.data.decode())) == said


HARD = {
    "tables": "| № | Имя | Срок |\n|:-:|---|--:|\n| 1 | **Ма Цзюнь** (马俊健) | 12 мая |\n| 2 | a \\| b | |\n\n"
    "| Один |\n|-|\n" + "".join(f"| строка {n} |\n" for n in range(70)),
    "lists": "Перед.\n\n- первый *курсив*\n- второй\\\nс новой строки\n\n1. раз\n2. два\n\n1.1. раз-один\n\nПосле.",
    "breaks": "# Раздел\n\nДо.\n\n::: pagebreak\n\n## Подраздел\n\nПосле.\n\n::: pagebreak\n\n### Третий\n\nКонец.",
    "scripts": "镇江市友好交流中心，马明龙市长。\n\nΔήμος Αθηναίων, Ελλάδα\n\n"
    "**Երևանի** քաղաքապետարան\n\nĐà Nẵng, Iași, Łódź, Muğla",
}


@pytest.mark.parametrize("case", HARD)
def test_hard_texts_are_the_same_on_paper_and_in_word(case: str) -> None:
    edition = editions.edition("trip-report", "ru", wording=HARD[case])
    blank = {**facts(), "paper": {"number": None, "date": None, "code": None, "verify_url": None, "status": "final"}}
    pdf, docx, html = (rendering.render(edition, blank, name).data for name in ("pdf", "docx", "html"))
    said = "".join(docx_text(docx).split())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    shown = [page.removeprefix(f"{number}\n") for number, page in enumerate(pages, 1)]
    heads = {"tables": ["Один"]}.get(case, [])  # a table's head is printed again on each page
    printed = "".join("".join(page.split()) for page in shown)
    for head in heads:
        first, _, rest = printed.partition(head)
        printed = first + head + rest.replace(head, "")
    assert printed == said
    assert "".join(unescape(re.sub(r"<[^>]+>", "", html.decode())).split()) == said


def test_word_file_has_styles_columns_pictures_and_page_numbers() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
    wording = editions.kind("invitation").wordings["ru"] + "\n\n| A | B |\n|-|---|\n| 1 | 2 |\n"
    edition = editions.edition("invitation", "ru", wording=wording, images={"arms": svg})
    document = Document(io.BytesIO(rendering.render(edition, facts(), "docx").data))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Paper Letterhead", "Paper Salutation", "Paper Text", "Paper Signature"} <= styles
    own, tail = document.tables[-2:]
    assert [round(column.width.mm) for column in own.columns] == [41, 124]
    assert {line.style.name for cell in tail.rows[0].cells for line in cell.paragraphs} == {"Paper Verification"}
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in own.rows)  # no row goes over a page
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(described) == 2
    assert all(described)
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


@pytest.mark.parametrize("name", ["pdf", "docx", "html"])
def test_the_same_input_gives_the_same_bytes(name: rendering.Format) -> None:
    edition = editions.edition(
        "order-receiving", "ru", images={"arms": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"}
    )
    assert rendering.render(edition, facts(), name).sha256 == rendering.render(edition, facts(), name).sha256


def test_the_pdf_claims_archive_and_accessibility_and_has_its_language() -> None:
    data = rendering.render(editions.edition("invitation", "en"), facts(), "pdf").data
    reader = PdfReader(io.BytesIO(data))
    meta = str(reader.metadata) + reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert all(mark in meta for mark in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"))
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]


def test_a_draft_has_blanks_for_number_and_date() -> None:
    told = {
        **facts(),
        "paper": {"number": None, "date": None, "verify_url": None, "code": None, "status": "draft"},
        "basis": {**facts()["basis"], "letter_number": "", "letter_date": None},
    }
    text = " ".join(pdf_text(rendering.render(editions.edition("invitation", "ru"), told, "pdf").data).split())
    assert "____________ № ____________ На № ________ от ____________" in text
    assert "verify" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_blank_for_the_day_speaks_the_language_of_its_edition(language: str) -> None:
    told = facts()
    told["paper"] = {**told["paper"], "date": None}
    edition = editions.Edition("order-receiving", language, "::: reference order\n:::\n\nText.", "order", "Order")
    assert not re.search("[а-я]", "".join(plan.words(composing.compose(edition, told).plan)))


@pytest.mark.parametrize("language", ["ru", "en", "zh"])
def test_numbers_stand_in_every_language_as_in_the_register(language: str) -> None:
    told = facts()
    told["paper"] = {**told["paper"], "number": "исх-45/27"}
    told["basis"] = {**told["basis"], "letter_number": "вход-214"}
    edition = editions.Edition("invitation", language, "::: reference\n:::\n\nText.", "letter", "Letter")
    first, reply = "\n".join(plan.words(composing.compose(edition, told).plan)).split("\n")[:2]
    assert first.endswith("\u00a0исх-45/27")
    assert "вход-214" in reply


@pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind in ("visit-report", "trip-report", "press-release")
                           for language in ("ru", "en")]
)  # fmt: skip
def test_a_paper_without_a_number_is_dated_too(kind: str, language: str) -> None:
    said = plan.words(composing.compose(editions.edition(kind, language), facts()).plan)
    assert {"ru": "15\u00a0марта 2027\u00a0года", "en": "15\u00a0March 2027"}[language] in said


def test_the_reply_line_names_their_letter() -> None:
    text = rendering.render(editions.edition("invitation", "ru"), facts(), "html").data.decode().replace("\u00a0", " ")
    assert "15.03.2027 № 01-12/45<br>На № 214 от 02.02.2027" in text


def test_the_signature_never_stands_alone() -> None:
    kind = editions.kind("invitation")
    for extra in range(3, 15):
        wording = kind.wordings["ru"].replace("Пользуясь случаем", "Ещё одна строка.\n\n" * extra + "Пользуясь случаем")
        made = rendering.render(editions.edition("invitation", "ru", wording=wording), facts(), "pdf")
        last = PdfReader(io.BytesIO(made.data)).pages[-1].extract_text()
        assert "Пользуясь случаем" in last
        assert "Образцов" in last
        assert "verify/K7QM" in last


def test_characters_no_font_has_are_named_before_layout() -> None:
    partner = {**facts()["partner"], "name": both("Город 😀 سلام", "City 😀")}
    with pytest.raises(composing.RenderError) as wrong:
        rendering.render(editions.edition("invitation", "ru"), {**facts(), "partner": partner}, "pdf")
    assert (wrong.value.code, wrong.value.detail) == ("glyph", "😀 س ل ا م (partner.name)")
    line = editions.kind("invitation").wordings["ru"].split("\n")[wrong.value.line - 1]
    assert "partner." in line
    with pytest.raises(composing.RenderError) as wrong:
        rendering.render(editions.edition("invitation", "ru", wording="Да\n\nНет ☯"), facts(), "docx")
    assert (wrong.value.code, wrong.value.line, wrong.value.detail) == ("glyph", 3, "☯")


def test_fonts_cover_the_languages_of_the_partners() -> None:
    signs = "镕珺堃祎翀 ՀԱՅ ṽ ế ợ Țț Ħ Қғү Җә ӈ ό − ✓ Ѝѝ Ăăşțğıİ "
    signs += "Łódź Ñandú Ṛ Đặng ΑΒΓάώ Հայաստան 镇江市友好，：；＜＝＞？𠮷 Ҡаҙаҡ Ғүһ «»„“”’–—… ёЁ № €"
    assert glyphs.unprintable([signs]) == ""
    edition = editions.edition("invitation", "ru", wording=signs)
    assert rendering.render(edition, facts(), "pdf").data.startswith(b"%PDF")


def test_invisible_signs_and_decomposed_letters_are_composed() -> None:
    edition = editions.edition("invitation", "ru", wording="{{ partner.name }}")
    partner = {**facts()["partner"], "name": "Кадыке\u0308и\u0306\u200b \u202eабв\u0000"}
    html = rendering.render(edition, {**facts(), "partner": partner}, "html").data.decode()
    assert "Кадыкёй абв" in html


def test_markup_in_facts_stays_text_in_every_format() -> None:
    partner = {**facts()["partner"], "name": '<b>x</b> #read("/etc/passwd") **y** $z$ \\'}
    edition = editions.edition("invitation", "en", wording="A {{ partner.name }}")
    told = {**facts(), "partner": partner}
    assert "<b>x</b> #read(“/etc/passwd”) **y** $z$ \\" in pdf_text(rendering.render(edition, told, "pdf").data)
    assert "<b>x</b> #read(“/etc/passwd”) **y** $z$ \\" in docx_text(rendering.render(edition, told, "docx").data)
    assert "&lt;b&gt;x&lt;/b&gt;" in rendering.render(edition, told, "html").data.decode()


@pytest.mark.parametrize(
    "text", ['"] + read("/etc/passwd") + ["', "\\", '\\"', "\\u{41}", "#panic()", '"\n#let arms = "', '*/ #eval("1")']
)
def test_no_text_leaves_its_place_in_the_layout(text: str) -> None:
    edition = editions.edition("letter-thanks", "en", wording="A {{ partner.name }} Z")
    told = {**facts(), "partner": {**facts()["partner"], "name": text}}
    pdf, docx = (rendering.render(edition, told, name).data for name in ("pdf", "docx"))
    shown = "".join(pdf_text(pdf).split())
    assert shown == "".join(docx_text(docx).split())
    assert "root:" not in shown


@pytest.mark.parametrize(
    "reach", ['read("/etc/passwd")', 'read("../fonts/OFL.txt")', 'image("http://127.0.0.1/a.png")']
)
def test_layouts_reach_neither_files_nor_the_network(reach: str) -> None:
    with pytest.raises(typst.TypstError):
        pdf._compiler().compile(input=f"#{reach}".encode(), format="pdf")
    for layout in pdf.LAYOUTS.glob("*.typ"):
        assert not re.search(r"@preview|\b(read|plugin|eval)\(", layout.read_text(encoding="utf-8")), layout.name


def test_localise_and_freeze() -> None:
    assert localise({"a": both("да", "yes"), "b": [both("", "x")], "c": {"en_note": 1}}, "ru") == {
        "a": "да",
        "b": [None],
        "c": {"en_note": 1},
    }
    with pytest.raises(TypeError, match="not float"):
        freeze({"a": 1.5})
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_an_unknown_kind_or_language_is_an_error() -> None:
    with pytest.raises(LookupError, match="unknown kind"):
        editions.edition("bogus", "ru")
    with pytest.raises(LookupError, match="no wording in 'zh'"):
        editions.edition("order-receiving", "zh")


def test_short_tables_stay_whole_and_only_the_last_item_follows_the_signature_to_its_page() -> None:
    table = "## Лицо {n}\n\n| Сведения | Данные |\n|----|----|\n| Пол {n} | женский |\n| Паспорт {n} | № 1 |\n"
    wording = "\n".join(table.format(n=f"№{number}#") for number in range(1, 19))
    known = {"paper": {"status": "final"}}
    edition = editions.edition("petition", "ru", wording=wording)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(rendering.render(edition, known, "pdf").data)).pages]
    assert len(pages) > 1
    for page in pages:
        assert page.count("Лицо") == page.count("Пол №") == page.count("Паспорт №")

    items = "\n".join(f"{number}. Пункт {number}." for number in range(1, 9))
    seal = "::: signature\nГлава города | И. Образцов\n:::\n"
    for extra in range(36, 44):
        signed = "\n\n".join([*["Слово"] * extra, items, seal])
        edition = editions.edition("order-sending", "ru", wording=signed)
        made = rendering.render(edition, known, "pdf").data
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
        if len(pages) == 2:
            assert "Глава города" in pages[1]
            assert pages[1].count("Пункт") == 2  # never a signature with one short line, and no page half empty
            break
    else:
        pytest.fail("no length at which the signature goes over the page")


@pytest.mark.parametrize("rows", [4, 30])
def test_a_signature_takes_the_end_of_a_table_along_to_its_page(rows: int) -> None:
    table = "| № | Имя |\n|---|---|\n" + "".join(f"| {n} | **строка** {n}: итог |\n" for n in range(1, rows + 1))
    seal = "::: closing\nС уважением,\n:::\n\n::: signature\nГлава города | И. Образцов\n:::\n"
    taken = set()
    for extra in range(8, 44):
        wording = "\n\n".join([*["Слово"] * extra, table, seal])
        edition = editions.edition("invitation", "ru", wording=wording)
        made = rendering.render(edition, {"paper": {"status": "final"}}, "pdf")
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages]
        assert [int(n) for n in re.findall(r"строка (\d+): итог", "\n".join(pages))] == list(range(1, rows + 1))
        taken.add(pages[-1].count("строка"))
    assert min(taken) == min(rows, plan.HELD_ROWS if rows > 8 else rows)


def test_a_total_takes_the_end_of_its_table_along_to_its_page() -> None:
    table = "| Статья | Сумма |\n|---|--:|\n" + "".join(f"| строка {n} | {n} |\n" for n in range(1, 31))
    taken = set()
    for extra in range(8, 20):
        wording = "\n\n".join([*["Слово"] * extra, table, "**Итого: 465**, в том числе: наша сторона – 465."])
        edition = editions.edition("invitation", "ru", wording=wording)
        made = rendering.render(edition, {"paper": {"status": "final"}}, "pdf").data
        last = PdfReader(io.BytesIO(made)).pages[-1].extract_text()
        assert last.count("Статья") == 1  # the head stands above the rows that open a page, however few they are
        taken.add((last.count("Итого"), last.count("строка")))
    assert min(rows for totals, rows in taken if totals) == plan.HELD_ROWS
    document = Document(io.BytesIO(rendering.render(edition, {"paper": {"status": "final"}}, "docx").data))
    held = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in document.tables[0].rows]
    assert held[-3:] == [False, True, True]


def test_no_row_of_a_long_list_stands_alone_on_its_last_page() -> None:
    known = {"paper": {"status": "final"}}
    taken = set()
    for rows in range(41, 50):
        table = "| № | Имя |\n|---|---|\n" + "".join(f"| {n} | гость {n} |\n" for n in range(1, rows + 1))
        edition = editions.edition("invitation", "ru", wording=f"Список.\n\n{table}")
        pages = PdfReader(io.BytesIO(rendering.render(edition, known, "pdf").data)).pages
        taken.add((len(pages), pages[-1].extract_text().count("гость"), pages[-1].extract_text().count("Имя")))
    assert min(count for pages, count, _heads in taken if pages > 1) == plan.HELD_ROWS
    assert {heads for _pages, _count, heads in taken} == {1}
    document = Document(io.BytesIO(rendering.render(edition, known, "docx").data))
    held = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in document.tables[0].rows]
    assert held[-3:] == [False, True, False]


@pytest.mark.parametrize("wording", ["## Сроки\n\nТекст", "### Сроки\n\n# Место\n\n### Ещё\n\nТекст"])
def test_headings_of_any_level_make_a_valid_outline(wording: str) -> None:
    edition = editions.edition("invitation", "ru", wording=wording)
    made = rendering.render(edition, {"paper": {"status": "final"}}, "pdf")
    assert "Сроки" in pdf_text(made.data)


def test_a_page_of_a_word_file_is_begun_by_what_stands_on_it() -> None:
    """A paragraph that only held the break fell on a page of its own when the page before was full."""
    document = Document(io.BytesIO(rendering.render(editions.edition("order-receiving", "ru"), facts(), "docx").data))
    first = [each.text.split("\n")[0] for each in document.paragraphs if each.paragraph_format.page_break_before]
    assert first == ["Приложение\u00a01", "Приложение\u00a02"]
    assert not document.element.body.xpath(".//w:br[@w:type='page']")
    last = next(each.text for each in document.paragraphs if each.text.startswith("Приложение"))
    assert last.replace("\u00a0", " ").endswith("от 15.03.2027 № 01-12/45")


def _said(kind: str, language: str, known: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    made = composing.compose(editions.edition(kind, language), known)
    return "\n".join(plan.words(made.plan)), made.missing


@pytest.mark.parametrize(
    ("payer", "russian", "english"),
    [
        ("Проезд оплачивают гости.", (), ("visit.payer",)),
        ({"ru": "Проезд оплачивают гости.", "en": ""}, (), ("visit.payer",)),
        ({"ru": "", "en": "The guests pay for travel."}, ("visit.payer",), ()),
        ({"ru": "Проезд оплачивают гости.", "en": "The guests pay for travel."}, (), ()),
        (None, (), ()),
        ({"ru": "", "en": ""}, (), ()),
    ],
)
def test_terms_known_in_one_language_are_never_left_out_of_the_other_in_silence(
    payer: Any, russian: tuple[str, ...], english: tuple[str, ...]
) -> None:
    known = facts()
    known["visit"]["payer"] = payer
    assert _said("invitation", "ru", known)[1] == russian
    assert _said("invitation", "en", known)[1] == english


def _english(kind: str, told: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    made = composing.compose(editions.edition(kind, "en"), told)
    return "\n".join(plan.words(made.plan)), made.missing


def test_a_term_with_one_field_in_russian_is_never_denied_by_an_english_slip() -> None:
    told = facts()
    terms = ("version", "references", "layout", "confidentiality", "instructions")
    told["assignment"] = {**told["assignment"], **dict.fromkeys(terms, "для служебного пользования")}
    said, missing = _english("translation-slip", told)
    assert missing == ()
    assert said.lower().count("see the russian edition") == len(terms)
    assert not {"none", "no restrictions", "as in the original"} & set(said.split("\n"))
    told["assignment"] = {**told["assignment"], **dict.fromkeys(terms)}
    assert {"none", "no restrictions", "as in the original"} < set(_english("translation-slip", told)[0].split("\n"))


def test_english_working_programme_says_where_only_the_russian_one_knows_more() -> None:
    told = facts()
    names = ("internal_note", "menu", "press", "security", "equipment", "plan_b")
    told["working"]["days"][0]["items"][0].update(dict.fromkeys(names, "как обычно"))
    told["transport"]["arrivals"][0].update(driver="Примеров Олег", luggage="четыре места")
    said, missing = _english("programme-working", told)
    assert missing == ()
    for name in ("Note", "Menu", "Press", "Security", "Equipment", "Plan B", "driver", "luggage"):
        assert f"{name}: see the Russian edition" in said
    assert not re.search("[А-Яа-я]{3}", said)


def test_owner_written_in_russian_only_is_asked_for_in_an_english_report() -> None:
    told = facts()
    told["outcomes"]["items"][0]["owner"] = "Управление культуры"
    assert _english("visit-report", told)[1] == _english("trip-report", told)[1] == ("outcomes.items.0.owner",)
    told["outcomes"]["items"][0]["owner"] = ""
    assert _english("visit-report", told)[1] == ()


@pytest.mark.parametrize(
    ("language", "payer", "said"),
    [("ru", "Кадыкёй оплачивает проезд.", "Условия оплаты: Кадыкёй оплачивает проезд."),
     ("ru", "Проезд оплачивает Кадыкёй.", "Условия оплаты: проезд оплачивает Кадыкёй."),
     ("en", "Stavropol pays for the stay.", "Financial arrangements: Stavropol pays for the stay."),
     ("en", "The host side pays.", "Financial arrangements: the host side pays.")],
)  # fmt: skip
def test_a_name_at_the_beginning_of_a_fact_keeps_its_capital(language: str, payer: str, said: str) -> None:
    told = facts()
    told["visit"]["payer"] = both(payer, payer)
    assert said in plan.words(composing.compose(editions.edition("invitation", language), told).plan)


def test_a_post_at_the_beginning_of_a_fact_does_not() -> None:
    told = facts()
    said = "\n".join(plan.words(composing.compose(editions.edition("invitation", "ru"), told).plan))
    assert "Одабаши Шердиль Дара, глава муниципалитета" in said


ENDLESS = {
    "an address": "https://www.example.org/delegations/2027/very/long/path?visit=128&token=" + "ABCDEFGHIJKLMNOP" * 5,
    "a compound": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "a substance": "метилпропенилендигидроксициннаменилакриловокислая" * 3,
}


@pytest.mark.parametrize("word", ENDLESS.values(), ids=ENDLESS)
def test_a_word_longer_than_its_line_breaks_on_paper_and_is_copied_whole(word: str) -> None:
    wording = (
        f"::: addressee\n{word}\n:::\n\nТекст {word} и **{word}**.\n\n- {word}\n\n"
        f"| № | Имя |\n|-|-|\n| 1 | {word} |\n| 2 | внешнеэкономическая деятельность |\n\n"
        f"::: note\n{word}\n:::\n\n::: signature\nЗаместитель {word} | {word}\n:::\n"
    )
    edition = editions.edition("invitation", "ru", wording=wording)
    made = rendering.render(edition, {"paper": {"status": "final"}}, "pdf").data
    reader = PdfReader(io.BytesIO(made))
    furthest = 0.0

    def seen(text: str, _matrix: Any, at: list[float], _font: Any, size: float) -> None:
        nonlocal furthest
        furthest = max(furthest, at[4] + len(text.strip()) * size * 0.4)

    said = "".join(page.extract_text(visitor_text=seen) for page in reader.pages)
    assert furthest < 210 / 25.4 * 72 - 20
    assert "".join(said.split()).count("".join(word.split())) == 8
    assert "внешнеэкономическая" in said


def _places(wording: str) -> list[tuple[int, str, float, float]]:
    """Every word of a paper with its page and place."""
    made = rendering.render(
        editions.edition("invitation", "ru", wording=wording), {"paper": {"status": "final"}}, "pdf"
    )
    found: list[tuple[int, str, float, float]] = []
    for number, page in enumerate(PdfReader(io.BytesIO(made.data)).pages):
        page.extract_text(
            visitor_text=lambda text, _matrix, at, _font, _size, number=number: found.append(
                (number, text, round(at[4], 2), round(at[5], 2))
            )
        )
    return found


def test_rows_whose_height_is_told_stand_where_the_layout_would_put_them(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = "Ж" * 30, "AVAT. шщюW, 镇江", "Հայ", "10:00–11:00", "", "**жирно** и нет", "№ 5 ёж"
    texts = [sign[:length] for sign in signs for length in range(1, 30, 3)]
    rows = [texts[at : at + 3] for at in range(0, len(texts) - 2, 3)]
    told = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    wording = f"| Время | Мероприятие | Event |\n|---|------|---|\n{told}\n\n**Итого: 5**\n"
    known: list[bool] = []
    judge = pdf._is_one_line

    def judged(cells: Any, columns: Any, *, bold: bool = False) -> bool:
        known.append(judge(cells, columns, bold=bold))
        return known[-1]

    monkeypatch.setattr(pdf, "_is_one_line", judged)
    shown = _places(wording)
    monkeypatch.setattr(pdf, "_is_one_line", lambda *_given, **_how: False)
    assert shown == _places(wording)
    assert known.count(True) > 5
    assert known.count(False) > 3


@pytest.mark.parametrize("kind", ["diploma", "certificate"])
def test_a_sheet_for_the_wall_has_one_page_however_long_a_post_is(kind: str) -> None:
    told = facts()
    post = "Заместитель председателя постоянной комиссии городского совета по международным связям " * 4
    told["office"]["signatory"]["post"] = told["award"]["post"] = both(post[:300], "")
    told["paper"]["verify_url"] = "https://delegations.stavropol.example.org/verify/AAAA-AAAA-AAAA"
    reader = PdfReader(io.BytesIO(rendering.render(editions.edition(kind, "ru"), told, "pdf").data))
    assert len(reader.pages) == 1
    assert told["paper"]["verify_url"] in reader.pages[0].extract_text().replace("\n", "")


def test_words_that_fit_and_hours_break_nowhere() -> None:
    assert parts("11:20–13:00", 5.0) == ("11:20–13:00",)
    assert parts("внешнеэкономическая", 14.0) == ("внешнеэкономическая",)
    assert parts("см. example.org/a", 5.5) == ("см. example.", "org/", "a")
    assert parts("镇江市友好交流中心" * 4, 10.0) == ("镇江市友好交流中心" * 4,)
