"""Search by the beginnings of words."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.base.actor import Permission
from workflow.base.languages import N_, choose
from workflow.base.search import SearchEntry, find
from workflow.desk.pages.door import door
from workflow.visits.queries import seen_by
from workflow.web.doors import Act, needs

SHOWN = 50


@dataclass(frozen=True)
class Kind:
    """How a kind of found thing is called and opened, and who may."""

    label: str
    permission: Permission
    endpoint: str
    name: str


KINDS: dict[str, Kind] = {
    "visit": Kind(N_("Visit"), Permission.VISITS_READ, "desk.visit", "visit_id"),
    "request": Kind(N_("Request"), Permission.REQUESTS_READ, "visits.request", "request_id"),
    "paper": Kind(N_("Paper"), Permission.PAPERS_READ, "papers.paper", "paper_id"),
    "partner": Kind(N_("Partner"), Permission.PARTNERS_READ, "partners.show", "partner_id"),
}


@dataclass(frozen=True)
class Hit:
    """One found thing."""

    title: str
    label: str
    url: str


@door.get("/search", needs(Permission.VISITS_READ))
def search(act: Act) -> ResponseReturnValue:
    """Find visits, requests and partners whose words begin as the typed ones do."""
    words = request.args.get("q", "")[:200]
    entries = find(act.session, words, seen=seen_by(act.actor, SearchEntry.visit_id), limit=4 * SHOWN)
    hits = [_hit(act, entry) for entry in entries
            if entry.kind in KINDS and act.actor.may(KINDS[entry.kind].permission)]
    return act.page("desk/search.html", search_words=words, hits=hits[:SHOWN], more=len(hits) > SHOWN)


def _hit(act: Act, entry: SearchEntry) -> Hit:
    kind = KINDS[entry.kind]
    title = choose(act.actor.locale, ru=entry.title_ru, en=entry.title_en)
    place: dict[str, Any] = {kind.name: entry.thing_id}
    return Hit(title, gettext(kind.label), url_for(kind.endpoint, **place))
