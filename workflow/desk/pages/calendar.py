"""The month, and the week ahead on one sheet."""

from datetime import date, timedelta

from flask import request
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.desk import queries, rules
from workflow.desk.pages.door import door
from workflow.office.queries import our_calendar
from workflow.visits.queries import visits_between
from workflow.web.doors import Act, needs


@door.get("/calendar", needs(Permission.VISITS_READ))
def calendar(act: Act) -> ResponseReturnValue:
    """Show a month: which visits go on each day, and which days are free."""
    today = queries.today_of(act.session, act.now)
    first = rules.parse_month(request.args.get("month", ""), today)
    whole = rules.month_grid(first.year, first.month, [])
    begin, end = whole[0][0].day, whole[-1][-1].day
    weeks = rules.month_grid(first.year, first.month, visits_between(act.session, act.actor, begin, end))
    working = our_calendar(act.session)
    off = {day.day for week in weeks for day in week if not working.is_working(day.day)}
    return act.page("desk/calendar.html", first=first, weeks=weeks, off=off, today=today,
                    previous=rules.month_before(first), following=rules.next_month(first))


@door.get("/week", needs(Permission.VISITS_READ))
def week(act: Act) -> ResponseReturnValue:
    """Show the sheet of the week to come, or of the week of a given day, for printing."""
    today = queries.today_of(act.session, act.now)
    monday = rules.monday_of(_day(request.args.get("of", "")) or rules.week_ahead(today))
    return act.page("desk/week.html", week=queries.week(act.session, act.actor, act.now, monday),
                    before=monday - timedelta(days=7), after=monday + timedelta(days=7))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None
