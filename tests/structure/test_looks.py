"""Whatever shows hidden personal data is in the administrator's log of looks."""

from flask import Flask

from workflow.guests.privacy.watching import LOOKS
from workflow.web.sentences import SENTENCE_TABLE

SHOWING = (".revealed", ".shown", ".exported", "scan.opened")


def test_every_kind_of_event_that_shows_personal_data_is_in_the_log_of_looks(built_app: Flask) -> None:
    showing = {kind for kind in SENTENCE_TABLE.names() if kind.endswith(SHOWING)}
    assert showing == set(LOOKS)
