"""Several borders in one trip, lists of countries that the office keeps itself, and the keeper of visa rules.

Revision: 0015
Before: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = "role IN ('coordinator', 'translator', 'manager', 'administrator')"
ROLES_NOW = "role IN ('coordinator', 'translator', 'manager', 'administrator', 'rules-keeper')"
ENTRIES = "entries IN ('single', 'double', 'multiple')"


def upgrade() -> None:
    with op.batch_alter_table("account_role") as table:
        table.drop_constraint(op.f("ck_account_role_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_role_role_known"), ROLES_NOW)
    op.create_table(
        "border_crossing",
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("entries", sa.String(length=8), nullable=False),
        sa.Column("transit", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("arrival_seen", sa.Date(), nullable=True),
        sa.Column("departure_seen", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", name=op.f("ck_border_crossing_days_whole")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_border_crossing_days_in_order")),
        sa.CheckConstraint(ENTRIES, name=op.f("ck_border_crossing_entries_known")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_border_crossing_visit_id_visit")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_border_crossing_created_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_crossing")),
    )
    op.create_index("uq_border_crossing_country", "border_crossing", ["visit_id", "country"], unique=True)
    with op.batch_alter_table("visa_case") as table:
        table.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        table.add_column(sa.Column("entries", sa.String(length=8), server_default="single", nullable=False))
        table.add_column(sa.Column("transit", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("through", sa.JSON(), server_default="[]", nullable=False))
        table.create_check_constraint(op.f("ck_visa_case_entries_known"), ENTRIES)
    op.create_table(
        "kept_country_list",
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["kept_by"], ["account.id"], name=op.f("fk_kept_country_list_kept_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_country_list")),
    )
    op.create_index("uq_kept_country_list_version", "kept_country_list", ["pack", "name", "version"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_kept_country_list_version", table_name="kept_country_list")
    op.drop_table("kept_country_list")
    with op.batch_alter_table("visa_case") as table:
        table.drop_constraint(op.f("ck_visa_case_entries_known"), type_="check")
        for column in ("through", "transit", "entries", "last_day", "first_day"):
            table.drop_column(column)
    op.drop_index("uq_border_crossing_country", table_name="border_crossing")
    op.drop_table("border_crossing")
    op.execute("DELETE FROM account_role WHERE role = 'rules-keeper'")
    with op.batch_alter_table("account_role") as table:
        table.drop_constraint(op.f("ck_account_role_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_role_role_known"), ROLES)
