"""Handing a paper in to those who check it, what each of them says, and the manager's decision."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.base.actor import Permission
from workflow.base.errors import Invalid
from workflow.papers import approving, checking, electronic, queries, service, trials
from workflow.papers.changes import changes_of
from workflow.papers.forms import ApproveForm, CheckForm, ElectronicForm, ReturnForm, SubmitForm
from workflow.papers.numbering import Numbering
from workflow.papers.paper_page import do
from workflow.papers.rules import CheckDecision, NumberSource, PaperState
from workflow.web.doors import Act, Door, needs

door = Door("paper_checks", __name__)

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
APPROVE = needs(Permission.PAPERS_APPROVE)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _keys(chosen: list[str]) -> list[int]:
    if any(not key.isascii() or not key.isdigit() or len(key) > 18 for key in chosen):
        raise Invalid("papers.no-checker", field="checkers")
    return [int(key) for key in chosen]


@door.post("/papers/<int:paper_id>/submit", WRITE)
def submit(act: Act, paper_id: int) -> ResponseReturnValue:
    """Hand it in: to those who are to check it, else straight for approval."""

    def run(data: SubmitForm) -> str:
        service.submit_paper(act.session, act.actor, act.now, paper_id, checkers=_keys(data.checkers),
                             in_order=data.in_order, version=data.version)  # fmt: skip
        return _("Handed in to be checked.") if data.checkers else _("Handed in for approval.")

    return do(act, paper_id, SubmitForm, "submit", run)


@door.post("/papers/<int:paper_id>/check", READ)
def check(act: Act, paper_id: int) -> ResponseReturnValue:
    """Agree, agree with a remark, or refuse."""

    def run(data: CheckForm) -> str:
        chosen = CheckDecision(data.decision)
        checking.decide_check(act.session, act.actor, act.now, paper_id, chosen, data.remark, version=data.version)
        return _("Written on the approval sheet.")

    return do(act, paper_id, CheckForm, "check", run, fragment="checks")


@door.post("/papers/<int:paper_id>/return", APPROVE)
def return_(act: Act, paper_id: int) -> ResponseReturnValue:
    """Send it back with a remark."""

    def run(data: ReturnForm) -> str:
        service.return_paper(act.session, act.actor, act.now, paper_id, data.remark, version=data.version)
        return _("Returned with your remark.")

    return do(act, paper_id, ReturnForm, "return", run)


def _has_changed(act: Act, paper_id: int) -> bool:
    paper = queries.get_paper(act.session, act.actor, paper_id)
    return paper.state == PaperState.SUBMITTED and bool(changes_of(act.session, act.now, paper))


@door.post("/papers/<int:paper_id>/approve", APPROVE)
def approve(act: Act, paper_id: int) -> ResponseReturnValue:
    """Approve it, with its number at once or later, after a trial layout that no transaction waits for.

    One whose facts have changed since is not approved from the desk, where nobody sees what: its own page shows it.
    """
    if request.form.get("back") == "desk" and _has_changed(act, paper_id):
        flash(_("Not approved yet: facts have changed since the text was written. Look at what changed, then decide "
                "here."), "warning")
        return act.to("papers.paper", paper_id=paper_id, fragment="changes")

    def run(data: ApproveForm) -> str:
        chosen = None if data.source == "later" else Numbering(NumberSource(data.source), data.number, data.dated)
        tried = trials.try_now(act.session, act.actor, act.now, paper_id)
        approving.approve_paper(act.session, act.actor, act.now, paper_id, numbering=chosen, tried=tried,
                                override_reason=data.override_reason, version=data.version)  # fmt: skip
        return _("Approved. Its files are being made.")

    return do(act, paper_id, ApproveForm, "approve", run)


@door.post("/papers/<int:paper_id>/sign-electronically", APPROVE)
def sign_electronically(act: Act, paper_id: int) -> ResponseReturnValue:
    """Have it signed electronically."""

    def run(data: ElectronicForm) -> str:
        electronic.ask_to_sign(act.session, act.actor, act.now, paper_id, version=data.version)
        return _("The paper is being signed. This page will say when it is done.")

    return do(act, paper_id, ElectronicForm, "electronic", run)
