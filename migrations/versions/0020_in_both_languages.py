"""What stood in one field for all languages has a field for papers in English beside it.

Of what is typed for a driver, a car and luggage the old column becomes the Russian one of a pair, as in all other
tables of a visit's logistics.

Revision: 0020
Before: 0019
"""

import sqlalchemy as sa
from alembic import op

from workflow.base.encryption import EncryptedText

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS: dict[str, dict[str, sa.types.TypeEngine[str]]] = {
    "assignment": {"title_en": sa.String(300), "text_user_en": sa.String(300), "instructions_en": sa.Text(),
                   "text_version_en": sa.String(100), "reference_texts_en": sa.Text(), "layout_en": sa.String(300),
                   "confidentiality_en": sa.String(300)},
    "member": {"seat_en": sa.String(40)},
    "outcome": {"owner_name_en": sa.String(300)},
    "partner": {"head_pronounced_en": sa.String(200)},
    "programme_item": {"internal_note_en": sa.Text(), "menu_en": sa.String(300), "press_en": sa.String(300),
                       "security_en": sa.String(300), "equipment_en": sa.String(300), "plan_b_en": sa.String(300),
                       "interpreter_name_en": sa.String(200)},
    "protocol_notes": {"quote_approved_by_en": sa.String(300)},
    "transfer": {"car_en": sa.String(200), "luggage_en": sa.String(100)},
    "visit": {"host_name_en": sa.String(300)},
    "visit_report": {"sent_to_en": sa.String(300)},
}  # fmt: skip
PAIRED = ("car", "luggage", "driver")
OWNER = "ck_outcome_one_owner"


def _owners(rule: str) -> None:
    with op.batch_alter_table("outcome") as table:
        table.drop_constraint(op.f(OWNER), type_="check")
        table.create_check_constraint(op.f(OWNER), rule)


def upgrade() -> None:
    """Add the columns, empty; an outcome is owned by one of us or by somebody outside, in either language."""
    for name in PAIRED:
        op.alter_column("transfer", name, new_column_name=f"{name}_ru")
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("transfer", sa.Column("driver_en", EncryptedText(), nullable=True))
    _owners("owner_id IS NULL OR (owner_name = '' AND owner_name_en = '')")


def downgrade() -> None:
    """Drop them, with what they hold."""
    _owners("owner_id IS NULL OR owner_name = ''")
    op.drop_column("transfer", "driver_en")
    for table, columns in reversed(COLUMNS.items()):
        for name in columns:
            op.drop_column(table, name)
    for name in PAIRED:
        op.alter_column("transfer", f"{name}_ru", new_column_name=name)
