"""An empty installation, from its first administrator to a letter that is sent, without the demo."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD

OF_A_VISIT = re.compile(r"/visits/\d+$")
OF_A_PAPER = re.compile(r"/papers/\d+$")


def fill(page: Any, **values: str) -> None:
    """Fill fields by their names."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def send(page: Any, where: str = "main form") -> None:
    """Send a form and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(f"{where} button[type=submit]").last.click()


def said(page: Any) -> str:
    """Read the main part of a page, with plain spaces."""
    return str(page.locator("main").inner_text()).replace("\xa0", " ")


def set_up(page: Any) -> None:
    """Be the first administrator: name the office, who signs, and take all roles upon oneself."""
    fill(page, name_ru="Иванова Мария Петровна", name_en="Mariia Ivanova", email="ivanova@omsk.example",
         password=PASSWORD, again=PASSWORD)
    send(page)
    fill(page, name_ru="администрация города Омска", name_en="Administration of the City of Omsk", city_ru="Омск",
         city_en="Omsk", address_ru="г. Омск, ул. Примерная, 1", address_en="1 Primernaya Street, Omsk",
         letterhead_ru="АДМИНИСТРАЦИЯ ГОРОДА ОМСКА", letterhead_en="ADMINISTRATION OF THE CITY OF OMSK")
    page.select_option("[name=zone]", "Asia/Omsk")
    send(page, "main form.mb-3")
    page.get_by_role("link", name="Сегодня", exact=True).click()
    page.get_by_role("link", name="Укажите, кто подписывает документы").click()
    page.get_by_role("link", name="Новый подписант").first.click()
    fill(page, name_ru="Образцов Иван Петрович", name_en="Ivan Obraztsov", post_ru="Мэр города Омска",
         post_en="Mayor of Omsk")
    send(page)
    page.get_by_role("link", name="Сегодня", exact=True).click()
    page.get_by_role("link", name="Добавьте координатора").click()
    page.get_by_role("link", name="Иванова Мария Петровна").last.click()
    for role in ("coordinator", "manager"):
        page.check(f"[name=roles][value={role}]")
    send(page, "main form.mb-3")
    page.get_by_role("link", name="Сегодня", exact=True).click()
    assert "Подготовка к работе" not in said(page)


@pytest.mark.usefixtures("worker")
def test_empty_installation_carries_a_request_to_a_letter_sent(
    desk: Callable[..., Any], outbox: Callable[[], list[Any]]
) -> None:
    window = desk()
    page = window.go("/")
    if page.get_by_role("button", name="Русский").count():
        page.get_by_role("button", name="Русский").click()
    set_up(page)
    page.get_by_role("link", name="Партнёры", exact=True).click()
    page.get_by_role("link", name="Новый партнёр").first.click()
    fill(page, key="kadikoy", name_ru="муниципалитет Кадыкёй", name_en="Kadıköy Municipality", city_ru="Стамбул",
         city_en="Istanbul")
    page.select_option("[name=country]", "TR")
    send(page)
    page.goto(window.address + "/")
    page.get_by_role("link", name="Зарегистрировать обращение").click()
    fill(page, title_ru="Визит делегации Кадыкёя", title_en="Visit of the Kadıköy delegation",
         date_from="2027-05-12", date_to="2027-05-15", incoming_number="1", incoming_date="2027-03-12",
         purpose="обмен опытом", place="Омск")
    page.select_option("[name=partner_id]", label="муниципалитет Кадыкёй")
    send(page)
    page.goto(window.address + "/")
    with page.expect_navigation():
        page.locator("#decide").get_by_role("button", name="Принять").first.click()
    assert OF_A_VISIT.search(page.url)
    page.get_by_role("link", name="Документы", exact=True).click()
    page.select_option("[name=kind]", "invitation")
    page.check("[name=languages][value=ru]")
    send(page, "#draft form")
    assert OF_A_PAPER.search(page.url)
    letter = page.url
    assert "До утверждения нужны сведения" not in said(page)
    send(page, "form[action$='/submit']")
    page.locator("#approve [name=source][value=own]").check()
    send(page, "#approve form")
    for _ in range(60):
        page.goto(letter)
        if "Файлы документа готовятся" not in said(page):
            break
        page.wait_for_timeout(500)
    send(page, "#sign form")
    fill(page, to_name="Deniz Deneme", to_address="deniz@kadikoy.example", mail_text="Добрый день!")
    send(page, "#mail form")
    for _ in range(60):
        if "Отправлено" in said(page):
            break
        page.wait_for_timeout(500)
        page.reload()
    assert [[part.get_content_type() for part in mail.iter_attachments()] for mail in outbox()
            if mail["To"].addresses[0].addr_spec == "deniz@kadikoy.example"] == [["application/pdf", "text/calendar"]]
    assert "Номер\n1\n" in said(page)
