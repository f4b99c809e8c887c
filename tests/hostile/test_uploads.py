"""Files that are not what they say: refused by their bytes, kept under our own names, never read past the limit."""

import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.hostile.conftest import row_counts
from tests.hostile.test_pages import Act, Forms, addresses, method_of
from workflow.base.files import SUFFIXES, StoredFile
from workflow.base.settings import Settings

FILE_FIELD = re.compile(r'<input[^>]*type="file"[^>]*>')
PAGES = ("/requests/new", "/requests/<int:request_id>/edit", "/visits/<int:visit_id>",
         "/admin/office/bodies/<int:body_id>",
         "/visits/<int:visit_id>/members/import", "/visits/<int:visit_id>/translations/new", "/papers/<int:paper_id>",
         "/translations/<int:assignment_id>", "/translations/<int:assignment_id>/edit",
         "/visits/<int:visit_id>/visas/<int:case_id>/items/<int:item_id>")
"""The pages whose forms take files."""
NAME = re.compile(r'name="(\w+)"')
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def zipped(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def bomb(main: str) -> bytes:
    """An office file of some hundred kilobytes that unpacks to 120 megabytes."""
    return zipped({"[Content_Types].xml": b"<Types/>", main: b"<x>" + b" " * 120_000_000 + b"</x>"})


HOSTILE = {
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "svg as png": ("a.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    "html": ("a.html", b"<!doctype html><script>alert(1)</script>"),
    "html as pdf": ("a.pdf", b"\xef\xbb\xbf  \n<html><script>alert(1)</script>"),
    "program": ("a.pdf", b"MZ\x90\x00" + b"\0" * 200),
    "shell": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "empty": ("a.pdf", b""),
    "plain zip": ("a.docx", zipped({"evil.js": b"alert(1)"})),
    "broken zip": ("a.xlsx", b"PK\x03\x04" + b"\xff" * 500),
    "nul": ("a.csv", b"\0" * 1000),
}
"""What no page takes, whatever it is called."""
DOUBTFUL = {
    "polyglot": ("a.html", PDF + b"<html><script>alert(1)</script></html>"),
    "cut pdf": ("a.pdf", PDF[:20]),
    "long name": ("Ж" * 5000 + ".pdf", PDF),
    "path": ("../../../../etc/passwd", PDF),
    "windows path": ("..\\..\\boot.ini\x00.pdf", PDF),
    "header": ('a"; filename="evil.html\r\nX-Evil: 1', PDF),
    "override": ("photo\u202efdp.exe", PDF),
    "cp1251": ("список.csv", "Фамилия;Имя\nИванов;Иван\n".encode("cp1251")),
    "bad text": ("a.csv", b"a;b\n\xff\xfe\x00\xd8;" + b"\x80" * 50),
    "cut utf-16": ("a.csv", "a;b\nc;d".encode("utf-16")[:-1]),
    "wide": ("a.csv", b";" * 200_000),
    "tall": ("a.csv", b"a;b\n" * 60_000),
    "quotes": ("a.csv", b'"' * 100_000),
}
"""What some page may take; then it is kept under a clean name, with its true type."""


class Doors:
    """The forms that take a file, found on the pages that hold them."""

    def __init__(self, app: Flask, session: Session, browser: Client) -> None:
        self.app, self.session, self.browser = app, session, browser
        self.found: dict[str, tuple[Act, str]] = {}
        match = app.url_map.bind("localhost")
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if method_of(rule) != "GET" or rule.rule not in PAGES:
                continue
            for url in addresses(session, rule, most=10):
                page = browser.get(url)
                if page.mimetype != "text/html" or 'type="file"' not in (text := page.get_data(as_text=True)):
                    continue
                for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
                    field = FILE_FIELD.search(form)
                    if field:
                        (act,) = Forms(form, url).acts
                        endpoint = match.match(act.action.split("?")[0].split("#")[0], method="POST")[0]
                        named = NAME.search(field[0])
                        assert named is not None, url
                        self.found.setdefault(endpoint, (act, named[1]))

    def post(self, act: Act, field: str, name: str, data: bytes) -> Any:
        """Send a file with what else the form holds."""
        values = {key: (given or [""])[0] for key, given in act.fields.items() if key != "csrf_token"}
        return self.browser.post(act.action, values | {field: (io.BytesIO(data), name)},
                                 content_type="multipart/form-data")


@pytest.fixture
def doors(app: Flask, session: Session, browser: Client) -> Doors:
    """All forms that take a file."""
    return Doors(app, session, browser)


def kept(session: Session) -> list[StoredFile]:
    """Read the rows of all files."""
    rows = list(session.scalars(select(StoredFile).execution_options(populate_existing=True)))
    session.expunge_all()  # read again after a rollback, a row would hold the write lock
    session.rollback()
    return rows


def test_every_upload_judges_bytes_and_keeps_nothing_of_what_it_refuses(doors: Doors, session: Session) -> None:
    assert {"lists.receive", "visits.register_request", "issuing_bodies.arms"} <= set(doors.found)
    faults = []
    for endpoint, (act, field) in doors.found.items():
        for what, (name, data) in HOSTILE.items():
            before = row_counts(session)
            answer = doors.post(act, field, name, data)
            after = row_counts(session)
            if answer.status_code >= 500 or (answer.status_code >= 400 and before != after):
                faults.append((endpoint, what, answer.status_code))
            if after["stored_file"] != before["stored_file"]:
                faults.append((endpoint, what, "kept"))
    assert faults == []


@pytest.mark.slow
def test_every_upload_survives_doubtful_files_and_bombs(doors: Doors, session: Session) -> None:
    faults = []
    bombs = {"xlsx bomb": ("a.xlsx", bomb("xl/workbook.xml")), "docx bomb": ("a.docx", bomb("word/document.xml"))}
    for endpoint, (act, field) in doors.found.items():
        for what, (name, data) in (DOUBTFUL | bombs).items():
            before, files = row_counts(session), {row.id for row in kept(session)}
            answer = doors.post(act, field, name, data)
            if answer.status_code >= 500 or (answer.status_code >= 400 and before != row_counts(session)):
                faults.append((endpoint, what, answer.status_code))
            for row in kept(session):
                if row.id in files:
                    continue
                if (what in bombs or len(row.name) > 160 or not row.name.endswith(SUFFIXES[row.media_type])
                        or re.search(r"[\\/\x00-\x1f\u202e\"]|\.\.", row.name)):
                    faults.append((endpoint, what, row.name[:80]))
    assert faults == []


class Flow(io.RawIOBase):
    """A body of 200 megabytes that counts how much of it was taken."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left, self.taken = head, size, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give the next part."""
        part = self.head[:len(buffer)] or b"x" * min(len(buffer), self.left)
        self.head = self.head[len(part):]
        buffer[:len(part)] = part
        self.left -= len(part)
        self.taken += len(part)
        return len(part)


@pytest.fixture
def flow() -> Flow:
    """A file of 200 megabytes on its way."""
    head = b'--edge\r\nContent-Disposition: form-data; name="scan"; filename="a.pdf"\r\n\r\n'
    return Flow(head, 200 * 1024 * 1024)


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("url", ["/requests/new", "/visits/1/members/import", "/ask", "/sign-in"])
def test_body_of_200_megabytes_is_refused_without_being_read(
    app: Flask, browser: Client, settings: Settings, flow: Flow, url: str, announced: bool
) -> None:
    length = {"CONTENT_LENGTH": str(flow.left)} if announced else {"wsgi.input_terminated": True}
    answer = browser.raw.post(url, content_type="multipart/form-data; boundary=edge",
                              headers={"X-CSRFToken": browser.token()}, environ_overrides=length | {"wsgi.input": flow})
    assert answer.status_code == 413
    assert flow.taken <= (0 if announced else settings.max_upload + 2 * 1024 * 1024)


def test_body_of_200_megabytes_is_refused_by_the_api(browser: Client, settings: Settings, flow: Flow) -> None:
    answer = browser.raw.post("/api/v1/requests", content_type="application/json",
                              headers={"X-CSRFToken": browser.token()},
                              environ_overrides={"wsgi.input": flow, "CONTENT_LENGTH": str(flow.left)})
    assert (answer.status_code, answer.mimetype, flow.taken) == (413, "application/problem+json", 0)
