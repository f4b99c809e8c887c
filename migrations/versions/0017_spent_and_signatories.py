"""Lines of an estimate take what was spent; signatories and photo credits stand in further languages.

Revision: 0017
Before: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty."""
    with op.batch_alter_table("cost_line") as table:
        table.add_column(sa.Column("spent", sa.BigInteger(), nullable=True))
        table.create_check_constraint(op.f("ck_cost_line_spent_not_below_zero"), "spent IS NULL OR spent >= 0")
    with op.batch_alter_table("signatory") as table:
        table.add_column(sa.Column("others", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("protocol_notes") as table:
        table.add_column(sa.Column("photo_credit_en", sa.String(300), server_default="", nullable=False))


def downgrade() -> None:
    """Drop them, with what they hold."""
    with op.batch_alter_table("protocol_notes") as table:
        table.drop_column("photo_credit_en")
    with op.batch_alter_table("signatory") as table:
        table.drop_column("others")
    with op.batch_alter_table("cost_line") as table:
        table.drop_constraint(op.f("ck_cost_line_spent_not_below_zero"), type_="check")
        table.drop_column("spent")
