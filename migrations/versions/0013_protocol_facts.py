"""What protocol papers say: partners' profiles, talks with their topics, protocol notes, diplomas, fuller reports.

Revision: 0013
Before: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTNER_TEXTS = {"profile_ru": sa.Text(), "profile_en": sa.Text(), "head_about_ru": sa.Text(),
                 "head_about_en": sa.Text(), "head_pronounced": sa.String(200)}  # fmt: skip
REPORT_TEXTS = (
    "contacts", "materials", "media", "evaluation", "enclosures", "aim_en", "done_en", "results_en", "proposals_en",
    "not_done_en", "contacts_en", "materials_en", "media_en", "evaluation_en", "enclosures_en",
)  # fmt: skip
WORKING = ("menu", "press", "security", "equipment", "plan_b")
NOTES = (
    ("occasion", 300), ("greeting", 0), ("presenter", 300), ("folder", 200), ("aims", 0), ("position", 0),
    ("avoid", 0), ("toast", 0), ("headline", 300), ("release", 0), ("quote", 0), ("quoted", 300),
    ("badge_category", 60), ("badge_zone", 60),
)  # fmt: skip


def _text(name: str, size: int = 0) -> "sa.Column[str]":
    return sa.Column(name, sa.String(size) if size else sa.Text(), nullable=False)


def _pair(name: str, size: int = 0) -> list["sa.Column[str]"]:
    return [_text(f"{name}_ru", size), _text(f"{name}_en", size)]


def upgrade() -> None:
    with op.batch_alter_table("partner") as table:
        for name, kind in PARTNER_TEXTS.items():
            table.add_column(sa.Column(name, kind, server_default="", nullable=False))
        table.add_column(sa.Column("population", sa.Integer(), nullable=True))
        table.create_check_constraint("population_counts", "population IS NULL OR population > 0")
    with op.batch_alter_table("visit_report") as table:
        for name in REPORT_TEXTS:
            table.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("highlight_en", sa.String(1000), server_default="", nullable=False))
        table.add_column(sa.Column("sent_to", sa.String(300), server_default="", nullable=False))
    with op.batch_alter_table("outcome") as table:
        table.add_column(sa.Column("what_en", sa.String(1000), server_default="", nullable=False))
    with op.batch_alter_table("programme_item") as table:
        for name in WORKING:
            table.add_column(sa.Column(name, sa.String(300), server_default="", nullable=False))
    op.create_table(
        "conversation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        *_pair("title", 300), *_pair("place", 300), *_pair("chair", 300), *_pair("ours"), *_pair("theirs"),
        sa.Column("interpreting", sa.String(12), nullable=False),
        *_pair("interpreter", 200),
        sa.Column("recorder_id", KEY, nullable=True),
        *_pair("distribution", 500),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("interpreting IN ('none', 'consecutive', 'simultaneous')",
                           name=op.f("ck_conversation_interpreting_known")),
        sa.CheckConstraint("title_ru <> '' OR title_en <> ''", name=op.f("ck_conversation_has_title")),
        sa.CheckConstraint("ends IS NULL OR starts IS NOT NULL", name=op.f("ck_conversation_end_has_start")),
        sa.CheckConstraint("ends IS NULL OR ends > starts", name=op.f("ck_conversation_times_in_order")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_conversation_visit_id_visit")),
        sa.ForeignKeyConstraint(["recorder_id"], ["account.id"], name=op.f("fk_conversation_recorder_id_account")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_conversation_created_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )  # fmt: skip
    op.create_index("ix_conversation_visit_id", "conversation", ["visit_id", "held_on"])
    op.create_table(
        "conversation_topic",
        sa.Column("id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_pair("title", 300), *_pair("speaker", 300),
        sa.Column("minutes", sa.Integer(), nullable=True),
        *_pair("questions"), *_pair("ours"), *_pair("theirs"), *_pair("agreed"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("title_ru <> '' OR title_en <> ''", name=op.f("ck_conversation_topic_has_title")),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600",
                           name=op.f("ck_conversation_topic_minutes_in_bounds")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE",
                                name=op.f("fk_conversation_topic_conversation_id_conversation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_topic")),
    )  # fmt: skip
    op.create_index("ix_conversation_topic_conversation_id", "conversation_topic", ["conversation_id", "position"])
    op.create_table(
        "protocol_notes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        *[column for name, size in NOTES for column in _pair(name, size)],
        sa.Column("read_on", sa.Date(), nullable=True),
        _text("quote_approved_by", 300), _text("photo_credit", 300),
        sa.Column("embargo_on", sa.Date(), nullable=True),
        sa.Column("minors_consent", sa.Boolean(), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_protocol_notes_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol_notes")),
        sa.UniqueConstraint("visit_id", name="uq_protocol_notes_visit_id"),
    )  # fmt: skip
    op.create_table(
        "member_award",
        sa.Column("id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        *_pair("nomination", 500), *_pair("degree", 120),
        _text("serial", 60),
        sa.Column("dispatched_on", sa.Date(), nullable=True),
        *_pair("dispatch", 200),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("nomination_ru <> '' OR nomination_en <> ''",
                           name=op.f("ck_member_award_has_nomination")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_member_award_visit_id_visit")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_award_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_award")),
    )  # fmt: skip
    op.create_index("uq_member_award_visit_member", "member_award", ["visit_id", "member_id"], unique=True)
    op.create_index("uq_member_award_everybody", "member_award", ["visit_id"], unique=True,
                    sqlite_where=sa.text("member_id IS NULL"), postgresql_where=sa.text("member_id IS NULL"))


def downgrade() -> None:
    op.drop_index("uq_member_award_everybody", table_name="member_award")
    op.drop_index("uq_member_award_visit_member", table_name="member_award")
    op.drop_table("member_award")
    op.drop_table("protocol_notes")
    op.drop_index("ix_conversation_topic_conversation_id", table_name="conversation_topic")
    op.drop_table("conversation_topic")
    op.drop_index("ix_conversation_visit_id", table_name="conversation")
    op.drop_table("conversation")
    with op.batch_alter_table("programme_item") as table:
        for name in WORKING:
            table.drop_column(name)
    with op.batch_alter_table("outcome") as table:
        table.drop_column("what_en")
    with op.batch_alter_table("visit_report") as table:
        for name in (*REPORT_TEXTS, "highlight_en", "sent_to"):
            table.drop_column(name)
    with op.batch_alter_table("partner") as table:
        table.drop_constraint(op.f("ck_partner_population_counts"), type_="check")
        for name in (*PARTNER_TEXTS, "population"):
            table.drop_column(name)
