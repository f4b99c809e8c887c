"""Papers made by clicking only: a letter in two languages, an order that is checked, a batch, a wording, a code."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.browser.test_stories_papers import (
    OF_A_PAPER,
    enter,
    kept,
    press,
    printed,
    said,
    scan,
    settings,
    text_of,
    until,
)

__all__ = ["enter", "scan", "settings"]

Enter = Callable[..., Any]
CHINESE = {
    "АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ": "俄罗斯联邦斯塔夫罗波尔市政府",
    "ул. Примерная": "邮编355000，斯塔夫罗波尔市，示例街1号",
    "О направлении приглашения": "关于发出邀请函",
    "Мэру города Чжэньцзян": "镇江市市长\n王示例先生",
    "Уважаемый господин Мэр!": "尊敬的市长先生：",
    "свидетельствует Вам своё уважение": "斯塔夫罗波尔市政府谨向您致以崇高的敬意，并感谢您对发展两市友好关系的关注。",
    "Имею честь пригласить":
        "我荣幸地邀请镇江市官方代表团于2027年5月31日至6月3日访问斯塔夫罗波尔市。访问目的：起草友好城市合作计划。",
    "Предполагаемая численность": "预计代表团人数为六人。",
    "Условия оплаты": "国际旅费由派遣方承担，食宿费用由接待方承担。",
    "Просим Вас подтвердить": "请您确认参加访问并告知代表团组成。",
    "Пользуясь случаем": "顺致崇高敬意。",
    "С уважением": "此致",
    "Глава города Ставрополя": "斯塔夫罗波尔市市长\t安·尤·克利莫夫",
}
"""What the translator writes in place of each Russian paragraph."""


def papers_tab(window: Any, visit: str, tab: str) -> Any:
    """Come from the search to a visit's papers, as an officer does."""
    page = window.go("/")
    page.get_by_role("searchbox").fill(visit)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=visit).first.click()
    page.get_by_role("link", name=tab, exact=True).click()
    return page


def translated(source: Path, path: Path) -> Path:
    """Write the translation over the paragraphs of the file that was to be translated, as a translator does in Word."""
    document, done = Document(str(source)), list[str]()
    cells = [line for table in document.tables for cell in table._cells for line in cell.paragraphs]
    for line in (*document.paragraphs, *cells):
        words = line.text.replace("\xa0", " ")
        for russian, chinese in CHINESE.items():
            if russian in words and russian not in done:
                done.append(russian)
                first, *rest = line.runs
                first.text = chinese
                for run in rest:
                    run._element.getparent().remove(run._element)
                break
    document.save(str(path))
    return path


def ordered(page: Any) -> str:
    """Draft the invitation in Russian and order its translation into Chinese; gives the paper's address."""
    page.select_option("#draft [name=kind]", label="Приглашение")
    page.locator("#draft").get_by_label("Русский").check()
    press(page, "Составить проект", "#draft")
    letter = str(page.url)
    page.locator("#text-ru").get_by_role("link", name="Заказать перевод этого текста").click()
    page.select_option("#f-target_language", "zh")
    page.fill("#f-due_at", "2027-03-18T12:00")
    page.fill("#f-text_user", "Мэр города Чжэньцзян")
    page.fill("#f-names", "Ван Шили, мэр — 王示例, 镇江市市长")
    press(page, "Открыть для переводчиков")
    return letter


def verified(stranger: Any, decider: Any, letter: str, code: str, number: str) -> None:
    """Look a signed paper up by its code in a private window, before and after it is revoked; then a code of nobody."""
    page = stranger.go("/verify")
    page.fill("#f-code", code.lower().replace("-", " "))
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()
    told = said(page)
    assert (number in told, "Ван Шили" in told, page.locator(".note-success").count()) == (True, False, 1)
    decider.goto(letter)
    decider.locator("#revoke summary").click()
    decider.fill("#revoke [name=reason]", "Визит перенесён.")
    press(decider, "Отозвать", "#revoke")
    stranger.go(f"/verify/{code}")
    assert "отозван" in said(page, ".note-error")
    assert "Визит перенесён." not in said(page)
    page.goto(f"{stranger.address}/verify/AAAA-AAAA-AAAA")
    assert page.locator(".note-warning").count() == 1


