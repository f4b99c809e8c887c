"""The names that the rooms agree on, so that the shipped packs can be checked without starting the application."""

from workflow.base.actor import Permission
from workflow.process.checking import Vocabulary

CONDITIONS = frozenset(
    {
        "visits.responsible_named", "visits.dates_set", "visits.basis_linked", "visits.head_named",
        "visits.members_listed", "visits.composition_closed", "visits.arrived", "visits.departed",
        "papers.paper_signed", "papers.paper_sent", "invitations.answer_recorded", "visas.routes_chosen",
        "visas.cases_settled", "visas.passports_valid", "programme.items_planned", "programme.interpreters_named",
        "translations.assignments_released", "outcomes.report_filed", "outcomes.outcomes_recorded",
        "outcomes.outcomes_settled", "process.stage_reached",
    }
)
REACTIONS = frozenset(
    {
        "invitations.draft_invitation", "visas.open_cases", "visas.recompute", "papers.draft", "visits.tell_people",
        "process.recompute_deadlines", "outcomes.open_report", "reminders.withdraw",
    }
)
WORDS = Vocabulary(CONDITIONS, REACTIONS, frozenset(permission.value for permission in Permission))
