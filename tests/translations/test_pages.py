"""Pages and API of assignments, as their users meet them."""

import base64
from io import BytesIO
from typing import Any

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.translations.conftest import SPEECH, Stage
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.translations import queries, service
from workflow.translations.models import Assignment, TranslatorPair
from workflow.translations.rules import AssignmentState

S = AssignmentState
ORDER = {"title": "Речь главы", "source_language": "ru", "target_language": "tr", "purpose": "speech",
         "due_at": "2027-03-20T18:00", "text_user": "глава города", "names": "И. Ульянченко, глава города"}


def word_file(text: str) -> tuple[BytesIO, str]:
    """Make a Word file as a browser uploads it."""
    document, data = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(data)
    data.seek(0)
    return data, "речь.docx"


def test_order_says_all_that_is_missing_and_keeps_what_was_typed(session: Session, make: Make, client_as: Any) -> None:
    visit, browser = make.visit(), client_as(Role.COORDINATOR)
    page = browser.post(f"/visits/{visit.id}/translations/new", {"title": "Речь", "names": "", "then": "publish"})
    text = page.get_data(as_text=True)
    assert (page.status_code, text.count('class="form-error"')) == (422, 8)
    assert 'value="Речь"' in text
    assert session.scalars(select(Assignment.id)).all() == []


def test_order_is_counted_opened_and_claimed_by_clicking(session: Session, make: Make, client_as: Any) -> None:
    visit, boss = make.visit(), client_as(Role.COORDINATOR)
    translator = client_as(Role.TRANSLATOR)
    sent = boss.post(f"/visits/{visit.id}/translations/new",
                     {**ORDER, "then": "publish", "source_file": word_file("Дорогие друзья!")},
                     content_type="multipart/form-data")
    assert sent.status_code == 303, sent.get_data(as_text=True)[:3000]
    row = session.scalars(select(Assignment)).one()
    assert (row.state, row.characters, row.due_at and row.due_at.isoformat()) == (
        "open", 15, "2027-03-20T15:00:00+00:00")
    assert "Речь главы" in translator.get("/translations").get_data(as_text=True)
    page = translator.get(f"/translations/{row.id}").get_data(as_text=True)
    assert ("И. Ульянченко" in page, "Взять" in page, "Принять" in page) == (True, True, False)
    assert translator.post(f"/translations/{row.id}/claim").status_code == 303
    source = translator.get(f"/translations/{row.id}/source")
    assert (source.status_code, source.headers["Content-Disposition"].startswith("attachment")) == (200, True)

    late = client_as(Role.TRANSLATOR).post(f"/translations/{row.id}/claim")
    assert (late.status_code, f"Это задание уже взято: {translator.account.name_ru}" in late.get_data(as_text=True)
            ) == (409, True)

    handed = translator.post(f"/translations/{row.id}/submit", {"result_file": word_file("Sevgili dostlar!")},
                             content_type="multipart/form-data")
    assert handed.status_code == 303
    own = translator.post(f"/translations/{row.id}/accept")
    assert (own.status_code, "Вы сами переводили этот текст" in own.get_data(as_text=True)) == (409, True)
    blank = boss.post(f"/translations/{row.id}/return", {"remark": ""})
    assert (blank.status_code, "Напишите, что нужно исправить." in blank.get_data(as_text=True)) == (422, True)
    assert boss.post(f"/translations/{row.id}/return", {"remark": "Имя мэра"}).status_code == 303
    assert "Имя мэра" in translator.get(f"/translations/{row.id}").get_data(as_text=True)
    translator.post(f"/translations/{row.id}/submit", {"result_file": word_file("Sevgili dostlar!!")},
                    content_type="multipart/form-data")
    assert boss.post(f"/translations/{row.id}/accept").status_code == 303
    assert boss.post(f"/translations/{row.id}/release").status_code == 303
    session.expire_all()
    assert session.scalars(select(Assignment.state)).one() == "released"


