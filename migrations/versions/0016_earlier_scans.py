"""Scans of letters that a request or a visit's basis had before stay within reach; replaced ones are found by events.

Revision: 0016
Before: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENT = sa.table(
    "event", sa.column("id"), sa.column("kind"), sa.column("subject_id"), sa.column("account_id"),
    sa.column("at", sa.DateTime(timezone=True)), sa.column("changes", sa.JSON()),
)  # fmt: skip
EARLIER = sa.table(
    "earlier_scan", sa.column("request_id"), sa.column("file_id"), sa.column("belonged_to"),
    sa.column("replaced_at", sa.DateTime(timezone=True)), sa.column("replaced_by"),
)  # fmt: skip


def upgrade() -> None:
    """Make the table, and enter the scans that corrections replaced and whose files are still there."""
    op.create_table(
        "earlier_scan",
        sa.Column("request_id", BIG_ID, nullable=True),
        sa.Column("visit_id", BIG_ID, nullable=True),
        sa.Column("file_id", BIG_ID, nullable=False),
        sa.Column("belonged_to", sa.String(length=400), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint("(request_id IS NULL) <> (visit_id IS NULL)", name=op.f("ck_earlier_scan_request_or_visit")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["visit_request.id"], name=op.f("fk_earlier_scan_request_id_visit_request")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_earlier_scan_visit_id_visit")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_earlier_scan_file_id_stored_file")),
        sa.ForeignKeyConstraint(["replaced_by"], ["account.id"], name=op.f("fk_earlier_scan_replaced_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_scan")),
    )  # fmt: skip
    op.create_index("ix_earlier_scan_request_id", "earlier_scan", ["request_id"])
    op.create_index("ix_earlier_scan_visit_id", "earlier_scan", ["visit_id"])
    _enter_replaced()


def _enter_replaced() -> None:
    connection = op.get_bind()
    told = connection.execute(
        sa.select(EVENT).where(EVENT.c.kind == "visits.request.corrected").order_by(EVENT.c.id)
    ).all()  # fmt: skip
    known = {table: set(connection.scalars(sa.select(sa.column("id")).select_from(sa.table(table))))
             for table in ("stored_file", "visit_request", "account")}  # fmt: skip
    rows = []
    for event in told:
        before = (event.changes.get("scan_file_id") or [None])[0]
        if before in known["stored_file"] and event.subject_id in known["visit_request"]:
            account = event.account_id if event.account_id in known["account"] else None
            rows.append({"request_id": event.subject_id, "file_id": before, "belonged_to": "",
                         "replaced_at": event.at, "replaced_by": account})  # fmt: skip
    if rows:
        op.bulk_insert(EARLIER, rows)


def downgrade() -> None:
    """Drop the table; the files stay, and the events name those that corrections replaced."""
    op.drop_index("ix_earlier_scan_visit_id", table_name="earlier_scan")
    op.drop_index("ix_earlier_scan_request_id", table_name="earlier_scan")
    op.drop_table("earlier_scan")