@pytest.mark.usefixtures("worker")
def test_letter_to_zhenjiangs_mayor_takes_the_translators_accepted_chinese(
    enter: Enter, desk: Callable[..., Any], scan: Path, tmp_path: Path
) -> None:
    officer, marina, manager = enter("coordinator"), enter("translator"), enter("manager")
    page = papers_tab(officer, "Визит делегации города Чжэньцзян", "Документы")
    letter = ordered(page)
    order = page.url

    work = marina.go("/translations")
    work.locator("#available tr", has_text="О направлении приглашения").get_by_role("button").click()
    source = kept(work, work.get_by_role("link", name=re.compile("Текст для перевода")), tmp_path / "letter.docx")
    assert source.suffix == ".docx"
    work.set_input_files("#f-result_file", translated(source, tmp_path / "信函.docx"))
    press(work, "Сдать", "#submit")

    page.goto(order)
    press(page, "Принять", "#accept")
    press(page, "Показать изменения", "#into-paper")
    told = said(page, "#difference")
    chinese = [part for words in CHINESE.values() for part in re.split(r"\t|\n", words)]
    assert [words for words in chinese if words not in told] == []
    press(page, "Сохранить как текст документа", "#difference")
    assert page.url == letter
    assert "Перевод стал текстом документа." in said(page)
    sheet = said(page, "#text-zh .paper-sheet")
    assert [words for words in chinese if words not in sheet] == []
    press(page, "Передать на утверждение", "#submit")

    decider = manager.go(letter.removeprefix(manager.address))
    decider.locator("#approve").get_by_label("Из нашего ряда номеров").check()
    press(decider, "Утвердить", "#approve")
    assert "Утверждено. Файлы готовятся." in said(decider)
    until(page, letter, lambda words: "готовятся" not in words)
    number = re.search(r"\b\d\d-\d\d/\d+", said(page, "#paper"))
    assert number
    code = re.search(r"/verify/([\w-]+)", page.content())
    assert code
    stranger = desk()
    stranger.go(f"/verify/{code[1]}")
    assert "ещё не подписан" in said(stranger.page)
    page.set_input_files("#sign [name=scan]", scan)
    press(page, "Отметить подписание", "#sign")
    pdf = kept(page, page.locator("#text-zh").get_by_role("link", name=re.compile("^PDF")), tmp_path / "zh.pdf")
    words = printed(pdf).replace(" ", "")
    assert [line for line in chinese if line not in words] == []
    assert number[0] in words
    assert "本文件真伪可通过以下网址核验" in words
    verified(stranger, decider, letter, code[1], number[0])


def agree(window: Any, address: str, decision: str, remark: str = "") -> None:
    """Open a paper from the desk and write a decision on its approval sheet."""
    page = window.go("/")
    page.locator(f"main a[href='{address}']").first.click()
    page.locator("#checks").get_by_label(decision, exact=True).check()
    page.fill("#f-check-remark", remark)
    press(page, "Записать в лист" if page.get_attribute("html", "lang") == "ru" else "Write on the sheet", "#checks")


