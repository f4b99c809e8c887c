"""A paper may be about one member or another thing beneath its visit.

Revision: 0002
Before: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper") as table:
        table.add_column(sa.Column("about_kind", sa.String(length=20), server_default="", nullable=False))
        table.add_column(sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_index("ix_paper_about", ["about_kind", "about_id"])
        table.create_check_constraint("about_whole", "(about_kind = '') = (about_id IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("paper") as table:
        table.drop_constraint(op.f("ck_paper_about_whole"), type_="check")
        table.drop_index("ix_paper_about")
        table.drop_column("about_id")
        table.drop_column("about_kind")
