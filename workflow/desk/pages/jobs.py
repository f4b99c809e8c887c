"""The administrator's pages: jobs that stopped, and where accounts, the office and its packs are kept."""

from typing import Literal

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from workflow.base.actor import Permission
from workflow.base.errors import Invalid
from workflow.desk import queries, service
from workflow.desk.pages.door import door
from workflow.desk.service import JobVerdict
from workflow.web.doors import Act, needs
from workflow.web.forms import Form, FormModel


class VerdictForm(FormModel):
    """What is decided, and where the person goes back to."""

    verdict: JobVerdict
    back: Literal["jobs", "today"] = "jobs"


@door.get("/admin", needs(Permission.ACCOUNTS_EDIT))
def administration(act: Act) -> ResponseReturnValue:
    """Show what an administrator keeps."""
    return act.page("desk/administration.html", health=queries.health(act.session, act.now),
                    counts=queries.job_counts(act.session))


@door.get("/admin/jobs", needs(Permission.JOBS_READ))
def jobs(act: Act) -> ResponseReturnValue:
    """List the jobs that wait for a person's decision."""
    return act.page("desk/jobs.html", health=queries.health(act.session, act.now),
                    counts=queries.job_counts(act.session), troubled=queries.troubled_jobs(act.session, act.actor))


@door.post("/admin/jobs/again", needs(Permission.JOBS_SETTLE))
def try_jobs_again(act: Act) -> ResponseReturnValue:
    """Try all again that failed for good; what may have happened stays for a decision of its own."""
    tried, kept = service.try_failed_again(act.session, act.actor, act.now)
    flash(ngettext("%(num)d job will be tried again.", "%(num)d jobs will be tried again.", tried), "success")
    if kept:
        flash(ngettext("%(num)d letter stays here: it is out of force, or has gone since.",
                       "%(num)d letters stay here: they are out of force, or have gone since.", kept), "warning")
    return act.to("desk.jobs")


@door.post("/admin/jobs/<int:job_id>", needs(Permission.JOBS_SETTLE))
def settle_job(act: Act, job_id: int) -> ResponseReturnValue:
    """Decide what becomes of a job that stopped."""
    form = Form.posted(VerdictForm)
    if form.data is None:
        raise Invalid("desk.no-such-verdict", field="verdict")
    service.settle_job(act.session, act.actor, act.now, job_id, form.data.verdict)
    flash({
        JobVerdict.AGAIN: gettext("It will be tried again."),
        JobVerdict.HAPPENED: gettext("Noted: it did happen."),
        JobVerdict.DROPPED: gettext("Noted: it is no longer wanted."),
    }[form.data.verdict], "success")
    return act.to(f"desk.{form.data.back}")
