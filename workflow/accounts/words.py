"""What roles and permissions are called, for pages to translate."""

from workflow.base.actor import Permission, Role
from workflow.base.languages import N_

ROLE_WORDS: dict[str, str] = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.TRANSLATOR: N_("Translator"),
    Role.MANAGER: N_("Manager"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.RULES_KEEPER: N_("Keeper of visa rules"),
}

ROLE_HINTS: dict[str, str] = {
    Role.COORDINATOR: N_("prepares visits: requests, delegations, papers, visas, programmes"),
    Role.TRANSLATOR: N_("takes translations and interpreting; sees no passports"),
    Role.MANAGER: N_("decides requests, approves papers, watches all visits"),
    Role.ADMINISTRATOR: N_("keeps accounts and the office's data; sees no visits"),
    Role.RULES_KEEPER: N_("edits, confirms and versions visa rules; given beside another role, such as coordinator"),
}

PERMISSION_WORDS: dict[str, str] = {
    Permission.SIGNED_IN: N_("Sign in"),
    Permission.VISITS_READ: N_("Read visits"),
    Permission.VISITS_WRITE: N_("Change visits"),
    Permission.REQUESTS_READ: N_("Read requests"),
    Permission.REQUESTS_WRITE: N_("Enter requests"),
    Permission.REQUESTS_DECIDE: N_("Decide requests"),
    Permission.CONDITIONS_OVERRIDE: N_("Override conditions"),
    Permission.PEOPLE_READ: N_("Read delegations"),
    Permission.PEOPLE_WRITE: N_("Change delegations"),
    Permission.PEOPLE_REVEAL: N_("See personal data"),
    Permission.PAPERS_READ: N_("Read papers"),
    Permission.PAPERS_WRITE: N_("Prepare papers"),
    Permission.PAPERS_APPROVE: N_("Approve papers"),
    Permission.WORDINGS_READ: N_("Read wordings"),
    Permission.WORDINGS_WRITE: N_("Write wordings"),
    Permission.WORDINGS_ACTIVATE: N_("Put wordings into use"),
    Permission.VISAS_READ: N_("Read visa cases"),
    Permission.VISAS_WRITE: N_("Change visa cases"),
    Permission.VISAS_RULES: N_("Keep visa rules"),
    Permission.PROGRAMME_READ: N_("Read programmes"),
    Permission.PROGRAMME_WRITE: N_("Change programmes"),
    Permission.TRANSLATIONS_READ: N_("Read translation assignments"),
    Permission.TRANSLATIONS_ORDER: N_("Order translations"),
    Permission.TRANSLATIONS_TAKE: N_("Take translations"),
    Permission.OUTCOMES_READ: N_("Read outcomes"),
    Permission.OUTCOMES_WRITE: N_("Enter outcomes"),
    Permission.PARTNERS_READ: N_("Read partners"),
    Permission.PARTNERS_WRITE: N_("Change partners"),
    Permission.REPORTS_READ: N_("Read reports"),
    Permission.OFFICE_EDIT: N_("Change the office's data"),
    Permission.ACCOUNTS_EDIT: N_("Manage accounts"),
    Permission.JOBS_READ: N_("See background work"),
    Permission.JOBS_SETTLE: N_("Settle background work"),
    Permission.PRIVACY_KEEP: N_("Watch over personal data"),
    Permission.PEOPLE_ERASE: N_("Destroy a person's data"),
}
