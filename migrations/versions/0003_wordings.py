"""Coordinators write wordings and DOCX templates in versions; a paper's text says from which version it was drafted.

Revision: 0003
Before: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = "state IN ('draft', 'active', 'retired', 'deleted')"


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def version_columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", key(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by", key(), nullable=True),
        sa.Column("id", key(), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(STATES, name=op.f(f"ck_{table}_state_known")),
        sa.CheckConstraint("n > 0", name=op.f(f"ck_{table}_n_positive")),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f(f"fk_{table}_saved_by_account")),
        sa.ForeignKeyConstraint(["activated_by"], ["account.id"], name=op.f(f"fk_{table}_activated_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("kind", "language", "n", name=f"uq_{table}_version"),
    ]


def one_only(table: str, state: str) -> None:
    where = sa.text(f"state = '{state}'")
    op.create_index(
        f"uq_{table}_{state}", table, ["kind", "language"], unique=True, sqlite_where=where, postgresql_where=where
    )


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        *version_columns("wording"),
    )
    one_only("wording", "active")
    one_only("wording", "draft")
    op.create_table(
        "paper_template",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("file_id", key(), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        *version_columns("paper_template"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_paper_template_file_id_stored_file")),
    )
    one_only("paper_template", "active")
    with op.batch_alter_table("paper_text") as table:
        table.add_column(sa.Column("wording_n", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("paper_text") as table:
        table.drop_column("wording_n")
    op.drop_table("paper_template")
    op.drop_table("wording")
