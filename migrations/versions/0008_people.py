"""People kept for good: posts with dates, several passports, access needs, photo, merging, keys across scripts.

Diets are encrypted from here on: they tell of faith and health. That needs the installation's keys, which
`delegations migrate` sets.

Revision: 0008
Before: 0007
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from workflow.base.encryption import decrypt_bytes, encrypt_bytes
from workflow.people.keys import sounds_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_NAMES = ("latin_family", "latin_given", "russian_family", "russian_given", "native_family", "native_given")


def _post_parts() -> list[sa.Column[str]]:
    names = ("post_ru", "post_en", "organisation_ru", "organisation_en")
    return [sa.Column(name, sa.String(300), nullable=False) for name in names]


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("diet_kept", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("post_since", sa.Date(), nullable=True))
        table.add_column(sa.Column("access_needs", sa.LargeBinary(), nullable=True))
        table.add_column(
            sa.Column("ask_about_health", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )  # fmt: skip
        table.add_column(sa.Column("ask_about_health_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("emergency_name", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("emergency_phone", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("photo_file_id", _ID, nullable=True))
        table.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("merged_into_id", _ID, nullable=True))
        table.create_foreign_key("fk_person_photo_file_id_stored_file", "stored_file", ["photo_file_id"], ["id"])
        table.create_foreign_key("fk_person_merged_into_id_person", "person", ["merged_into_id"], ["id"])
        table.create_index("ix_person_merged_into_id", ["merged_into_id"])
        table.create_check_constraint("health_flag_dated", "ask_about_health = (ask_about_health_on IS NOT NULL)")
        table.create_check_constraint("not_merged_into_itself", "merged_into_id IS NULL OR merged_into_id <> id")
    _recode("diet", "diet_kept", lambda value: encrypt_bytes(value.encode()))
    with op.batch_alter_table("person") as table:
        table.drop_column("diet")
        table.alter_column("diet_kept", new_column_name="diet")
    with op.batch_alter_table("passport") as table:
        table.add_column(sa.Column("authority", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("zone_read_on", sa.Date(), nullable=True))
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("passport_id", _ID, nullable=True))
        table.create_foreign_key("fk_member_passport_id_passport", "passport", ["passport_id"], ["id"])
    _create_tables()
    _fill_keys()


def _create_tables() -> None:
    op.create_table(
        "person_post",
        sa.Column("person_id", _ID, nullable=False),
        *_post_parts(),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR until >= since", name=op.f("ck_person_post_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_post_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_post")),
    )
    op.create_index(op.f("ix_person_post_person_id"), "person_post", ["person_id"])
    op.create_table(
        "person_key",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("key", sa.String(240), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_key_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_key")),
    )
    op.create_index("uq_person_key_person", "person_key", ["person_id", "key"], unique=True)
    op.create_index("ix_person_key_key", "person_key", ["key"])
    op.create_table(
        "person_merge",
        sa.Column("survivor_id", _ID, nullable=False),
        sa.Column("merged_id", _ID, nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("merged_at", _MOMENT, nullable=False),
        sa.Column("merged_by", _ID, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.Column("undone_by", _ID, nullable=True),
        sa.Column("id", _ID, nullable=False),
        sa.CheckConstraint("survivor_id <> merged_id", name=op.f("ck_person_merge_two_persons")),
        sa.ForeignKeyConstraint(["survivor_id"], ["person.id"], name=op.f("fk_person_merge_survivor_id_person")),
        sa.ForeignKeyConstraint(["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id_person")),
        sa.ForeignKeyConstraint(["merged_by"], ["account.id"], name=op.f("fk_person_merge_merged_by_account")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_person_merge_undone_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_survivor_id"), "person_merge", ["survivor_id"])
    live = sa.text("undone_at IS NULL")
    op.create_index("uq_person_merge_live", "person_merge", ["merged_id"], unique=True, sqlite_where=live,
                    postgresql_where=live)  # fmt: skip


def _recode(source: str, target: str, recode: Callable[[Any], Any]) -> None:
    """Copy one column of persons into another, recoded."""
    person = sa.table("person", sa.column("id"), sa.column(source), sa.column(target))
    connection = op.get_bind()
    rows = connection.execute(sa.select(person.c.id, person.c[source]).where(person.c[source].is_not(None))).all()
    for row_id, value in rows:
        if value:
            connection.execute(person.update().where(person.c.id == row_id).values({target: recode(value)}))


def _fill_keys() -> None:
    person = sa.table("person", sa.column("id"), *map(sa.column, _NAMES))
    key = sa.table("person_key", sa.column("person_id"), sa.column("key"))
    connection = op.get_bind()
    rows = [
        {"person_id": row[0], "key": sound}
        for row in connection.execute(sa.select(person)).all()
        for sound in sorted(sounds_of(dict(zip(_NAMES, row[1:], strict=True))))
    ]
    if rows:
        connection.execute(key.insert(), rows)


def downgrade() -> None:
    op.drop_table("person_merge")
    op.drop_table("person_key")
    op.drop_table("person_post")
    with op.batch_alter_table("member") as table:
        table.drop_constraint(op.f("fk_member_passport_id_passport"), type_="foreignkey")
        table.drop_column("passport_id")
    with op.batch_alter_table("passport") as table:
        table.drop_column("zone_read_on")
        table.drop_column("authority")
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("diet_open", sa.String(200), server_default="", nullable=False))
    _recode("diet", "diet_open", lambda value: decrypt_bytes(bytes(value)).decode()[:200])
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("ck_person_not_merged_into_itself"), type_="check")
        table.drop_constraint(op.f("ck_person_health_flag_dated"), type_="check")
        table.drop_index("ix_person_merged_into_id")
        table.drop_constraint(op.f("fk_person_merged_into_id_person"), type_="foreignkey")
        table.drop_constraint(op.f("fk_person_photo_file_id_stored_file"), type_="foreignkey")
        for name in ("merged_into_id", "checked_on", "photo_file_id", "emergency_phone", "emergency_name",
                     "ask_about_health_on", "ask_about_health", "access_needs", "post_since", "diet"):  # fmt: skip
            table.drop_column(name)
        table.alter_column("diet_open", new_column_name="diet", server_default=None)
