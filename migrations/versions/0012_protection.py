"""Terms of keeping by kind, acts of destroyed personal data, and since when a paper's or an item's content is gone.

Revision: 0012
Before: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('scans', 'passports', 'guests', 'lists', 'previews', 'mails', 'papers')"
GROUNDS = "ground IN ('reached', 'withdrawn', 'asked', 'unlawful')"


def upgrade() -> None:
    op.create_table(
        "retention_term",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_retention_term_kind_known")),
        sa.CheckConstraint("days BETWEEN 1 AND 36500", name=op.f("ck_retention_term_days_sensible")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_retention_term_changed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_term")),
    )
    op.create_index("uq_retention_term_kind", "retention_term", ["kind"], unique=True)
    op.create_table(
        "erasure_act",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("visit_ids", sa.JSON(), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("operator_ru", sa.String(length=300), nullable=False),
        sa.Column("operator_en", sa.String(length=300), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("log", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", BIG_ID, nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint(GROUNDS, name=op.f("ck_erasure_act_ground_known")),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name=op.f("fk_erasure_act_done_by_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_act_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_act")),
    )
    op.create_index("uq_erasure_act_number", "erasure_act", ["year", "number"], unique=True)
    op.create_index("ix_erasure_act_kept_until", "erasure_act", ["kept_until"])
    op.create_index(op.f("ix_erasure_act_person_id"), "erasure_act", ["person_id"])
    for table in ("paper", "checklist_item"):
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("checklist_item", "paper"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("purged_at")
    op.drop_table("erasure_act")
    op.drop_table("retention_term")