@pytest.mark.usefixtures("worker")
def test_order_on_receiving_kadikoy_is_checked_by_two_approved_and_numbered(enter: Enter, tmp_path: Path) -> None:
    officer, colleague, manager = enter("coordinator"), enter("coordinator2"), enter("manager")
    page = papers_tab(officer, "Визит делегации Кадыкёя", "Документы")
    page.select_option("#draft [name=kind]", label="Распоряжение о приёме делегации")
    press(page, "Составить проект", "#draft")
    order = page.url
    address = OF_A_PAPER.search(order)[0]  # type: ignore[index]
    page.locator("#submit summary").click()
    names = page.locator("#f-checker-0 option").all_inner_texts()
    chosen = [next(name for name in names if name.startswith(family)) for family in ("Гречко", "Соколова")]
    page.select_option("#f-checker-0", label=chosen[0])
    page.select_option("#f-checker-1", label=chosen[1])
    page.locator("#submit").get_by_label("По очереди, в этом порядке").check()
    press(page, "Передать на утверждение", "#submit")
    agree(colleague, address, "I agree")
    agree(manager, address, "Согласовано с замечанием", "Проверить, что переводчик назначен.")
    decider = manager.page
    assert "Проверить, что переводчик назначен." in said(decider, "#checks")
    decider.locator("#approve").get_by_label("Из нашего ряда номеров").check()
    press(decider, "Утвердить", "#approve")
    until(page, order, lambda words: "готовятся" not in words)
    page.screenshot(path=tmp_path / "order.png", full_page=True)
    pdf = kept(page, page.locator("#text-ru").get_by_role("link", name=re.compile("^PDF")), tmp_path / "order.pdf")
    docx = kept(page, page.locator("#text-ru").get_by_role("link", name=re.compile("^DOCX")), tmp_path / "order.docx")
    words, written = printed(pdf), " ".join(text_of(docx).replace("\xa0", " ").split())
    for told in (words, written):
        assert "РАСПОРЯЖЕНИЕ" in told
        assert "официальную делегацию муниципалитета Кадыкёй (Стамбул, Турция) в составе 4 человек" in told
        assert "консультанта отдела международных и межрегиональных связей Морозову Анну Игоревну" in told
    sheet = page.locator("#checks").get_by_role("link", name="Лист согласования PDF")
    words = printed(kept(page, sheet, tmp_path / "sheet.pdf"))
    assert [told for told in ("Гречко", "Соколова", "с замечанием") if told not in words] == []


TWELVE = (
    ("Кадыров Хамзат Ильясович", "мэр", "Мэрия города Грозного", "Грозный", "ru", "м"),
    ("Иванова Мария Петровна", "глава города", "Администрация города Омска", "Омск", "ru", "ж"),
    ("Лев Сергей Олегович", "глава города", "Администрация города Пятигорска", "Пятигорск", "ru", "м"),
    ("Коваленко Анна Юрьевна", "председатель", "Симферопольский городской совет", "Симферополь", "ru", "ж"),
    ("Бероев Хетаг Маратович", "мэр", "Администрация города Владикавказа", "Владикавказ", "ru", "м"),
    ("Ким Игорь Львович", "глава города", "Администрация города Элисты", "Элиста", "ru", "м"),
    ("Ayşe Örnek", "Mayor", "Kadıköy Municipality", "Kadıköy", "en", "f"),
    ("Wang Shili", "Mayor", "Zhenjiang Municipal Government", "Zhenjiang", "en", "m"),
    ("Jean-Édouard Spécimen", "Mayor", "City of Béziers", "Béziers", "en", "m"),
    ("Todor Obraztsov", "Mayor", "Pazardzhik Municipality", "Pazardzhik", "en", "m"),
    ("María Muñoz", "Mayor", "Municipality of Temuco", "Temuco", "en", "f"),
    ("Elénī Parádeigma", "Mayor", "Municipality of Patras", "Patras", "en", "f"),
)


def list_of_twelve(path: Path) -> Path:
    """Write the list of recipients as a spreadsheet program saves it."""
    lines = ["ФИО;Должность;Организация;Город;Язык;Пол;Почта"]
    lines += [f"{';'.join(row)};mayor{number}@city.example" for number, row in enumerate(TWELVE, 1)]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


def to_mayors(mails: list[Any]) -> dict[str, Any]:
    """The newest mail to each mayor of the list."""
    newest = sorted(mails, key=sequence)
    return {mail["To"].addresses[0].addr_spec: mail for mail in newest if "mayor" in mail["To"].addresses[0].addr_spec}


def released(page: Any, tmp_path: Path) -> str:
    """Look at the first mail of the queue, then release all; gives the queue's address."""
    page.get_by_role("link", name=re.compile("Просмотреть сообщения и отправить")).click()
    queue = str(page.url)
    page.locator("#waiting tbody tr").nth(0).get_by_role("link").first.click()
    page.screenshot(path=tmp_path / "mail.png", full_page=True)
    assert "[[answer-link]]" in said(page, ".mail-words")
    page.goto(queue)
    page.get_by_role("button", name="Отправить все показанные").click()
    with page.expect_navigation():
        page.locator("dialog [data-answer=yes]").click()
    return queue


