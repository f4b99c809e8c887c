"""Who has a visa case in hand, its appointment; visa rules that the office keeps itself, in versions.

Revision: 0009
Before: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOLDERS = "held_by IN ('us', 'guest', 'partner', 'association', 'authority', 'consulate')"
STATUSES = "status IN ('draft', 'reviewed', 'retired')"


def upgrade() -> None:
    with op.batch_alter_table("visa_case") as table:
        table.add_column(sa.Column("held_by", sa.String(length=12), server_default="us", nullable=False))
        table.add_column(sa.Column("held_since", sa.Date(), nullable=True))
        table.add_column(sa.Column("held_note", sa.String(length=300), server_default="", nullable=False))
        table.add_column(sa.Column("appointment_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("appointment_at", sa.String(length=5), server_default="", nullable=False))
        table.add_column(sa.Column("appointment_place", sa.String(length=300), server_default="", nullable=False))
        table.create_check_constraint("held_by_known", HOLDERS)
    op.execute("UPDATE visa_case SET held_by = 'consulate' WHERE state = 'applied'")
    op.execute("UPDATE visa_case SET held_by = 'authority' WHERE state = 'filed'")
    op.execute("UPDATE visa_case SET held_by = 'guest' WHERE state IN ('collecting', 'invitation_issued')")
    op.create_table(
        "kept_visa_rule",
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint(STATUSES, name=op.f("ck_kept_visa_rule_status_known")),
        sa.ForeignKeyConstraint(["kept_by"], ["account.id"], name=op.f("fk_kept_visa_rule_kept_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_visa_rule")),
    )
    op.create_index("uq_kept_visa_rule_version", "kept_visa_rule", ["pack", "rule_id", "version"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_kept_visa_rule_version", table_name="kept_visa_rule")
    op.drop_table("kept_visa_rule")
    with op.batch_alter_table("visa_case") as table:
        table.drop_constraint(op.f("ck_visa_case_held_by_known"), type_="check")
        for column in ("appointment_place", "appointment_at", "appointment_on", "held_note", "held_since", "held_by"):
            table.drop_column(column)
