"""The administration, the Duma, a school: each issues papers in its own name."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.orm import Session

from tests.office.test_office import set_up, signatory
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from workflow.base.files import Upload, read_file
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import unit_of_work
from workflow.office import bodies, facts, queries, service
from workflow.office.arms import clean_arms
from workflow.office.models import IssuingBody
from workflow.office.numbers import add_series, change_series, set_next_number, take_number

SVG = b"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10" onload="x()">
<defs><path id="p" d="M0 0h5v5z"/></defs><use xlink:href="#p" fill="red"/><rect width="3" height="3"/></svg>"""

OPEN = b'<svg xmlns="http://www.w3.org/2000/svg">'
NESTED = OPEN + b'<g id="a"><use href="#b"/></g><g id="b"><path d="M0 0"/></g><use href="#a"/></svg>'
DEEP = OPEN + b"<g>" * 9000 + b"</g>" * 9000 + b"</svg>"


def picture(kind: str, size: tuple[int, int] = (60, 80), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **options)
    return out.getvalue()


def duma(session: Session, **values: Any) -> IssuingBody:
    with unit_of_work(session):
        return bodies.add_body(session, SYSTEM, clock.now(), **({
            "name_ru": "Ставропольская городская Дума", "name_en": "Stavropol City Duma",
            "letterhead_ru": "СТАВРОПОЛЬСКАЯ ГОРОДСКАЯ ДУМА", "kinds": ["letter-thanks"], "languages": ["ru"],
        } | values))  # fmt: skip


def test_each_body_answers_for_itself(session: Session) -> None:
    set_up(session)
    first = queries.issuing_body(session)
    assert first is not None
    ours = signatory(session)
    second = duma(session)
    theirs = signatory(session, name_ru="Петров Пётр Петрович", post_ru="Председатель", issuing_body_id=second.id)
    assert (ours.is_default, theirs.is_default) == (True, True)
    known = [
        facts.collect(session, FactScope(1, "ru", clock.now(), issuing_body=body_id))
        for body_id in (None, first.id, second.id)
    ]
    assert [each["letterhead"]["ru"] for each in known] == [
        ["АДМИНИСТРАЦИЯ", "ГОРОДА СТАВРОПОЛЯ"], ["АДМИНИСТРАЦИЯ", "ГОРОДА СТАВРОПОЛЯ"],
        ["СТАВРОПОЛЬСКАЯ ГОРОДСКАЯ ДУМА"],
    ]  # fmt: skip
    assert [each["signatory"]["post"]["ru"] for each in known] == ["Глава города", "Глава города", "Председатель"]


def test_kind_chooses_the_body_unless_a_person_does(session: Session) -> None:
    set_up(session)
    first, second = queries.issuing_body(session), duma(session)
    assert first is not None
    chosen = [
        queries.issuing_body(session, kind="letter-thanks"), queries.issuing_body(session, kind="invitation"),
        queries.issuing_body(session, first.id, kind="letter-thanks"),
    ]  # fmt: skip
    assert chosen == [second, first, first]


def test_numbers_of_two_bodies_run_apart(session: Session) -> None:
    set_up(session)
    second = duma(session)
    with unit_of_work(session):
        set_next_number(session, SYSTEM, clock.now(), "outgoing", 2027, 40, body_id=second.id)
        row = queries.series_of(session, "outgoing", second.id)
        assert row is not None
        change_series(session, SYSTEM, clock.now(), row.id, {"pattern": "Д-{n}"})
        taken = [
            take_number(session, clock.now(), "outgoing", 2027, body_id=body_id).text
            for body_id in (None, second.id, second.id, None)
        ]
    assert taken == ["1", "Д-40", "Д-41", "2"]
    with pytest.raises(Conflict):
        add_series(session, SYSTEM, clock.now(), key="outgoing", title_ru="Письма", pattern="{n}", body_id=second.id)
    with pytest.raises(NotFound):
        take_number(session, clock.now(), "outgoing", body_id=second.id + 9)


def test_what_was_entered_before_the_first_body_becomes_its_own(session: Session) -> None:
    early = signatory(session)
    with pytest.raises(Conflict) as refused:
        duma(session)
    assert refused.value.code == "office.not-set-up"
    session.rollback()
    set_up(session)
    session.refresh(early)
    first = queries.issuing_body(session)
    assert first is not None
    assert early.issuing_body_id == first.id


def test_retired_body_issues_nothing_new_and_the_last_one_stays(session: Session) -> None:
    set_up(session)
    first = queries.issuing_body(session)
    assert first is not None
    with pytest.raises(Conflict) as refused:
        bodies.retire_body(session, SYSTEM, clock.now(), first.id)
    assert refused.value.code == "office.last-body"
    second = duma(session)
    with unit_of_work(session):
        bodies.retire_body(session, SYSTEM, clock.now(), first.id)
    assert queries.issuing_body(session) == second
    assert queries.issuing_body(session, first.id) == first


def test_wrong_values_of_a_body_are_named_together(session: Session, make: Any) -> None:
    set_up(session)
    with pytest.raises(Invalid) as refused:
        duma(session, name_ru="", name_en="", email="nobody", languages=["русский"], kinds=["x" * 41])
    assert {problem.field for problem in refused.value.problems} == {"name_ru", "email", "languages", "kinds"}
    with pytest.raises(Forbidden):
        bodies.add_body(session, make.actor(Role.COORDINATOR), clock.now(), name_ru="Дума")
    with pytest.raises(Invalid):
        service.add_signatory(session, SYSTEM, clock.now(), name_ru="И", post_ru="П", issuing_body_id=77)


