"""Today: what each role begins the day with. Somebody with several roles sees the part of each."""

from flask import request
from flask.typing import ResponseReturnValue

from workflow.accounts.queries import people_to_choose
from workflow.base.actor import Permission, Role
from workflow.desk import queries
from workflow.desk.first_steps import first_steps
from workflow.desk.pages.door import door
from workflow.papers.batches.queries import batches_waiting
from workflow.papers.queries import waiting_for_check
from workflow.papers.words import kind_name
from workflow.translations.queries import board, to_check
from workflow.translations.wording import direction
from workflow.visits.choices import stand_ins
from workflow.web.doors import Act, needs


@door.get("/", needs(Permission.SIGNED_IN))
def today(act: Act) -> ResponseReturnValue:
    """Show the desk of everybody who has signed in, by their roles."""
    session, actor, now = act.session, act.actor, act.now
    mine = request.args.get("whose", "mine" if actor.has(Role.COORDINATOR) else "all") != "all"
    manages, after = actor.has(Role.MANAGER), request.args.get("after")
    coordinates = actor.has(Role.COORDINATOR) or manages
    whole, following = queries.going_rows(session, actor, now, cursor=after) if manages else ([], None)
    first = whole
    if coordinates and (mine or after or not manages):
        first, _next = queries.going_rows(session, actor, now, mine=mine)
    return act.page(
        "desk/today.html", mine=mine, health=queries.health(session, now), day=queries.today_of(session, now),
        coordinator=queries.coordinator_desk(session, actor, now, first, mine=mine) if coordinates else None,
        manager=queries.manager_desk(session, actor, whole, following) if manages else None,
        officers=people_to_choose(session, actor.locale, Role.COORDINATOR, Role.MANAGER) if manages else [],
        stand_ins=stand_ins(session) if manages else [],
        batches=batches_waiting(session, actor), kind_name=kind_name, to_agree=waiting_for_check(session, actor),
        to_check=to_check(session, actor, now), direction=direction,
        translator=board(session, actor, now) if actor.may(Permission.TRANSLATIONS_TAKE) else None,
        administrator=queries.job_counts(session) if actor.has(Role.ADMINISTRATOR) else None,
        steps=first_steps(session) if actor.has(Role.ADMINISTRATOR) else [],
    )
