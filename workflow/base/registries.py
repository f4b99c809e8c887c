"""The registries that rooms of different floors share; filled in `app.py` only.

Job kinds live in `base.jobs.JOB_HANDLERS`, event reactions in `base.events.EVENT_REACTIONS`, search sources in
`base.search.SEARCH_SOURCES`.
"""

from workflow.base.reasons import ConditionCheck, FactCollector, ReminderCheck
from workflow.base.registry import Registry

CONDITIONS: Registry[ConditionCheck] = Registry("condition")
REMINDER_CHECKS: Registry[ReminderCheck] = Registry("reminder check")
FACT_SECTIONS: Registry[FactCollector] = Registry("fact section")