def test_translator_gives_back_and_finds_no_way_to_the_text(stage: Stage, client_as: Any) -> None:
    row = stage.at(S.OPEN)
    first, second = client_as(Role.TRANSLATOR), client_as(Role.TRANSLATOR)
    first.post(f"/translations/{row.id}/claim")
    assert first.post(f"/translations/{row.id}/give-back", {"remark": "болен"}).headers["Location"] == "/translations"
    second.post(f"/translations/{row.id}/claim")
    assert [first.get(f"/translations/{row.id}{part}").status_code for part in ("", "/source", "/result")] == [404] * 3
    assert [first.raw.get(f"/api/v1/assignments/{row.id}{part}").status_code for part in ("", "/source", "/result")
            ] == [404] * 3
    assert second.get(f"/translations/{row.id}/source").data == SPEECH.data


def test_visit_and_people_stay_closed_to_a_translator(stage: Stage, client_as: Any) -> None:
    person = stage.make.person()
    stage.make.member(stage.visit, person)
    row = stage.at(S.OPEN)
    translator = client_as(Role.TRANSLATOR)
    translator.post(f"/translations/{row.id}/claim")
    assert [translator.get(f"/visits/{stage.visit.id}{part}").status_code for part in ("", "/members", "/outcomes")
            ] == [403] * 3
    assert translator.get(f"/visits/{stage.visit.id}/translations").status_code == 200
    assert translator.get(f"/visits/{stage.visit.id}/translations/new").status_code == 403


def test_form_is_filled_with_names_and_posts_of_the_delegation(stage: Stage, client_as: Any) -> None:
    person = stage.make.person()
    stage.make.member(stage.visit, person, post_ru="мэр", post_en="Mayor")
    page = client_as(Role.COORDINATOR).get(f"/visits/{stage.visit.id}/translations/new").get_data(as_text=True)
    assert f"{person.shown_name('ru')}, мэр — {person.shown_name('en')}, Mayor" in page
    assert "1980" not in page


def test_manager_accepts_without_revision_and_it_is_shown(stage: Stage, client_as: Any) -> None:
    row = stage.at(S.SUBMITTED)
    coordinator, manager = client_as(Role.COORDINATOR), client_as(Role.MANAGER)
    assert "without_revision" not in coordinator.get(f"/translations/{row.id}").get_data(as_text=True)
    refused = coordinator.post(f"/translations/{row.id}/accept", {"without_revision": "1"})
    assert refused.status_code == 409
    assert manager.post(f"/translations/{row.id}/accept", {"without_revision": "1"}).status_code == 303
    assert "без редактуры" in coordinator.get(f"/translations/{row.id}").get_data(as_text=True)


def test_languages_of_a_translator_are_kept_and_narrow_what_they_see(
    stage: Stage, session: Session, client_as: Any
) -> None:
    row = stage.at(S.OPEN)
    account = stage.make.account(Role.TRANSLATOR)
    translator, boss = client_as(account=account), client_as(Role.COORDINATOR)
    url = f"/translations/translators/{account.id}"
    assert boss.post(url, {"source": "zh", "target": "ru", "both": "1"}).status_code == 303
    assert boss.post(url, {"pairs": ["zh-ru", "ru-zh"], "interprets": ["zh-ru"]}).status_code == 303
    assert [(one.source, one.target, one.interprets) for one in queries.translator_pairs(session)[account.id]] == [
        ("ru", "zh", False), ("zh", "ru", True)]
    assert translator.get(f"/translations/{row.id}").status_code == 404
    assert translator.post(f"/translations/{row.id}/claim").status_code == 404
    same = boss.post(url, {"source": "tr", "target": "tr"})
    assert same.status_code == 422
    assert boss.post(url, {}).status_code == 303
    session.expire_all()
    assert session.scalars(select(TranslatorPair.id)).all() == []
    assert translator.get(f"/translations/{row.id}").status_code == 200


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_opens_in_both_languages(stage: Stage, client_as: Any, language: str) -> None:
    rows = [stage.at(state) for state in S]
    boss = client_as(account=stage.make.account(Role.COORDINATOR, Role.MANAGER, language=language))
    worker = client_as(account=stage.make.account(Role.TRANSLATOR, language=language))
    urls = ["/translations", "/translations?state=open", "/translations/translators",
            f"/visits/{stage.visit.id}/translations", f"/visits/{stage.visit.id}/translations/new",
            *(f"/translations/{row.id}" for row in rows), f"/translations/{rows[0].id}/edit"]
    assert {url: boss.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)
    assert worker.get("/translations").status_code == 200


