"""A cancelled visit takes its unfinished translations with it, and says why."""

from collections.abc import Callable
from email.message import EmailMessage

from tests.translations.conftest import Stage
from workflow.accounts.models import Account
from workflow.base.unit_of_work import unit_of_work
from workflow.process.publishing import publish_definitions
from workflow.process.service import cancel_visit
from workflow.translations.rules import AssignmentState as S


def test_cancelled_visit_calls_its_assignments_off(
    stage: Stage, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    with unit_of_work(stage.session):
        publish_definitions(stage.session, stage.now)
    rows = [stage.at(S.OPEN), stage.at(S.CLAIMED), stage.at(S.RELEASED)]
    run_jobs()
    before = len(outbox())
    with unit_of_work(stage.session):
        cancel_visit(stage.session, stage.coordinator, stage.now, stage.visit.id, reason="Партнёр отказался")
    run_jobs()
    stage.session.expire_all()
    assert [row.state for row in rows] == [S.CANCELLED, S.CANCELLED, S.RELEASED]
    assert {row.cancel_reason for row in rows[:2]} == {"Партнёр отказался"}
    told = [str(mail["To"].addresses[0].addr_spec) for mail in outbox()[before:]]
    translator = stage.session.get(Account, stage.translator.account_id)
    assert translator is not None
    assert told.count(translator.email) == 1
