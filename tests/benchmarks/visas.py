"""A delegation of three hundred: the matrix, a recomputation after moved dates, and one traveller's rules."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.benchmarks.house import FilledHouse
from tests.conftest import Make
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.database import make_engine
from workflow.base.unit_of_work import unit_of_work
from workflow.knowledge.countries import known_countries
from workflow.knowledge.visa_facts import Traveller
from workflow.knowledge.visa_routes import routes_for
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import CountrySet
from workflow.people.service import PassportData, add_passport
from workflow.visas.opening import open_cases
from workflow.visas.pack import pack_rules
from workflow.visas.recompute import recompute_visit
from workflow.visas.service import choose_for_all
from workflow.visits.models import Visit

TRAVELLERS = 300
RULES = 500


def cpu_ms(act: Callable[[], object], times: int) -> float:
    """Give the median of this process's CPU, in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        act()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


class Delegation:
    """One incoming visit of so many Chinese guests on ordinary passports, each with a route and a checklist."""

    def __init__(self, folder: Path, travellers: int) -> None:
        self.house = FilledHouse(folder, 1)
        self.engine = make_engine(self.house.settings.database_url)
        with self.house.app.app_context(), Session(self.engine, expire_on_commit=False) as session:
            make = Make(session)
            visit = make.visit(direction="incoming", country="CN", arrival=date(2030, 6, 3), nights=4,
                               responsible_id=make.account(Role.COORDINATOR).id)  # fmt: skip
            visit.visa_purpose = "official"
            for number in range(travellers):
                person = make.person(citizenships=["CN"])
                make.member(visit, person)
                with unit_of_work(session):
                    passport = PassportData(number=f"E{number:08}", country="CN", expires_on=date(2034, 1, 1))
                    add_passport(session, SYSTEM, clock.now(), person, passport)
            with unit_of_work(session):
                open_cases(session, SYSTEM, clock.now(), visit)
                choose_for_all(session, SYSTEM, clock.now(), visit, "in.ru.ordinary.mvd-invitation")
            session.execute(text("UPDATE job SET state = 'done'"))
            session.commit()
            self.visit_id = visit.id

    def matrix(self) -> None:
        """Open the page of the matrix as a coordinator."""
        answer = self.house.browsers["coordinator"].get(f"/visits/{self.visit_id}/visas")
        assert answer.status_code == 200

    def statements(self) -> int:
        """Count the queries of the matrix."""
        with self.house.counted() as seen:
            self.matrix()
        return len(seen)

    def move_a_week(self) -> None:
        """Move the dates and reckon every case anew, commit included."""
        own = Session(self.engine, expire_on_commit=False)
        with self.house.app.app_context(), own as session, unit_of_work(session):
            visit = session.get_one(Visit, self.visit_id)
            assert visit.arrival is not None
            assert visit.departure is not None
            visit.arrival += timedelta(days=7)
            visit.departure += timedelta(days=7)
            recompute_visit(session, SYSTEM, clock.now(), visit)

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()
        self.house.close()


def many_rules(count: int) -> RuleSet:
    """Give the pack's rules, copied for other countries until there are so many."""
    own = pack_rules("ru-municipal")
    elsewhere = [code for code in sorted(known_countries()) if code not in ("RU", "GB")]
    copies = []
    for number in range(count - len(own.rules)):
        rule = own.rules[number % len(own.rules)]
        land = CountrySet(only=(elsewhere[number % len(elsewhere)],))
        whom = {"nationality": land} if rule.applies_to.direction == "inbound" else {"destination": land}
        copies.append(rule.model_copy(update={
            "id": f"{rule.id}.copy-{number}", "applies_to": rule.applies_to.model_copy(update=whom)}))  # fmt: skip
    return RuleSet(own.groups, (*own.rules, *copies))


def one_answer_ms(count: int, times: int) -> float:
    """Measure one traveller's answer with so many rules loaded."""
    rules = many_rules(count)
    guest = Traveller(direction="inbound", destination="RU", citizenship="GB", passport_type="ordinary",
                      purpose="official", first_day=date(2030, 6, 3), last_day=date(2030, 6, 7),
                      entries="single")  # fmt: skip
    today = date(2030, 1, 1)
    return cpu_ms(lambda: routes_for(rules, guest, today), times)
