"""Requests that wait, visits of a stage and passports by number are found without reading a whole table.

Revision: 0021
Before: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UNDECIDED = sa.text("decided_at IS NULL")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_visit_request_undecided", "visit_request", ["id"], sqlite_where=UNDECIDED,
                    postgresql_where=UNDECIDED)  # fmt: skip
    op.create_index("ix_visit_stage_arrival", "visit", ["stage", "arrival", "id"])
    op.create_index("ix_passport_number_index", "passport", ["number_index"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_passport_number_index", table_name="passport")
    op.drop_index("ix_visit_stage_arrival", table_name="visit")
    op.drop_index("ix_visit_request_undecided", table_name="visit_request")
