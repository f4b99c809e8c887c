"""Papers go out in the name of several bodies; what the office said of itself becomes the first of them.

Signatories, number series and papers of before belong to that first body. Going back keeps the first body's identity,
signatories and series; numbers of other bodies stay on their papers as typed ones.

Revision: 0007
Before: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IDENTITY = {
    "name_ru": 400, "name_en": 400, "department_ru": 400, "department_en": 400, "city_ru": 120, "city_en": 120,
    "city_in_ru": 160, "city_in_en": 160, "address_ru": 400, "address_en": 400, "letterhead_ru": None,
    "letterhead_en": None, "phone": 60, "email": 254, "website": 200,
}  # fmt: skip
OWNED = ("signatory", "number_series", "paper")
DEFAULT, BODILESS, OWN = "is_default AND active", "issuing_body_id IS NULL", "number_source = 'own'"


def _column(name: str, default: str | None = None) -> sa.Column[str]:
    length = IDENTITY[name]
    kind = sa.Text() if length is None else sa.String(length=length)
    return sa.Column(name, kind, nullable=False, server_default=default)


def _unique(table: str, name: str, columns: list[str], where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Move the office's identity to the first body, and give that body what the office had."""
    op.create_table(
        "issuing_body",
        *(_column(name) for name in IDENTITY),
        sa.Column("arms_file_id", BIG, nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["arms_file_id"], ["stored_file.id"], name=op.f("fk_issuing_body_arms_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_body")),
    )
    moved = ", ".join((*IDENTITY, "arms_file_id"))
    op.execute(
        f"INSERT INTO issuing_body ({moved}, languages, kinds, active) "  # noqa: S608 - our own names
        f"SELECT {moved}, '[]', '[]', true FROM office"
    )
    for table, index in (("signatory", "uq_signatory_default"), ("paper", "uq_paper_own_number")):
        op.drop_index(index, table)
    for table in OWNED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("issuing_body_id", BIG, nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_issuing_body_id_issuing_body"), "issuing_body", ["issuing_body_id"], ["id"]
            )
            if table == "number_series":
                batch.drop_constraint("uq_number_series_key", type_="unique")
        op.execute(f"UPDATE {table} SET issuing_body_id = (SELECT min(id) FROM issuing_body)")  # noqa: S608
    _unique("signatory", "uq_signatory_default", ["issuing_body_id"], DEFAULT)
    _unique("number_series", "uq_number_series_body_key", ["issuing_body_id", "key"])
    _unique("number_series", "uq_number_series_key", ["key"], BODILESS)
    _unique("paper", "uq_paper_own_number", ["issuing_body_id", "series", "number_year", "number"], OWN)
    with op.batch_alter_table("office") as batch:
        batch.drop_constraint(op.f("fk_office_arms_file_id_stored_file"), type_="foreignkey")
        for name in (*IDENTITY, "arms_file_id"):
            batch.drop_column(name)


def downgrade() -> None:
    """Give the office the first body's identity back; other bodies go, their papers stay."""
    with op.batch_alter_table("office") as batch:
        for name in IDENTITY:
            batch.add_column(_column(name, default=""))
        batch.add_column(sa.Column("arms_file_id", BIG, nullable=True))
        batch.create_foreign_key(op.f("fk_office_arms_file_id_stored_file"), "stored_file", ["arms_file_id"], ["id"])
    first = "(SELECT min(id) FROM issuing_body)"
    moved = ", ".join(
        f"{name} = (SELECT {name} FROM issuing_body WHERE id = {first})"  # noqa: S608
        for name in (*IDENTITY, "arms_file_id")
    )
    op.execute(f"UPDATE office SET {moved} WHERE EXISTS (SELECT 1 FROM issuing_body)")  # noqa: S608
    with op.batch_alter_table("office") as batch:
        for name in IDENTITY:
            batch.alter_column(name, server_default=None)
    op.execute(f"UPDATE paper SET number_source = 'typed' WHERE number_source = 'own' AND issuing_body_id <> {first}")  # noqa: S608
    op.execute(f"UPDATE signatory SET is_default = false WHERE issuing_body_id <> {first}")  # noqa: S608
    for_others = f"SELECT id FROM number_series WHERE issuing_body_id <> {first}"  # noqa: S608
    op.execute(f"DELETE FROM number_counter WHERE series_id IN ({for_others})")  # noqa: S608
    op.execute(f"DELETE FROM number_series WHERE issuing_body_id <> {first}")  # noqa: S608
    for table, index in (
        ("paper", "uq_paper_own_number"), ("number_series", "uq_number_series_key"),
        ("number_series", "uq_number_series_body_key"), ("signatory", "uq_signatory_default"),
    ):  # fmt: skip
        op.drop_index(index, table)
    for table in reversed(OWNED):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_issuing_body_id_issuing_body"), type_="foreignkey")
            batch.drop_column("issuing_body_id")
            if table == "number_series":
                batch.create_unique_constraint("uq_number_series_key", ["key"])
    _unique("signatory", "uq_signatory_default", ["is_default"], DEFAULT)
    _unique("paper", "uq_paper_own_number", ["series", "number_year", "number"], OWN)
    op.drop_table("issuing_body")
