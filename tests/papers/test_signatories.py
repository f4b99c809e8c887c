"""Who signs a Chinese letter: entered by an administrator, missing before, never the Russian name by silence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Invalid
from workflow.base.unit_of_work import commit
from workflow.office import service as office
from workflow.office.models import Signatory
from workflow.papers import approving, preview, service
from workflow.papers.composing import Composed
from workflow.papers.models import Paper
from workflow.papers.signatories import with_signatory

SIGNED = {"zh": {"name": "伊万·奥布拉兹佐夫", "post": "斯塔夫罗波尔市市长"}}
FACTS = {"office": {"signatory": {
    "post": {"ru": "Глава города Ставрополя", "en": "Mayor of Stavropol"},
    "short": {"ru": "И. П. Образцов", "en": "I. Obraztsov"},
}}}  # fmt: skip
KNOWN = {"office": {"signatory": {
    name: {**told, "zh": SIGNED["zh"]["post" if name == "post" else "name"]}
    for name, told in FACTS["office"]["signatory"].items()
}}}  # fmt: skip
RUSSIAN = (
    "Текст\n\n::: signature\nГлава города Ставрополя | И.\u00a0П. Образцов\nДиректор школы | А. А. Примеров\n:::\n"
)
FACTS_AGAIN = "{{ office.signatory.post }} | {{ office.signatory.short }}"


def drafted(session: Session, desk: Desk, now: datetime) -> Paper:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "letter-regret", languages=["ru"])
    commit(session)
    service.add_language(session, desk.coordinator, now, paper.id, "zh")
    commit(session)
    return paper


def test_the_signatory_in_a_third_language_is_missing_until_it_is_entered(
    session: Session, desk: Desk, now: datetime
) -> None:
    paper = drafted(session, desk, now)
    made = approving.compose_all(session, now, paper)
    gaps = {(gap.language, gap.name) for gap in approving.gaps_of(made)}
    assert gaps >= {("zh", "office.signatory.post"), ("zh", "office.signatory.short")}
    assert {language for language, name in gaps if name.startswith("office.signatory")} == {"zh"}
    chief = session.scalars(select(Signatory)).one()
    office.set_signatory_words(session, SYSTEM, now, chief.id, "zh", **SIGNED["zh"])
    commit(session)
    made = approving.compose_all(session, now, paper)
    assert [gap.name for gap in approving.gaps_of(made) if gap.name.startswith("office.signatory")] == []
    chinese, russian = made["zh"], made["ru"]
    assert isinstance(chinese, Composed)
    assert isinstance(russian, Composed)
    assert "斯塔夫罗波尔市市长" in preview.to_html(chinese.plan)
    assert "伊万·奥布拉兹佐夫" in preview.to_html(chinese.plan)
    assert "Образцов" not in preview.to_html(chinese.plan)
    assert "Образцов" in preview.to_html(russian.plan)


def test_an_administrator_enters_changes_and_takes_away_a_signatory_in_chinese(
    session: Session, desk: Desk, client_as: Callable[..., Any]
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    chief = session.scalars(select(Signatory)).one()
    here = f"/admin/office/signatories/{chief.id}"
    sent = {"language": "zh", **SIGNED["zh"], "version": str(chief.lock_version)}
    session.rollback()
    assert admin.post(f"{here}/words", {**sent, "language": "en"}).status_code == 422
    half = admin.post(f"{here}/words", {**sent, "post": ""})
    assert (half.status_code, 'id="f-post-error"' in half.get_data(as_text=True)) == (422, True)
    assert admin.post(f"{here}/words", sent).status_code == 303
    assert 'value="伊万·奥布拉兹佐夫"' in admin.get(here).get_data(as_text=True)
    assert admin.post(f"{here}/words", {**sent, "name": "别人"}).status_code == 409
    session.refresh(chief)
    assert chief.others == SIGNED
    version = str(chief.lock_version)
    session.rollback()
    empty = {"language": "zh", "name": "", "post": "", "version": version}
    assert admin.post(f"{here}/words", empty).status_code == 303
    session.refresh(chief)
    assert chief.others == {}
    session.rollback()
    assert client_as(Role.COORDINATOR).post(f"{here}/words", sent).status_code == 403


def test_a_language_without_a_name_is_refused(session: Session, desk: Desk, now: datetime) -> None:
    chief = session.scalars(select(Signatory)).one()
    with pytest.raises(Invalid):
        office.set_signatory_words(session, SYSTEM, now, chief.id, "zh", name="伊万", post="")
    with pytest.raises(Invalid):
        office.set_signatory_words(session, SYSTEM, now, chief.id, "中文", **SIGNED["zh"])


@pytest.mark.parametrize("facts", [FACTS, KNOWN])
def test_what_the_translator_left_alone_becomes_the_fact(facts: dict[str, Any]) -> None:
    made = with_signatory(RUSSIAN.replace("Текст", "正文"), RUSSIAN, facts, "ru", "zh")
    assert made == f"正文\n\n::: signature\n{FACTS_AGAIN}\nДиректор школы | А. А. Примеров\n:::\n"


def test_what_the_translator_wrote_gives_way_to_what_was_entered_only() -> None:
    written = RUSSIAN.replace("Глава города Ставрополя | И.\u00a0П. Образцов", "市长 | 奥布拉兹佐夫")
    assert with_signatory(written, RUSSIAN, FACTS, "ru", "zh") == written
    assert f"::: signature\n{FACTS_AGAIN}\n" in with_signatory(written, RUSSIAN, KNOWN, "ru", "zh")


def test_another_number_of_signatures_is_left_as_it_was_written() -> None:
    written = "正文\n\n::: signature\n市长 | 奥布拉兹佐夫\n:::\n"
    assert with_signatory(written, RUSSIAN, KNOWN, "ru", "zh") == written
    assert with_signatory("正文\n", "Текст\n", KNOWN, "ru", "zh") == "正文\n"
