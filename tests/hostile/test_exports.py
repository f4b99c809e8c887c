"""What a person typed never becomes a formula, a link or a command in a file that we give out."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import String, Text, select, update
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.hostile.conftest import keys_of
from workflow.base.database import Base
from workflow.base.encryption import EncryptedText
from workflow.base.unit_of_work import commit
from workflow.office.packs import pack_keys
from workflow.visits.models import Visit

FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1+1",
            "＝1+1", " =1+1", "%0A=1+1", "http://evil.example/", "'=1+1", "0012", "1e5", "=1+1\n=2")
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝")
OFFERED = re.compile(r"\.(xlsx|csv)$")
FREE = {"title_ru", "title_en", "place", "host_name", "name_ru", "name_en", "name_own", "city_ru", "city_en",
        "what", "note", "post_ru", "post_en", "organisation_ru", "organisation_en", "russian_family", "latin_family",
        "asking_body", "text", "subject", "body_ru", "body_en", "title"}
"""Columns that people type freely; keys, codes and states stay as they are."""


def poison(session: Session, formula: str) -> None:
    """Put a formula into everything that people type freely."""
    for table in Base.metadata.tables.values():
        if table.name in ("office", "process_definition", "job", "event", "mail", "paper_text"):
            continue
        typed = {column.name: formula for column in table.c if column.name in FREE and (
            type(column.type) in (String, Text) or isinstance(column.type, EncryptedText))}
        if typed:
            session.execute(update(table).values(typed))
    commit(session)


def exports(app: Flask) -> list[str]:
    """Give the addresses of every export of a table."""
    return sorted(
        re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda part: {"year": "2027", "visit_id": "1", "blank": "ru"}[part[1]],
               rule.rule)
        for rule in app.url_map.iter_rules() if OFFERED.search(rule.rule) and "GET" in (rule.methods or ())
    )


def cells(data: bytes) -> list[str]:
    """Read the texts of all cells of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
            if isinstance(cell, str)]


@pytest.mark.slow
@pytest.mark.parametrize("formula", FORMULAS)
def test_formula_comes_out_as_text_in_every_export(app: Flask, session: Session, browser: Client, formula: str) -> None:
    assert pack_keys()
    poison(session, formula)
    urls = exports(app)
    assert {"/visits/export.xlsx", "/reports/2027.xlsx"} <= set(urls)
    met = 0
    for url in urls:
        answer = browser.get(url)
        assert answer.status_code == 200, url
        assert "attachment" in answer.headers["Content-Disposition"], url
        if answer.mimetype == "text/csv":
            read: list[Any] = [cell for row in csv.reader(io.StringIO(answer.get_data(as_text=True))) for cell in row]
            assert [cell for cell in read if cell.startswith(STARTS)] == [], url
            continue
        data = answer.get_data()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            assert not [name for name in names if b"<f>" in parts.read(name) or b"<hyperlink" in parts.read(name)], url
            assert not [name for name in names if "external" in name.lower()], url
        typed = cells(data)
        assert [text for text in typed if text.startswith(STARTS)] == [], url
        met += sum(formula.strip() in text.replace("_x000D_", "\r") for text in typed)
    assert met > 0


def test_programme_file_takes_no_line_of_its_own(session: Session, browser: Client) -> None:
    items = Base.metadata.tables["programme_item"].c
    visit_id = session.scalars(select(items.visit_id)).first()
    evil = "Meeting\r\nATTENDEE:mailto:evil@evil.example\nEND:VEVENT"
    session.execute(update(items.id.table).values(title_ru=evil, title_en=evil))
    session.execute(update(Visit).values(title_ru="A\r\nMETHOD:CANCEL", title_en="A\r\nMETHOD:CANCEL"))
    commit(session)
    assert keys_of(session, "programme_item")
    answer = browser.get(f"/visits/{visit_id}/programme.ics?language=ru")
    assert answer.status_code == 200
    lines = answer.get_data(as_text=True).splitlines()
    assert [line for line in lines if line.startswith(("ATTENDEE", "METHOD"))] == []
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 0