def sequence(mail: Any) -> int:
    """How often the calendar event of a mail was changed; -1 for a mail without one."""
    events = [part.get_content() for part in mail.walk() if part.get_filename("").endswith(".ics")]
    if not events:
        return -1
    told = events[0] if isinstance(events[0], str) else events[0].decode()
    return int(re.search(r"SEQUENCE:(\d+)", told)[1])  # type: ignore[index]


@pytest.mark.usefixtures("worker")
def test_city_day_invitations_to_twelve_cities_are_decided_once_and_answered(
    enter: Enter, outbox: Callable[[], list[Any]], tmp_path: Path, desk: Callable[..., Any]
) -> None:
    officer, manager = enter("coordinator"), enter("manager")
    page = papers_tab(officer, "День города Ставрополя", "Документы")
    page.get_by_role("link", name="Рассылки документов").click()
    page.fill("#new [name=title]", "Двенадцать городов")
    press(page, "Начать", "#new")
    batch = page.url
    page.get_by_role("link", name="Загрузить список").click()
    page.set_input_files("#hand-in [name=file]", list_of_twelve(tmp_path / "список.csv"))
    press(page, "Прочитать список", "#hand-in")
    assert page.locator("#preview tbody tr").count() == 12
    press(page, "Добавить этих адресатов", "#preview")
    press(page, "Проверить и составить проекты", "#batch")
    until(page, batch, lambda told: "Передать на утверждение" in told)
    press(page, "Передать на утверждение", "#batch")
    decider = manager.go("/")
    until(page, batch, lambda told: "Ждёт утверждения" in told)
    decider.goto(batch)
    press(decider, "Утвердить все", "#decide")
    until(page, batch, lambda told: "Все письма одним файлом PDF для печати" in told)
    page.screenshot(path=tmp_path / "batch.png", full_page=True)
    pdf = kept(page, page.get_by_role("link", name="Все письма одним файлом PDF для печати"), tmp_path / "all.pdf")
    packed = kept(page, page.get_by_role("link", name="Все письма отдельными файлами (ZIP)"), tmp_path / "all.zip")
    words = printed(pdf)
    assert "Кадырову Хамзату Ильясовичу" in words.replace("\xa0", " ")
    with zipfile.ZipFile(packed) as letters:
        assert sorted(name.split("/")[0] for name in letters.namelist()) == ["en"] * 6 + ["ru"] * 6
    press(page, "Все письма подписаны", "#sign")
    until(page, batch, lambda told: "Подготовить сообщения" in told)
    press(page, "Подготовить сообщения", "#batch")
    until(page, batch, lambda told: "(12)" in told)
    queue = released(page, tmp_path)
    until(page, queue, lambda _told: len(to_mayors(outbox())) == 12)
    mails = to_mayors(outbox())
    text = mails["mayor7@city.example"].get_body().get_content()
    link = re.search(r"/answer/[\w-]+", text)
    assert link
    mayor = desk().go(link[0])
    mayor.get_by_label(re.compile("Принимаю приглашение|I accept with pleasure")).check()
    with mayor.expect_navigation():
        mayor.get_by_role("button", name=re.compile("Отправить ответ|Send the answer")).click()
    page.goto(batch)
    assert "Приедет" in page.locator("#recipients tr", has_text="Ayşe Örnek").inner_text()

    page.get_by_role("link", name="Обзор", exact=True).click()
    page.get_by_role("link", name="Изменить даты").first.click()
    press(page, "На неделю позже")
    press(page, "Изменить даты и уведомить")
    until(page, page.url, lambda _told: sequence(to_mayors(outbox())["mayor7@city.example"]) == 1)
    assert sequence(mails["mayor7@city.example"]) == 0


