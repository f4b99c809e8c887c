"""An issuing body has a letterhead in other languages too: those that partners read.

Revision: 0014
Before: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty."""
    with op.batch_alter_table("issuing_body") as table:
        table.add_column(sa.Column("letterheads", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Drop it, with what it holds."""
    with op.batch_alter_table("issuing_body") as table:
        table.drop_column("letterheads")