def test_api_walks_an_assignment_through(make: Make, client_as: Any) -> None:
    visit, boss, translator = make.visit(), client_as(Role.COORDINATOR), client_as(Role.TRANSLATOR)

    def call(browser: Any, method: str, url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return browser.raw.open(f"/api/v1{url}", method=method, json=body,
                                headers={"X-CSRFToken": browser.token(), **headers})

    text = base64.b64encode("Дорогие друзья!".encode()).decode()
    made = call(boss, "POST", f"/visits/{visit.id}/assignments", {
        "title": "Речь", "source_language": "ru", "target_language": "tr", "purpose": "speech",
        "due_at": "2027-03-20T18:00:00+03:00", "text_user": "глава", "names": "И. Ульянченко",
        "source_file": {"name": "речь.txt", "content": text}})
    assert made.status_code == 201, made.get_data(as_text=True)
    assert (made.json["characters"], made.json["pages"], made.json["allowed_actions"]) == (
        15, 0.1, ["edit", "publish", "cancel"])
    url = f"/assignments/{made.json['id']}"
    assert call(translator, "GET", url).status_code == 404
    patched = call(boss, "PATCH", url, {"text_user": "глава города"}, **{"If-Match": made.headers["ETag"]})
    assert (patched.status_code, patched.json["text_user"], patched.json["names"]) == (
        200, "глава города", "И. Ульянченко")
    assert call(boss, "PATCH", url, {"title": "Иная"}, **{"If-Match": made.headers["ETag"]}).status_code == 409
    assert call(boss, "POST", f"{url}/publish").json["state"] == "open"
    assert [one["allowed_actions"] for one in call(translator, "GET", "/assignments").json["items"]] == [["claim"]]
    assert call(translator, "POST", f"{url}/claim").json["state"] == "claimed"
    lost = call(client_as(Role.TRANSLATOR), "POST", f"{url}/claim")
    assert (lost.status_code, lost.json["code"]) == (409, "translations.already-claimed")
    assert translator.account.name_ru in lost.json["title"]
    broken = call(translator, "POST", f"{url}/submit", {"file": {"name": "a.txt", "content": "%%%"}})
    assert (broken.status_code, broken.json["errors"][0]["pointer"]) == (422, "/file/content")
    result = base64.b64encode(b"Sevgili dostlar!").decode()
    assert call(translator, "POST", f"{url}/submit", {"file": {"name": "a.txt", "content": result}}
                ).json["state"] == "submitted"
    assert call(boss, "GET", f"{url}/result").json["content"] == result
    assert call(boss, "POST", f"{url}/accept", {}).json["revised"] is True
    assert call(boss, "POST", f"{url}/release").json["allowed_actions"] == []


def test_paper_of_the_visit_becomes_the_text(stage: Stage, session: Session, client_as: Any) -> None:
    from workflow.papers.models import Paper, PaperText

    paper = Paper(visit_id=stage.visit.id, kind="invitation", subject="Приглашение мэру", created_at=stage.now,
                  created_by=stage.coordinator.account_id)
    paper.texts = [PaperText(language="ru", text="Уважаемый господин мэр!")]
    session.add(paper)
    commit(session)
    boss = client_as(Role.COORDINATOR)
    page = boss.get(f"/visits/{stage.visit.id}/translations/new?paper={paper.id}").get_data(as_text=True)
    assert 'value="Приглашение мэру"' in page
    url = f"/visits/{stage.visit.id}/translations/new"
    none = boss.post(url, {**ORDER, "paper": str(paper.id), "source_language": "zh"})
    assert (none.status_code, "нет текста на таком языке" in none.get_data(as_text=True)) == (422, True)
    assert boss.post(url, {**ORDER, "paper": str(paper.id), "then": "publish"}).status_code == 303
    row = session.scalars(select(Assignment)).one()
    assert row.paper_id == paper.id
    file, data = service.read_source(session, stage.translator, row.id)
    assert file.name == "Приглашение мэру.docx"
    assert "Уважаемый господин мэр!" in [line.text for line in docx.Document(BytesIO(data)).paragraphs]


def test_accepted_translation_becomes_the_text_of_its_paper(stage: Stage, session: Session, client_as: Any) -> None:
    from workflow.papers.models import Paper, PaperText

    paper = Paper(visit_id=stage.visit.id, kind="invitation", subject="Приглашение мэру", created_at=stage.now,
                  created_by=stage.coordinator.account_id)
    paper.texts = [PaperText(language="ru", text=(
        "::: letterhead\n{{ office.letterhead|lines }}\n:::\n\n::: reference\n:::\n\n"
        "Приглашаем Вас {{ visit|from_to }}.\n\n::: signature\n{{ office.signatory.post }} | И. О. Иванов\n:::\n"))]
    session.add(paper)
    commit(session)
    boss, translator = client_as(Role.COORDINATOR), client_as(Role.TRANSLATOR)
    order = {**ORDER, "target_language": "zh", "paper": str(paper.id), "then": "publish"}
    assert boss.post(f"/visits/{stage.visit.id}/translations/new", order).status_code == 303
    row = session.scalars(select(Assignment)).one()
    url = f"/translations/{row.id}"
    early = boss.post(f"{url}/paper", {"paper_id": str(paper.id)})
    assert (early.status_code, "Перевод ещё не принят." in early.get_data(as_text=True)) == (409, True)
    translator.post(f"{url}/claim")
    document = docx.Document(BytesIO(translator.get(f"{url}/source").data))
    line = next(each for each in document.paragraphs if each.text.startswith("Приглашаем"))
    line.runs[0].text = "诚邀您访问。"
    for run in line.runs[1:]:
        run.text = ""
    data = BytesIO()
    document.save(data)
    data.seek(0)
    handed = translator.post(f"{url}/submit", {"result_file": (data, "信函.docx")}, content_type="multipart/form-data")
    assert handed.status_code == 303
    assert 'id="into-paper"' not in boss.get(url).get_data(as_text=True)
    boss.post(f"{url}/accept")
    assert 'id="into-paper"' in boss.get(url).get_data(as_text=True)
    seen = boss.post(f"{url}/paper", {"paper_id": str(paper.id)}).get_data(as_text=True)
    assert '<ins lang="zh">诚邀您访问。</ins>' in seen
    session.expire_all()
    assert [text.language for text in paper.texts] == ["ru"]
    assert boss.post(f"{url}/paper/save", {"paper_id": str(paper.id)}).status_code == 303
    session.expire_all()
    chinese = next(text.text for text in paper.texts if text.language == "zh")
    assert chinese == ("::: letterhead\n{{ office.letterhead|lines }}\n:::\n\n::: reference\n:::\n\n诚邀您访问。\n\n"
                       "::: signature\n{{ office.signatory.post }} | И. О. Иванов\n:::\n")
    again = boss.post(f"{url}/paper/save", {"paper_id": str(paper.id), "version": "99"})
    assert again.status_code == 409
    assert boss.post(f"{url}/paper", {"paper_id": "999"}).status_code == 404


def test_opening_says_so_when_nobody_translates_in_this_direction(
    stage: Stage, session: Session, client_as: Any
) -> None:
    for row in session.scalars(select(TranslatorPair)):
        session.delete(row)
    commit(session)
    for actor in (stage.translator, stage.colleague):
        service.set_pairs(session, stage.manager, stage.now, actor.account_id, [("ru", "en", False)])
    commit(session)
    boss = client_as(Role.COORDINATOR)
    sent = boss.post(f"/visits/{stage.visit.id}/translations/new",
                     {**ORDER, "target_language": "zh", "then": "publish", "source_file": word_file("Дорогие друзья!")},
                     content_type="multipart/form-data")
    told = boss.get(sent.headers["Location"]).get_data(as_text=True)
    assert "Задание открыто, но переводчика с этими языками нет." in told
    assert "извещены" not in told