@pytest.mark.usefixtures("worker")
def test_wording_is_corrected_previewed_put_into_use_and_returned_to(enter: Enter) -> None:
    colleague, manager = enter("coordinator2"), enter("manager")
    page = colleague.go("/")
    page.get_by_role("link", name="Wording", exact=True).click()
    page.locator("tr", has=page.get_by_role("rowheader", name="Letter of thanks", exact=True)).get_by_role(
        "link", name=re.compile("^English")).click()
    editor = page.url
    text = page.locator("#f-text").input_value()
    page.locator("#wording-preview .paper-sheet").wait_for()
    with page.expect_response(re.compile("/preview")) as shown:
        page.select_option("#f-visit", label="Visit of the Kadıköy delegation")
    shown.value.finished()
    wrong = text.replace("::: closing", "We shall remember {{ visit.purpse|lower_first }}.\n\n::: closing")
    page.fill("#f-text", wrong)
    page.locator("#wording-preview .authoring-faults").wait_for()
    line = wrong[:wrong.index("visit.purpse")].count("\n") + 1
    told = said(page, "#wording-preview")
    assert f"ine {line}" in told
    assert "visit.purpose" in told
    page.fill("#f-text", wrong.replace("purpse", "purpose"))
    page.locator("#wording-preview .paper-sheet", has_text="We shall remember").wait_for()
    page.fill("#f-remark", "A warmer end")
    press(page, "Save as a draft")
    decider = manager.go(editor.removeprefix(manager.address))
    decider.locator("#versions").get_by_role("link", name="версия 1", exact=True).click()
    activate(decider, "Ввести в действие")
    assert "We shall remember" in thanks(colleague)
    decider.goto(editor)
    decider.locator("#versions").get_by_role("link", name="исходный текст", exact=True).click()
    activate(decider, "Вернуться к этой версии")
    assert "We shall remember" not in thanks(colleague)


def activate(page: Any, button: str) -> None:
    """Put a version into use and say yes."""
    page.locator("#version").get_by_role("button", name=button).click()
    with page.expect_navigation():
        page.locator("dialog [data-answer=yes]").click()


def thanks(window: Any) -> str:
    """Draft a letter of thanks in English and read it."""
    page = papers_tab(window, "Visit of the Kadıköy delegation", "Papers")
    page.select_option("#draft [name=kind]", label="Letter of thanks")
    page.locator("#draft").get_by_label("English").check()
    press(page, "Write the draft", "#draft")
    return said(page, "#text-en .paper-sheet")


LONG_POST = ("deputy head of the directorate of international and interregional relations " * 5)[:300]


@pytest.mark.usefixtures("worker")
def test_bad_input_gets_a_clear_word(enter: Enter, tmp_path: Path) -> None:
    colleague = enter("coordinator2")
    page = papers_tab(colleague, "Stavropol City Day", "Papers")
    page.get_by_role("link", name="Batches of papers").click()
    page.fill("#new [name=title]", "Hard cases")
    press(page, "Begin", "#new")
    page.get_by_role("link", name="Hand in a list").click()
    path = tmp_path / "hard.csv"
    path.write_text("Name;Post;Organisation;City;Language\n" + "\n".join((
        f"Sukarno;{LONG_POST};City Hall;Omsk;en", "王示例;Mayor;City Hall;Omsk;en", "Никто;мэр;Мэрия;Омск;zh",
        ";Mayor;City Hall;Omsk;en")), encoding="utf-8")
    page.set_input_files("#hand-in [name=file]", path)
    press(page, "Read the list", "#hand-in")
    press(page, "Add these recipients", "#preview")
    page.screenshot(path=tmp_path / "hard.png", full_page=True)
    rows = page.locator("#recipients tbody tr")
    assert [rows.nth(number).locator(".row-fault").all_inner_texts() for number in range(4)] == [
        [], ["“王示例” cannot stand in a letter in this language: English. Write it in its letters."],
        ["This paper is not worded in this language: Chinese. Choose another one."],
        ["Enter the name of the person whom the paper goes to."]]

    page = colleague.go("/wordings/letter-thanks/en")
    page.fill("#f-text", page.locator("#f-text").input_value() + "\nOne line more.\n")
    page.locator("#wording-preview .paper-sheet", has_text="One line more.").wait_for()
    press(page, "Save as a draft")
    page.locator("#versions").get_by_role("link", name="version 1", exact=True).click()
    version = page.url
    page.locator("#version").get_by_role("button", name="Delete").click()
    with page.expect_navigation():
        page.locator("dialog [data-answer=yes]").click()
    page.goto(version)
    assert "Version 1 was deleted. Papers drafted from it keep their text." in said(page)
