"""What people do on the desks themselves: decide what becomes of a job that failed or whose effect is unknown."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from workflow.base import events, jobs
from workflow.base.actor import Actor
from workflow.base.errors import Conflict
from workflow.base.jobs import Job
from workflow.desk.queries import failed_jobs, get_troubled_job
from workflow.mail.jobs import MAIL_SETTLED
from workflow.mail.models import Mail, MailState
from workflow.mail.service import SEND, SEND_OFFICIAL, mark
from workflow.papers.issuing import check_mail_again


class JobVerdict(StrEnum):
    """What a person decides: try again, it did happen after all, it is no longer wanted."""

    AGAIN = "again"
    HAPPENED = "happened"
    DROPPED = "dropped"


def settle_job(session: Session, actor: Actor, now: datetime, job_id: int, verdict: JobVerdict) -> Job:
    """Decide what becomes of a troubled job; a mail follows its job.

    Raises:
        NotFound: there is no such job, or not for this actor.
        Conflict: it is not waiting for a decision any more, or the letter that it would mail is out of force.
    """
    job = get_troubled_job(session, actor, job_id)
    before = job.state
    if verdict is JobVerdict.AGAIN:
        if job.kind == SEND_OFFICIAL:
            check_mail_again(session, job.payload["mail_id"])
        jobs.try_again(session, now, job_id)
    else:
        jobs.give_up(session, now, job_id, done=verdict is JobVerdict.HAPPENED)
    session.refresh(job)
    if job.kind in (SEND, SEND_OFFICIAL):
        _follow(session, now, job, verdict)
    events.record(session, actor, now, "desk.job.settled", subject=job, visit_id=job.visit_id,
                  changes={"state": (before, job.state), "verdict": (None, verdict)})
    return job


MOST_AGAIN = 500
"""Jobs tried again by one click; what is left over waits for the next."""


def try_failed_again(session: Session, actor: Actor, now: datetime) -> tuple[int, int]:
    """Try all again that failed for good, as after a weekend without a mail server; give how many, and how many stay.

    What may have been sent stays for a person, and so does a letter that is out of force or has gone since.
    """
    tried = kept = 0
    for job_id in failed_jobs(session, actor, limit=MOST_AGAIN):
        try:
            with session.begin_nested():
                settle_job(session, actor, now, job_id, JobVerdict.AGAIN)
            tried += 1
        except Conflict:
            kept += 1
    return tried, kept


def _follow(session: Session, now: datetime, job: Job, verdict: JobVerdict) -> None:
    mail = session.get(Mail, job.payload["mail_id"])
    if mail is None:
        return
    state = {JobVerdict.AGAIN: MailState.QUEUED, JobVerdict.HAPPENED: MailState.SENT,
             JobVerdict.DROPPED: MailState.WITHDRAWN}[verdict]
    mark(session, mail.id, state, sent_at=now if state is MailState.SENT else None)
    session.refresh(mail)
    if state is MailState.SENT and mail.kind in MAIL_SETTLED:
        MAIL_SETTLED.get(mail.kind)(session, mail.id, state, now)
