"""How the history of a visit names its stages: by the titles of the definition that it runs by."""

from sqlalchemy.orm import Session

from workflow.base.errors import NotFound
from workflow.process.publishing import definition_of
from workflow.visits.models import Visit


def stage_title(session: Session, visit: Visit, value: str, language: str) -> str:
    """Give a stage's title; nothing for a stage that the definition no longer has."""
    try:
        definition = definition_of(session, visit.process_key, visit.process_version)
    except NotFound:
        return ""
    return next((stage.title.in_language(language) for stage in definition.stages if stage.key == value), "")


WORDS = {"stage": stage_title}
