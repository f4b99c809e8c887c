"""Personal links of guests and partners' clerks, their sessions, proposals, scans and consents.

Revision: 0010
Before: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OF_GUEST = sa.text("revoked_at IS NULL AND kind = 'guest'")
OF_CLERK = sa.text("revoked_at IS NULL AND kind = 'clerk'")
WAITING = sa.text("state = 'waiting' AND member_id IS NOT NULL")
LIVE = sa.text("withdrawn_at IS NULL")
KINDS = "kind IN ('correct', 'passport', 'confirm', 'decline', 'substitute', 'add')"


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "guest_link",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", BIG_ID, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint("kind IN ('clerk', 'guest')", name=op.f("ck_guest_link_kind_known")),
        sa.CheckConstraint(
            "(kind = 'guest') = (member_id IS NOT NULL)", name=op.f("ck_guest_link_guest_is_member")
        ),
        _key("guest_link", "visit_id", "visit"),
        _key("guest_link", "member_id", "member"),
        _key("guest_link", "issued_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_link")),
    )
    op.create_index("uq_guest_link_token_hash", "guest_link", ["token_hash"], unique=True)
    op.create_index("uq_guest_link_live_member", "guest_link", ["member_id"], unique=True, sqlite_where=OF_GUEST,
                    postgresql_where=OF_GUEST)  # fmt: skip
    op.create_index("uq_guest_link_live_clerk", "guest_link", ["visit_id"], unique=True, sqlite_where=OF_CLERK,
                    postgresql_where=OF_CLERK)  # fmt: skip
    op.create_index("ix_guest_link_visit_id", "guest_link", ["visit_id"])
    op.create_table(
        "guest_session",
        sa.Column("link_id", BIG_ID, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        _key("guest_session", "link_id", "guest_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_session")),
    )
    op.create_index("uq_guest_session_secret_hash", "guest_session", ["secret_hash"], unique=True)
    op.create_index("ix_guest_session_link_id", "guest_session", ["link_id"])
    op.create_table(
        "guest_proposal",
        sa.Column("visit_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("link_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("told_by", sa.LargeBinary(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", BIG_ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_guest_proposal_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'refused')", name=op.f("ck_guest_proposal_state_known")
        ),
        sa.CheckConstraint(
            "(kind = 'add') = (member_id IS NULL)", name=op.f("ck_guest_proposal_add_has_no_member")
        ),
        sa.CheckConstraint("(told_by IS NULL) = (told_on IS NULL)", name=op.f("ck_guest_proposal_told_whole")),
        _key("guest_proposal", "visit_id", "visit"),
        _key("guest_proposal", "member_id", "member"),
        _key("guest_proposal", "link_id", "guest_link"),
        _key("guest_proposal", "made_by", "account"),
        _key("guest_proposal", "decided_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_proposal")),
    )
    op.create_index("uq_guest_proposal_waiting", "guest_proposal", ["member_id", "kind"], unique=True,
                    sqlite_where=WAITING, postgresql_where=WAITING)  # fmt: skip
    op.create_index("ix_guest_proposal_visit_state", "guest_proposal", ["visit_id", "state"])
    op.create_table(
        "guest_scan",
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("file_id", BIG_ID, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        _key("guest_scan", "member_id", "member"),
        _key("guest_scan", "file_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_scan")),
    )
    op.create_index("ix_guest_scan_member_id", "guest_scan", ["member_id"])
    op.create_table(
        "guest_consent",
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("link_id", BIG_ID, nullable=True),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("representative", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_guest_consent_withdrawn_after_given")
        ),
        _key("guest_consent", "member_id", "member"),
        _key("guest_consent", "link_id", "guest_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_consent")),
    )
    op.create_index("uq_guest_consent_live", "guest_consent", ["member_id"], unique=True, sqlite_where=LIVE,
                    postgresql_where=LIVE)  # fmt: skip


def downgrade() -> None:
    for table in ("guest_consent", "guest_scan", "guest_proposal", "guest_session", "guest_link"):
        op.drop_table(table)
