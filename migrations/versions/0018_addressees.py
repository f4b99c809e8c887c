"""Recipients of batches have a term of their own, and it is known whose data are gone; access has no day of its own.

Revision: 0018
Before: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = ("scans", "passports", "guests", "lists", "previews", "mails", "papers")
NAME = "ck_retention_term_kind_known"
PURGED = ("batch_recipient", "outgoing_mail")


def _kinds(*kinds: str) -> None:
    with op.batch_alter_table("retention_term") as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), f"kind IN ({', '.join(repr(kind) for kind in kinds)})")


def upgrade() -> None:
    """Add the kind and the columns; what an erasure or purge has emptied before is emptied once more in its time."""
    _kinds(*BEFORE, "addressees")
    for table in PURGED:
        op.add_column(table, sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("visit_access", "until")


def downgrade() -> None:
    """Drop the columns, and the term of the kind that is no more."""
    op.add_column("visit_access", sa.Column("until", sa.Date(), nullable=True))
    for table in reversed(PURGED):
        op.drop_column(table, "purged_at")
    op.execute("DELETE FROM retention_term WHERE kind = 'addressees'")
    _kinds(*BEFORE)
