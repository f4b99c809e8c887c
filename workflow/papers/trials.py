"""Trial layouts: a paper is approved only when exactly its words with exactly its facts have been laid out.

The trial runs in the child process with no transaction open: by a job once the paper is handed in, or in the approving
request before its transaction. What fails (a missing glyph, a table too wide to lay out) is told before approval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.errors import Refused
from workflow.base.reasons import Reason
from workflow.base.unit_of_work import rollback
from workflow.papers import approving, editions
from workflow.papers.approving import edition_of, fault_reason, trial_hash, verify_address
from workflow.papers.arms import office_arms
from workflow.papers.composing import RenderError
from workflow.papers.editions import Edition
from workflow.papers.engine import RENDERER
from workflow.papers.facts import collect, with_paper
from workflow.papers.models import Paper, PaperText
from workflow.papers.queries import get_paper
from workflow.papers.rules import PaperState

SAMPLE_NUMBER, SAMPLE_CODE = "00-00/0000", "2222-2222-2222"
"""What stands in a trial for the number and code that approval gives."""
PASSING = frozenset({"time", "died"})
"""Failures of the machine rather than of the paper."""


@dataclass(frozen=True)
class Trial:
    """One language to be laid out on trial."""

    text_id: int
    language: str
    edition: Edition
    facts: dict[str, Any]
    hash: str


def wanted_trials(session: Session, now: datetime, paper: Paper) -> list[Trial]:
    """The texts of a paper that have not been laid out with today's facts yet."""
    kind = editions.kind(paper.kind)
    told = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    arms = office_arms(session, paper.issuing_body_id)
    facts = with_paper(
        told, number=SAMPLE_NUMBER, dated=local_date(now, "UTC"), code=SAMPLE_CODE,
        verify_url=verify_address(SAMPLE_CODE), final=True,
    )  # fmt: skip
    wanted = [
        Trial(text.id, text.language, edition_of(paper, text, kind, arms), facts, trial_hash(kind, text, told))
        for text in paper.texts
    ]
    done = {text.id: text.trial_hash for text in paper.texts}
    return [trial for trial in wanted if done[trial.text_id] != trial.hash]


def has_gaps(session: Session, now: datetime, paper: Paper) -> bool:
    """Whether a paper cannot be approved for what its texts lack or hold wrongly."""
    made = approving.compose_all(session, now, paper)
    return any(isinstance(one, RenderError) or one.missing or one.unknown for one in made.values())


def run_trial(trial: Trial) -> RenderError | None:
    """Lay one text out and throw the result away; give what was wrong with it."""
    try:
        RENDERER.render(trial.edition, trial.facts, "pdf")
    except RenderError as wrong:
        return wrong
    return None


def try_now(session: Session, actor: Actor, now: datetime, paper_id: int) -> frozenset[str]:
    """Lay out on trial what has not been tried, outside any transaction; give the hashes that were laid out.

    A paper that lacks facts is not laid out: approval tells all that it lacks.

    Raises:
        NotFound: no such paper for this actor.
        Refused: with what is wrong and where it is put right.
    """
    paper = get_paper(session, actor, paper_id)
    wanted = [] if paper.facts is not None or has_gaps(session, now, paper) else wanted_trials(session, now, paper)
    rollback(session)
    faults = [(trial, wrong) for trial in wanted if (wrong := run_trial(trial)) is not None]
    if faults:
        reasons: list[Reason] = [fault_reason(paper_id, trial.language, wrong) for trial, wrong in faults]
        raise Refused("papers.not-ready", reasons)
    return frozenset(trial.hash for trial in wanted)


def load(session: Session, payload: Mapping[str, Any], now: datetime) -> list[Trial] | None:
    """Read what a worker is to try; nothing when the paper does not wait any more."""
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.state != PaperState.SUBMITTED:
        return None
    if has_gaps(session, now, paper):
        return None
    return wanted_trials(session, now, paper) or None


def perform(trials: Sequence[Trial]) -> list[tuple[Trial, RenderError | None]]:
    """Lay them out; a failure of the machine is tried again."""
    done = [(trial, run_trial(trial)) for trial in trials]
    for _, wrong in done:
        if wrong is not None and wrong.code in PASSING:
            raise wrong
    return done


def record_trials(
    session: Session, _payload: Mapping[str, Any], outcome: Sequence[tuple[Trial, RenderError | None]], _now: datetime
) -> None:
    """Keep what came of them beside each text."""
    for trial, wrong in outcome:
        fault = None if wrong is None else {"code": wrong.code, "line": wrong.line, "detail": wrong.detail}
        session.execute(
            update(PaperText)
            .where(PaperText.id == trial.text_id)
            .values(trial_hash="" if wrong else trial.hash, trial_fault=fault)
            .execution_options(synchronize_session=False)
        )
