"""Batches of papers and their recipients, personal links for answers, and the queue of mails to be released.

Revision: 0004
Before: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_batch",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("doing", sa.String(length=12), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("print_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("archive_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("begun_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "doing IN ('', 'draft', 'submit', 'take_back', 'issue', 'lay_out', 'merge', 'sign', 'queue', 'clear')",
            name=op.f("ck_paper_batch_doing_known"),
        ),
        sa.CheckConstraint(
            "state IN ('listing', 'drafted', 'submitted', 'approved', 'ready', 'signed', 'cancelled')",
            name=op.f("ck_paper_batch_state_known"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_paper_batch_approved_by_account")),
        sa.ForeignKeyConstraint(
            ["archive_file_id"], ["stored_file.id"], name=op.f("fk_paper_batch_archive_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name=op.f("fk_paper_batch_begun_by_account")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_paper_batch_created_by_account")),
        sa.ForeignKeyConstraint(
            ["print_file_id"], ["stored_file.id"], name=op.f("fk_paper_batch_print_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_paper_batch_submitted_by_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_paper_batch_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
    )
    with op.batch_alter_table("paper_batch", schema=None) as batch_op:
        batch_op.create_index("ix_paper_batch_state", ["state"], unique=False)
        batch_op.create_index("ix_paper_batch_visit_id", ["visit_id"], unique=False)

    op.create_table(
        "batch_recipient",
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("particulars", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("problems", sa.LargeBinary(), nullable=True),
        sa.Column("faulty", sa.Boolean(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("answer_by", sa.String(length=12), nullable=False),
        sa.Column("answer_text", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "answer IN ('', 'coming', 'deputy', 'declined')", name=op.f("ck_batch_recipient_answer_known")
        ),
        sa.CheckConstraint(
            "answer_by IN ('', 'link', 'letter', 'mail', 'phone', 'in_person')",
            name=op.f("ck_batch_recipient_answer_by_known"),
        ),
        sa.CheckConstraint("gender IN ('', 'm', 'f')", name=op.f("ck_batch_recipient_gender_known")),
        sa.ForeignKeyConstraint(["answered_to"], ["account.id"], name=op.f("fk_batch_recipient_answered_to_account")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_batch_recipient_batch_id_paper_batch")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_batch_recipient_paper_id_paper")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_batch_recipient_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_recipient")),
    )
    with op.batch_alter_table("batch_recipient", schema=None) as batch_op:
        batch_op.create_index("uq_batch_recipient_paper_id", ["paper_id"], unique=True)
        batch_op.create_index("uq_batch_recipient_position", ["batch_id", "position"], unique=True)

    op.create_table(
        "answer_link",
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["batch_recipient.id"], name=op.f("fk_answer_link_recipient_id_batch_recipient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
    )
    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.create_index("ix_answer_link_recipient_id", ["recipient_id"], unique=False)
        batch_op.create_index("uq_answer_link_token_hash", ["token_hash"], unique=True)

    op.create_table(
        "outgoing_mail",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("to_name", sa.LargeBinary(), nullable=False),
        sa.Column("to_address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("trouble", sa.String(length=60), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dispatch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("state <> 'removed' OR reason <> ''", name=op.f("ck_outgoing_mail_removed_with_reason")),
        sa.CheckConstraint(
            "state IN ('waiting', 'held', 'released', 'handed', 'removed')", name=op.f("ck_outgoing_mail_state_known")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatch.id"], name=op.f("fk_outgoing_mail_dispatch_id_dispatch")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_outgoing_mail_paper_id_paper")),
        sa.ForeignKeyConstraint(["queued_by"], ["account.id"], name=op.f("fk_outgoing_mail_queued_by_account")),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_outgoing_mail_released_by_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_outgoing_mail_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_mail_paper_id", ["paper_id"], unique=False)
        batch_op.create_index("ix_outgoing_mail_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_outgoing_mail_visit_id", ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_outgoing_mail_open_paper",
            ["paper_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'held', 'released')"),
            postgresql_where=sa.text("state IN ('waiting', 'held', 'released')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index("uq_outgoing_mail_open_paper")
        batch_op.drop_index("ix_outgoing_mail_visit_id")
        batch_op.drop_index("ix_outgoing_mail_state")
        batch_op.drop_index("ix_outgoing_mail_paper_id")

    op.drop_table("outgoing_mail")
    with op.batch_alter_table("answer_link", schema=None) as batch_op:
        batch_op.drop_index("uq_answer_link_token_hash")
        batch_op.drop_index("ix_answer_link_recipient_id")

    op.drop_table("answer_link")
    with op.batch_alter_table("batch_recipient", schema=None) as batch_op:
        batch_op.drop_index("uq_batch_recipient_position")
        batch_op.drop_index("uq_batch_recipient_paper_id")

    op.drop_table("batch_recipient")
    with op.batch_alter_table("paper_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_batch_visit_id")
        batch_op.drop_index("ix_paper_batch_state")

    op.drop_table("paper_batch")
