"""Consent as a separate, versioned text: a new wording is a new version, the old one stays for whoever gave it."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.guests.test_personal_links import House, text_of
from workflow.base import clock
from workflow.base.unit_of_work import commit
from workflow.guests import consents
from workflow.guests.models import GuestConsent
from workflow.guests.rules import AUTONYMS

OLD = "2026-11"


@pytest.fixture
def house(make: Any, session: Session, app: Flask) -> House:
    return House(make, session, app)


def test_chinese_consent_names_the_operator_as_the_law_does(house: House) -> None:
    page = text_of(house.entered(house.member, "zh").get("/guest/consent"))
    assert page.count("个人信息处理者") == 2
    assert "经营者" not in page
    assert f"{consents.VERSION}" in page


def test_who_gave_an_older_text_is_shown_that_one_until_it_is_withdrawn(house: House) -> None:
    words = consents.consent_text(house.session, "zh", OLD)
    house.session.add(GuestConsent(member_id=house.member.id, text_version=OLD, language="zh", given_at=clock.now(),
                                   text_hash=hashlib.sha256(words.encode()).hexdigest()))  # fmt: skip
    commit(house.session)
    browser = house.entered(house.member, "zh")
    before = text_of(browser.get("/guest/consent"))
    assert words.split("\n\n")[0] in before
    assert ("个人信息处理者" in before, f"版本：{OLD}<" in before.replace(" ", "")) == (False, True)
    assert browser.post("/guest/consent/withdraw").status_code == 303
    assert "个人信息处理者" in text_of(browser.get("/guest/consent"))
    assert browser.post("/guest/consent", {"version": consents.VERSION, "agreed": "1"}).status_code == 303
    kept = house.session.execute(select(GuestConsent.text_version, GuestConsent.withdrawn_at.is_(None))
                                 .order_by(GuestConsent.id)).all()  # fmt: skip
    assert [tuple(row) for row in kept] == [(OLD, False), (consents.VERSION, True)]


def test_each_version_has_a_text_in_every_language() -> None:
    versions = sorted(folder.name for folder in consents.TEXTS.iterdir())
    assert versions == [OLD, consents.VERSION]
    for version in versions:
        assert sorted(file.stem for file in (consents.TEXTS / version).iterdir()) == sorted(AUTONYMS)
