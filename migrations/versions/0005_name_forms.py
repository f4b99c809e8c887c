"""Case forms of names, posts and cities as a person has confirmed them.

Revision: 0005
Before: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "name_form",
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("person_id", key(), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("text_key", sa.String(length=300), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("genitive", sa.String(length=300), nullable=False),
        sa.Column("dative", sa.String(length=300), nullable=False),
        sa.Column("accusative", sa.String(length=300), nullable=False),
        sa.Column("instrumental", sa.String(length=300), nullable=False),
        sa.Column("prepositional", sa.String(length=300), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", key(), nullable=True),
        sa.Column("id", key(), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("gender IN ('', 'm', 'f')", name=op.f("ck_name_form_gender_known")),
        sa.CheckConstraint("role IN ('person', 'post', 'place')", name=op.f("ck_name_form_role_known")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_name_form_confirmed_by_account")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_name_form_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_form")),
    )
    op.create_index("ix_name_form_text_key", "name_form", ["text_key"])
    without, with_person = sa.text("person_id IS NULL"), sa.text("person_id IS NOT NULL")
    op.create_index(
        "uq_name_form_text",
        "name_form",
        ["text_key", "gender"],
        unique=True,
        sqlite_where=without,
        postgresql_where=without,
    )
    op.create_index(
        "uq_name_form_person",
        "name_form",
        ["person_id", "text_key"],
        unique=True,
        sqlite_where=with_person,
        postgresql_where=with_person,
    )


def downgrade() -> None:
    op.drop_table("name_form")
