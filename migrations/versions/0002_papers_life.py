"""A paper may be about one member or another thing beneath its visit; it is checked, tried, and signed electronically.

The register keeps the value of each number of our own beside its wording, so that gaps can be seen; a series says when
its numbers are given. What a paper's text was written from is kept, so that it can be said what has changed since.

Revision: 0002
Before: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("paper") as table:
        table.add_column(sa.Column("about_kind", sa.String(length=20), server_default="", nullable=False))
        table.add_column(sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_index("ix_paper_about", ["about_kind", "about_id"])
        table.create_check_constraint("about_whole", "(about_kind = '') = (about_id IS NULL)")
        table.add_column(sa.Column("number_value", sa.Integer(), nullable=True))
        table.add_column(sa.Column("told", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("checks_in_order", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("override_reason", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("signature", sa.JSON(), nullable=True))
        table.add_column(sa.Column("signing_error", sa.String(length=300), server_default="", nullable=False))
        table.create_index("ix_paper_register", ["number_year", "series", "number_value"])
    with op.batch_alter_table("paper_text") as table:
        table.add_column(sa.Column("trial_hash", sa.String(length=64), server_default="", nullable=False))
        table.add_column(sa.Column("trial_fault", sa.JSON(), nullable=True))
    with op.batch_alter_table("number_series") as table:
        table.add_column(sa.Column("given_at", sa.String(length=12), server_default="approval", nullable=False))
        table.create_check_constraint("given_at_known", "given_at IN ('approval', 'signature')")
    op.create_table(
        "paper_check",
        sa.Column("paper_id", BIG_ID, nullable=False),
        sa.Column("account_id", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint("decision IN ('', 'agreed', 'remarked', 'refused')", name=op.f("ck_paper_check_decision_known")),
        sa.CheckConstraint("(decision = '') = (decided_at IS NULL)", name=op.f("ck_paper_check_decided_whole")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_check_account_id_account")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_check_paper_id_paper"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_check")),
    )
    op.create_index("ix_paper_check_account", "paper_check", ["account_id", "paper_id"])
    op.create_index(
        "uq_paper_check_live",
        "paper_check",
        ["paper_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("paper_check")
    with op.batch_alter_table("number_series") as table:
        table.drop_constraint(op.f("ck_number_series_given_at_known"), type_="check")
        table.drop_column("given_at")
    with op.batch_alter_table("paper_text") as table:
        table.drop_column("trial_fault")
        table.drop_column("trial_hash")
    with op.batch_alter_table("paper") as table:
        table.drop_index("ix_paper_register")
        for name in ("signing_error", "signature", "override_reason", "checks_in_order", "told", "number_value"):
            table.drop_column(name)
        table.drop_constraint(op.f("ck_paper_about_whole"), type_="check")
        table.drop_index("ix_paper_about")
        table.drop_column("about_id")
        table.drop_column("about_kind")
