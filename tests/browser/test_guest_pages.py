"""Guests' and clerks' pages at phone size: nothing serious for axe, nothing wider than the phone, right languages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.unit_of_work import commit
from workflow.guests.links import issue_link


@pytest.mark.parametrize(("language", "button"), [("zh", "打开我的页面"), ("ru", "Открыть мою страницу")])
def test_pages_behind_a_link_are_accessible_and_fit_a_phone(
    desk: Callable[..., Any], make: Any, session: Any, language: str, button: str
) -> None:
    visit = make.visit(arrival=date(2027, 5, 12))
    member = make.member(visit)
    paths = [issue_link(session, SYSTEM, clock.now(), visit, who, language=language).address.rpartition("/")[2]
             for who in (member, None)]  # fmt: skip
    commit(session)
    found: dict[str, Any] = {}
    for token, pages in zip(paths, (("/guest", "/guest/data", "/guest/passport", "/guest/answer", "/guest/consent"),
                                    ("/clerk", "/clerk/new", f"/clerk/members/{member.id}")), strict=True):  # fmt: skip
        window = desk(width=390)
        window.go(f"/g/{token}")
        found["link"] = window.findings()
        window.page.get_by_role("button", name=button).click()
        window.page.wait_for_url("**" + pages[0])
        for path in pages:
            page = window.go(path)
            assert page.get_attribute("html", "lang") == language
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            found[path] = window.findings()
    staff = desk(make.account(language="ru"), width=390)
    staff.go(f"/visits/{visit.id}/links")
    found["staff"] = staff.findings()
    assert staff.page.evaluate("document.documentElement.scrollWidth") <= 390
    staff.page.get_by_role("button", name="Показать новую ссылку").first.click()
    staff.page.locator(".long-address").wait_for()
    assert staff.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert {path: faults for path, faults in found.items() if faults} == {}