def test_pictures_are_drawn_anew_without_what_hid_in_them(session: Session) -> None:
    note = PngInfo()
    note.add_text("Comment", "secret place")
    for kind, options in (("PNG", {"pnginfo": note}), ("JPEG", {"comment": b"secret place"})):
        data = picture(kind, (3000, 2000), **options)
        assert b"secret place" in data
        clean, media_type, _ = clean_arms(Upload("arms", data + b"<?php secret place"))
        assert b"secret place" not in clean
        assert media_type == f"image/{kind.lower()}"
        assert max(Image.open(BytesIO(clean)).size) == 1000


def test_svg_keeps_shapes_and_loses_what_runs_or_loads() -> None:
    hostile = SVG.replace(
        b"</svg>",
        b'<script>x()</script><a href="http://x"><path d="M0 0"/></a><set attributeName="x"/>'
        b'<use href="http://x/a.svg#a"/><rect style="fill:url(http://x/y)" fill="url( \'http://x\')" width="9"/>'
        b"<style>@import 'http://x';</style><style>.a{fill:url(#p)}</style></svg>",
    )
    text = clean_arms(Upload("arms.svg", hostile))[0].decode()
    assert [part for part in ("http://x", "script", "onload", "@import", "<set", "<a ") if part in text] == []
    assert [part for part in ('d="M0 0h5v5z"', '"#p"', 'fill="red"', ".a{fill:url(#p)}") if part not in text] == []


@pytest.mark.parametrize(("data", "code"), [
    (b"", "base.file-empty"), (b"no picture", "base.file-type"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "office.arms-unreadable"), (b"<svg onload=alert(1)>", "office.arms-unreadable"),
    (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "office.arms-unreadable"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><text>A</text></svg>', "office.arms-parts"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "office.arms-unreadable"),
    (NESTED, "office.arms-unreadable"), (DEEP, "office.arms-unreadable"),
    (picture("PNG", (5000, 4000)), "office.arms-size"),
])  # fmt: skip
def test_bad_pictures_are_refused_beside_their_field(data: bytes, code: str) -> None:
    with pytest.raises((Invalid, TooLarge)) as refused:
        clean_arms(Upload("arms.svg", data))
    assert (refused.value.code, refused.value.field) == (code, "arms")


def test_administrator_enters_a_body_with_arms_in_the_browser(
    client_as: Callable[..., Any], session: Session
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    assert "/admin/office" in admin.get("/admin/office/bodies").text
    office = {"name_ru": "администрация города Омска", "country": "RU", "zone": "Asia/Omsk", "pack_key": "ru-municipal"}
    assert admin.post("/admin/office", office).status_code == 303
    wrong = admin.post("/admin/office/bodies/new", {"name_ru": "", "languages": ["ru", "немецкий"]})
    assert wrong.status_code == 422
    fields = {"name_ru": "Омский городской Совет", "languages": ["ru", "en"], "kinds": ["letter-thanks", "invitation"]}
    assert admin.post("/admin/office/bodies/new", fields).headers["Location"].endswith("/admin/office/bodies/2")
    page = admin.get("/admin/office/bodies/2").text
    assert re.findall(r'name="languages" value="(\w+)" checked', page) == ["ru", "en"]
    assert sorted(re.findall(r'name="kinds" value="([\w-]+)" checked', page)) == ["invitation", "letter-thanks"]
    assert "Благодарственное письмо" in page  # kinds and languages are chosen by name, never typed as codes
    assert admin.post("/admin/office/bodies/2", {**fields, "city_ru": "Омск", "version": "1"}).status_code == 303
    assert admin.post("/admin/office/bodies/2", {**fields, "city_ru": "Томск", "version": "1"}).status_code == 409
    sent = {"arms": (BytesIO(SVG), "arms.svg")}
    assert admin.post("/admin/office/bodies/2/arms", sent, content_type="multipart/form-data").status_code == 303
    offered = admin.get("/admin/office/bodies/2/arms")
    assert offered.headers["Content-Disposition"].startswith("attachment")
    assert b"onload" not in offered.data
    body = session.get(IssuingBody, 2)
    assert body is not None
    assert body.arms_file_id is not None
    assert read_file(session, body.arms_file_id)[0].media_type == "image/svg+xml"
    session.rollback()
    assert admin.get("/admin/office/bodies/1/arms").status_code == 404
    signed = {"name_ru": "Иванова Мария", "post_ru": "Председатель", "issuing_body_id": "2"}
    assert 'value="2" selected' in admin.get("/admin/office/signatories/new?body=2").text
    assert admin.post("/admin/office/signatories/new", signed).status_code == 303
    assert "Омский городской Совет" in admin.get("/admin/office/signatories").text
    assert "Иванова Мария" in admin.get("/admin/office/bodies/2").text
    added = {"key": "certificates", "title_ru": "Справки", "pattern": "С-{n}", "issuing_body_id": "2"}
    assert admin.post("/admin/office/numbers", added).status_code == 303
    assert queries.series_of(session, "certificates", 2) is not None
    assert queries.series_of(session, "certificates", 1) is None
    session.rollback()
    assert admin.post("/admin/office/bodies/1/retire").status_code == 303
    assert admin.post("/admin/office/bodies/2/retire").status_code == 409
