"""Processes as they are published: what each asks, drawn; and running visits moved to a newer version."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.base.errors import NotFound
from workflow.process import moving
from workflow.process.deadlines import Planner
from workflow.process.diagram import lay_out
from workflow.process.door import door
from workflow.process.forms import MoveForm
from workflow.process.publishing import definition_of, latest_definitions, versions_of
from workflow.process.rules import draw
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, needs
from workflow.web.formats import language
from workflow.web.forms import Form

READ = needs(Permission.VISITS_READ)
MOVE = needs(Permission.CONDITIONS_OVERRIDE)


@door.get("/processes", READ)
def processes(act: Act) -> ResponseReturnValue:
    """List the processes that visits can be opened with."""
    return act.page("process/processes.html", processes=latest_definitions(act.session))


@door.get("/processes/<key>/<int:version>", READ)
def process(act: Act, key: str, version: int) -> ResponseReturnValue:
    """Show one version: its drawing, what each step asks, its deadlines; and visits on other versions."""
    definition = definition_of(act.session, key, version)
    versions = versions_of(act.session, key)
    may_move = act.actor.may(Permission.CONDITIONS_OVERRIDE) and version == versions[0].version
    return act.page(
        "process/process.html", definition=definition, shown_version=version, versions=versions,
        drawing=lay_out(definition, None, language()), mermaid=draw(definition, None, language()),
        behind=moving.preview_move(act.session, act.actor, key, version) if may_move else [],
    )


@door.get("/visits/<int:visit_id>/process", READ)
def visit_process(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show where a visit stands in its process, and its whole plan of deadlines."""
    visit = get_visit(act.session, act.actor, visit_id)
    planner = Planner.of(act.session, [visit])
    if not planner.runs(visit):
        raise NotFound("process")
    definition = planner.definition(visit)
    return act.page(
        "process/of_visit.html", visit=visit, tab="overview", definition=definition, plan=planner.plan(visit),
        drawing=lay_out(definition, visit.stage, language()), mermaid=draw(definition, visit.stage, language()),
    )


@door.post("/visits/<int:visit_id>/move-version", MOVE)
def move_version(act: Act, visit_id: int) -> ResponseReturnValue:
    """Let a running visit go on by another version of its process."""
    form = Form.posted(MoveForm)
    visit = get_visit(act.session, act.actor, visit_id)
    key = visit.process_key
    if form.data:
        renamed = {visit.stage: form.data.stage} if form.data.stage else {}
        with form.guarding(act):
            moving.move_visit(act.session, act.actor, act.now, visit_id, form.data.to_version, form.data.version,
                              renamed=renamed)
            flash(_("The visit goes on by version %(version)s.", version=form.data.to_version), "success")
            return act.to("process.process", key=key, version=form.data.to_version)
    for _field, text in form.problems:
        flash(text, "error")
    return act.to("desk.visit", visit_id=visit_id)
