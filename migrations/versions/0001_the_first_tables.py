"""The first tables.

Revision: 0001
Before: None
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("post_ru", sa.String(length=300), nullable=False),
        sa.Column("post_en", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("digest_hour", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("locale IN ('ru', 'en')", name=op.f("ck_account_locale_known")),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_account_digest_hour_in_day")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_normalised")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.UniqueConstraint("mark", name="uq_account_mark"),
    )
    op.create_table(
        "calendar_override",
        sa.Column("calendar", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_override")),
        sa.UniqueConstraint("calendar", "day", name="uq_calendar_override_calendar_day"),
    )
    op.create_table(
        "event",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_kind"), ["kind"], unique=False)
        batch_op.create_index("ix_event_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index("ix_event_visit_at", ["visit_id", "at"], unique=False)

    op.create_table(
        "figure",
        sa.Column("what_ru", sa.String(length=300), nullable=False),
        sa.Column("what_en", sa.String(length=300), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("name", name=op.f("uq_heartbeat_name")),
    )
    op.create_table(
        "idempotent_call",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("etag", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_call")),
    )
    with op.batch_alter_table("idempotent_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_call_at"), ["at"], unique=False)
        batch_op.create_index("uq_idempotent_call_key", ["account_id", "key"], unique=True)

    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("performing", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'running', 'done', 'failed', 'uncertain', 'withdrawn')", name=op.f("ck_job_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('open', 'running')"),
            postgresql_where=sa.text("state IN ('open', 'running')"),
        )
        batch_op.create_index(
            "ix_job_troubled",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('failed', 'uncertain')"),
            postgresql_where=sa.text("state IN ('failed', 'uncertain')"),
        )
        batch_op.create_index("ix_job_visit_id", ["visit_id"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title_ru", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("pattern", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("key", name="uq_number_series_key"),
    )
    op.create_table(
        "partner",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("tie", sa.String(length=16), nullable=False),
        sa.Column("name_ru", sa.String(length=400), nullable=False),
        sa.Column("name_en", sa.String(length=400), nullable=False),
        sa.Column("name_own", sa.String(length=400), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("city_ru", sa.String(length=120), nullable=False),
        sa.Column("city_en", sa.String(length=120), nullable=False),
        sa.Column("city_own", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("address_ru", sa.String(length=400), nullable=False),
        sa.Column("address_en", sa.String(length=400), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("head_name_ru", sa.String(length=200), nullable=False),
        sa.Column("head_name_en", sa.String(length=200), nullable=False),
        sa.Column("head_name_own", sa.String(length=200), nullable=False),
        sa.Column("head_post_ru", sa.String(length=300), nullable=False),
        sa.Column("head_post_en", sa.String(length=300), nullable=False),
        sa.Column("head_post_own", sa.String(length=300), nullable=False),
        sa.Column("head_gender", sa.String(length=1), nullable=False),
        sa.Column("addressee_ru", sa.String(length=600), nullable=False),
        sa.Column("addressee_en", sa.String(length=600), nullable=False),
        sa.Column("addressee_own", sa.String(length=600), nullable=False),
        sa.Column("salutation_ru", sa.String(length=300), nullable=False),
        sa.Column("salutation_en", sa.String(length=300), nullable=False),
        sa.Column("salutation_own", sa.String(length=300), nullable=False),
        sa.Column("founded", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("head_gender IN ('', 'm', 'f')", name=op.f("ck_partner_head_gender_known")),
        sa.CheckConstraint(
            "kind IN ('city', 'school', 'university', 'consulate', 'association', 'ministry', 'body')",
            name=op.f("ck_partner_kind_known"),
        ),
        sa.CheckConstraint(
            "tie IN ('sister', 'agreement', 'prospect', 'contact', 'membership', 'own')",
            name=op.f("ck_partner_tie_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("key", name="uq_partner_key"),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index("ix_partner_country", ["country"], unique=False)

    op.create_table(
        "person",
        sa.Column("native_family", sa.String(length=120), nullable=False),
        sa.Column("native_given", sa.String(length=120), nullable=False),
        sa.Column("native_patronymic", sa.String(length=120), nullable=False),
        sa.Column("latin_family", sa.String(length=120), nullable=False),
        sa.Column("latin_given", sa.String(length=120), nullable=False),
        sa.Column("russian_family", sa.String(length=120), nullable=False),
        sa.Column("russian_given", sa.String(length=120), nullable=False),
        sa.Column("russian_patronymic", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("sex", sa.String(length=8), nullable=False),
        sa.Column("citizenships", sa.JSON(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("birth_place", sa.LargeBinary(), nullable=True),
        sa.Column("birth_index", sa.String(length=64), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("post_ru", sa.String(length=300), nullable=False),
        sa.Column("post_en", sa.String(length=300), nullable=False),
        sa.Column("organisation_ru", sa.String(length=300), nullable=False),
        sa.Column("organisation_en", sa.String(length=300), nullable=False),
        sa.Column("diet", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "latin_family <> '' OR native_family <> '' OR russian_family <> ''", name=op.f("ck_person_has_a_name")
        ),
        sa.CheckConstraint("sex IN ('male', 'female', 'unknown')", name=op.f("ck_person_sex_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_birth_index", ["birth_index"], unique=False)
        batch_op.create_index("ix_person_name_key", ["name_key"], unique=False)

    op.create_table(
        "process_definition",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_definition")),
        sa.UniqueConstraint("key", "version", name="uq_process_definition_key_version"),
    )
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit")),
        sa.UniqueConstraint("key", name=op.f("uq_rate_limit_key")),
    )
    with op.batch_alter_table("rate_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_limit_window_start"), ["window_start"], unique=False)

    op.create_table(
        "search_entry",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title_ru", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.create_index("ix_search_entry_thing", ["kind", "thing_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_search_entry_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "search_word",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_word_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_search_word_word", ["word", "entry_id"], unique=False)

    op.create_table(
        "signatory",
        sa.Column("name_ru", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("short_ru", sa.String(length=120), nullable=False),
        sa.Column("short_en", sa.String(length=120), nullable=False),
        sa.Column("post_ru", sa.String(length=300), nullable=False),
        sa.Column("post_en", sa.String(length=300), nullable=False),
        sa.Column("name_genitive", sa.String(length=200), nullable=False),
        sa.Column("name_dative", sa.String(length=200), nullable=False),
        sa.Column("post_genitive", sa.String(length=300), nullable=False),
        sa.Column("post_dative", sa.String(length=300), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("gender IN ('', 'm', 'f')", name=op.f("ck_signatory_gender_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.create_index(
            "uq_signatory_default",
            ["is_default"],
            unique=True,
            sqlite_where=sa.text("is_default AND active"),
            postgresql_where=sa.text("is_default AND active"),
        )

    op.create_table(
        "stored_file",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("token", name=op.f("uq_stored_file_token")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_claimed"), ["claimed"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "role IN ('coordinator', 'translator', 'manager', 'administrator')", name=op.f("ck_account_role_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_role")),
        sa.UniqueConstraint("account_id", "role", name="uq_account_role_account_role"),
    )
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.create_index("ix_account_role_role", ["role"], unique=False)

    op.create_table(
        "account_session",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name="uq_account_session_token_hash"),
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.create_index("ix_account_session_account_id", ["account_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_ru", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("own_party", sa.String(length=200), nullable=False),
        sa.Column("signed", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("has_plan", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_agreement_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index("ix_agreement_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index("ix_api_token_account_id", ["account_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("year", sa.String(length=10), nullable=False),
        sa.Column("title_ru", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("result", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_award_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index("ix_award_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "body_post",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_body_post_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_post")),
    )
    with op.batch_alter_table("body_post", schema=None) as batch_op:
        batch_op.create_index("ix_body_post_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("key", sa.String(length=150), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("to_name", sa.LargeBinary(), nullable=False),
        sa.Column("to_address", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'uncertain', 'withdrawn')", name=op.f("ck_mail_state_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_visit_id", ["visit_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=120), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("members_what", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_membership_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("partner_id", name="uq_membership_partner_id"),
    )
    op.create_table(
        "number_counter",
        sa.Column("series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next_value", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("next_value >= 1", name=op.f("ck_number_counter_next_value_counts")),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["number_series.id"],
            name=op.f("fk_number_counter_series_id_number_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_counter")),
        sa.UniqueConstraint("series_id", "year", name="uq_number_counter_series_year"),
    )
    op.create_table(
        "office",
        sa.Column("name_ru", sa.String(length=400), nullable=False),
        sa.Column("name_en", sa.String(length=400), nullable=False),
        sa.Column("department_ru", sa.String(length=400), nullable=False),
        sa.Column("department_en", sa.String(length=400), nullable=False),
        sa.Column("city_ru", sa.String(length=120), nullable=False),
        sa.Column("city_en", sa.String(length=120), nullable=False),
        sa.Column("city_in_ru", sa.String(length=160), nullable=False),
        sa.Column("city_in_en", sa.String(length=160), nullable=False),
        sa.Column("address_ru", sa.String(length=400), nullable=False),
        sa.Column("address_en", sa.String(length=400), nullable=False),
        sa.Column("letterhead_ru", sa.Text(), nullable=False),
        sa.Column("letterhead_en", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("pack_key", sa.String(length=60), nullable=False),
        sa.Column("arms_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_only_one")),
        sa.ForeignKeyConstraint(["arms_file_id"], ["stored_file.id"], name=op.f("fk_office_arms_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "partner_contact",
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_contact_partner_id_partner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_contact")),
    )
    with op.batch_alter_table("partner_contact", schema=None) as batch_op:
        batch_op.create_index("ix_partner_contact_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "passport",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("biometric", sa.Boolean(), nullable=True),
        sa.Column("latin_family", sa.String(length=120), nullable=False),
        sa.Column("latin_given", sa.String(length=120), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "type IN ('ordinary', 'service', 'diplomatic', 'internal')", name=op.f("ck_passport_type_known")
        ),
        sa.CheckConstraint(
            "expires_on IS NULL OR issued_on IS NULL OR expires_on > issued_on", name=op.f("ck_passport_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passport_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport")),
    )
    with op.batch_alter_table("passport", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passport_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_passport_live_number",
            ["country", "number_index"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "password_token",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("purpose IN ('first', 'reset')", name=op.f("ck_password_token_purpose_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_token_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_token")),
        sa.UniqueConstraint("token_hash", name="uq_password_token_token_hash"),
    )
    with op.batch_alter_table("password_token", schema=None) as batch_op:
        batch_op.create_index("ix_password_token_account_id", ["account_id"], unique=False)

    op.create_table(
        "translator_pair",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=8), nullable=False),
        sa.Column("interprets", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("source <> target", name=op.f("ck_translator_pair_two_languages")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_translator_pair_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translator_pair")),
        sa.UniqueConstraint("account_id", "source", "target", name="uq_translator_pair_direction"),
    )
    op.create_table(
        "visit",
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("direction", sa.String(length=12), nullable=False),
        sa.Column("process_key", sa.String(length=40), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("standing_reason", sa.String(length=1000), nullable=False),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=True),
        sa.Column("departure", sa.Date(), nullable=True),
        sa.Column("dates_text", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("visa_purpose", sa.String(length=20), nullable=False),
        sa.Column("host_name", sa.String(length=300), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("responsible_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("substitute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("composition_closed", sa.Boolean(), nullable=False),
        sa.Column("crosses_border", sa.Boolean(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("copied_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "direction IN ('incoming', 'outgoing', 'online', 'hosted')", name=op.f("ck_visit_direction_known")
        ),
        sa.CheckConstraint(
            "standing IN ('live', 'postponed', 'cancelled', 'closed')", name=op.f("ck_visit_standing_known")
        ),
        sa.CheckConstraint(
            "departure IS NULL OR arrival IS NULL OR departure >= arrival", name=op.f("ck_visit_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["copied_from_id"], ["visit.id"], name=op.f("fk_visit_copied_from_id_visit")),
        sa.ForeignKeyConstraint(["parent_id"], ["visit.id"], name=op.f("fk_visit_parent_id_visit")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_visit_partner_id_partner")),
        sa.ForeignKeyConstraint(["responsible_id"], ["account.id"], name=op.f("fk_visit_responsible_id_account")),
        sa.ForeignKeyConstraint(["substitute_id"], ["account.id"], name=op.f("fk_visit_substitute_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_arrival", ["arrival", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index("ix_visit_standing_arrival", ["standing", "arrival"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_language", sa.String(length=8), nullable=False),
        sa.Column("target_language", sa.String(length=8), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=True),
        sa.Column("count_method", sa.String(length=8), nullable=False),
        sa.Column("count_parts", sa.Integer(), nullable=True),
        sa.Column("counted_from_sha", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_user", sa.String(length=300), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("translator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Boolean(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("count_method IN ('', 'counted', 'typed')", name=op.f("ck_assignment_count_method_known")),
        sa.CheckConstraint(
            "purpose IN ('', 'information', 'letter', 'speech', 'presentation', 'agreement', 'certificate', 'publication')",
            name=op.f("ck_assignment_purpose_known"),
        ),
        sa.CheckConstraint("state <> 'open' OR translator_id IS NULL", name=op.f("ck_assignment_nobody_when_open")),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR (source_file_id IS NOT NULL AND characters IS NOT NULL AND characters > 0 AND purpose <> '' AND due_at IS NOT NULL AND text_user <> '' AND names <> '' AND source_language <> '' AND target_language <> '')",
            name=op.f("ck_assignment_complete_when_open"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'claimed', 'submitted', 'returned', 'accepted', 'released', 'cancelled')",
            name=op.f("ck_assignment_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'submitted', 'returned', 'accepted', 'released') OR translator_id IS NOT NULL",
            name=op.f("ck_assignment_translator_when_taken"),
        ),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR accepted_by_id <> translator_id", name=op.f("ck_assignment_accepted_by_another")
        ),
        sa.CheckConstraint(
            "reviser_id IS NULL OR translator_id IS NULL OR reviser_id <> translator_id",
            name=op.f("ck_assignment_revised_by_another"),
        ),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["account.id"], name=op.f("fk_assignment_accepted_by_id_account")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_assignment_created_by_id_account")),
        sa.ForeignKeyConstraint(["released_by_id"], ["account.id"], name=op.f("fk_assignment_released_by_id_account")),
        sa.ForeignKeyConstraint(
            ["result_file_id"], ["stored_file.id"], name=op.f("fk_assignment_result_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["reviser_id"], ["account.id"], name=op.f("fk_assignment_reviser_id_account")),
        sa.ForeignKeyConstraint(
            ["source_file_id"], ["stored_file.id"], name=op.f("fk_assignment_source_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["translator_id"], ["account.id"], name=op.f("fk_assignment_translator_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_assignment_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignment_reviser_id",
            ["reviser_id"],
            unique=False,
            sqlite_where=sa.text("reviser_id IS NOT NULL"),
            postgresql_where=sa.text("reviser_id IS NOT NULL"),
        )
        batch_op.create_index("ix_assignment_state_due", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_assignment_translator_id", ["translator_id", "state"], unique=False)
        batch_op.create_index("ix_assignment_visit_id", ["visit_id", "id"], unique=False)

    op.create_table(
        "condition_override",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("condition_key", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_condition_override_account_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_condition_override_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_override")),
        sa.UniqueConstraint("visit_id", "condition_key", name="uq_condition_override_visit_condition"),
    )
    op.create_table(
        "invitation",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "answer IN ('', 'coming', 'deputy', 'greeting', 'declined', 'silent')",
            name=op.f("ck_invitation_answer_known"),
        ),
        sa.CheckConstraint(
            "channel IN ('letter', 'mail', 'phone', 'in_person', '')", name=op.f("ck_invitation_channel_known")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_invitation_recorded_by_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_invitation_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index("uq_invitation_visit_id", ["visit_id"], unique=True)

    op.create_table(
        "member",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("post_ru", sa.String(length=300), nullable=False),
        sa.Column("post_en", sa.String(length=300), nullable=False),
        sa.Column("organisation_ru", sa.String(length=300), nullable=False),
        sa.Column("organisation_en", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("replaced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'declined', 'removed')", name=op.f("ck_member_state_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id_person")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["member.id"], name=op.f("fk_member_replaced_by_id_member")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_member_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_member_live_person",
            ["visit_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
            postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
        )
        batch_op.create_index(
            "uq_member_one_head",
            ["visit_id"],
            unique=True,
            sqlite_where=sa.text("is_head AND state IN ('proposed', 'confirmed')"),
            postgresql_where=sa.text("is_head AND state IN ('proposed', 'confirmed')"),
        )

    op.create_table(
        "member_list",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("corrections", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("state IN ('preview', 'imported', 'dropped')", name=op.f("ck_member_list_state_known")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_member_list_created_by_account")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_member_list_file_id_stored_file")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_member_list_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_list")),
    )
    with op.batch_alter_table("member_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_list_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_name", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreement', 'promise', 'invitation', 'proposal', 'practice', 'other')",
            name=op.f("ck_outcome_kind_known"),
        ),
        sa.CheckConstraint("owner_id IS NULL OR owner_name = ''", name=op.f("ck_outcome_one_owner")),
        sa.CheckConstraint("state IN ('open', 'done', 'declined', 'handed_over')", name=op.f("ck_outcome_state_known")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_outcome_created_by_id_account")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_outcome_owner_id_account")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["account.id"], name=op.f("fk_outcome_settled_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_outcome_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_state_due", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_outcome_visit_id", ["visit_id", "id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_source", sa.String(length=8), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("number_year", sa.Integer(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("render_no", sa.Integer(), nullable=False),
        sa.Column("render_error", sa.String(length=300), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("scan_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("number_source IN ('', 'own', 'typed')", name=op.f("ck_paper_number_source_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'signed', 'sent', 'superseded', 'revoked')",
            name=op.f("ck_paper_state_known"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_paper_approved_by_account")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_paper_created_by_account")),
        sa.ForeignKeyConstraint(["scan_file_id"], ["stored_file.id"], name=op.f("fk_paper_scan_file_id_stored_file")),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_paper_submitted_by_account")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["paper.id"], name=op.f("fk_paper_supersedes_id_paper")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_paper_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_paper_visit_kind", ["visit_id", "kind"], unique=False)
        batch_op.create_index("uq_paper_code", ["code"], unique=True)
        batch_op.create_index(
            "uq_paper_own_number",
            ["series", "number_year", "number"],
            unique=True,
            sqlite_where=sa.text("number_source = 'own'"),
            postgresql_where=sa.text("number_source = 'own'"),
        )
        batch_op.create_index("uq_paper_supersedes", ["supersedes_id"], unique=True)

    op.create_table(
        "programme_item",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("place_ru", sa.String(length=300), nullable=False),
        sa.Column("place_en", sa.String(length=300), nullable=False),
        sa.Column("host_ru", sa.String(length=300), nullable=False),
        sa.Column("host_en", sa.String(length=300), nullable=False),
        sa.Column("dress_ru", sa.String(length=200), nullable=False),
        sa.Column("dress_en", sa.String(length=200), nullable=False),
        sa.Column("note_ru", sa.String(length=1000), nullable=False),
        sa.Column("note_en", sa.String(length=1000), nullable=False),
        sa.Column("internal_note", sa.Text(), nullable=False),
        sa.Column("responsible_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("interpreter_needed", sa.Boolean(), nullable=False),
        sa.Column("interpreter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("interpreter_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("title_ru <> '' OR title_en <> ''", name=op.f("ck_programme_item_has_title")),
        sa.CheckConstraint("ends IS NULL OR ends > starts", name=op.f("ck_programme_item_times_in_order")),
        sa.CheckConstraint("ends IS NULL OR starts IS NOT NULL", name=op.f("ck_programme_item_end_has_start")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_programme_item_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"], ["account.id"], name=op.f("fk_programme_item_interpreter_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_programme_item_responsible_id_account")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_programme_item_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
    )
    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.create_index("ix_programme_item_day_interpreter", ["day", "interpreter_id"], unique=False)
        batch_op.create_index("ix_programme_item_day_responsible", ["day", "responsible_id"], unique=False)
        batch_op.create_index("ix_programme_item_visit_day", ["visit_id", "day", "position"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("told_generation", sa.Integer(), nullable=False),
        sa.Column("title_code", sa.String(length=80), nullable=False),
        sa.Column("title_params", sa.JSON(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("endpoint_values", sa.JSON(), nullable=False),
        sa.Column("fragment", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("check_name", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("calendars", sa.JSON(), nullable=False),
        sa.Column("ignore_quiet", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("basis IN ('law', 'practice', 'internal')", name=op.f("ck_reminder_basis_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'told', 'done', 'withdrawn', 'missed')", name=op.f("ck_reminder_state_known")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_reminder_owner_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_reminder_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("visit_id", "source", "key", name="uq_reminder_visit_source_key"),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reminder_due",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'told')"),
            postgresql_where=sa.text("state IN ('pending', 'told')"),
        )
        batch_op.create_index(
            "ix_reminder_owner",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'told')"),
            postgresql_where=sa.text("state IN ('pending', 'told')"),
        )

    op.create_table(
        "told",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_told_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
    )
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index("uq_told_address", ["visit_id", "address_index"], unique=True)

    op.create_table(
        "visit_access",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("capacity", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('staff', 'responsible', 'substitute', 'translator', 'interpreter', 'observer')",
            name=op.f("ck_visit_access_capacity_known"),
        ),
        sa.CheckConstraint("(account_id IS NULL) <> (role IS NULL)", name=op.f("ck_visit_access_account_or_role")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_access_account_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_access_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_access")),
    )
    with op.batch_alter_table("visit_access", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visit_access_account",
            ["account_id", "visit_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_visit_access_role",
            ["role", "visit_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_visit_access_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(
            "uq_visit_access_live",
            ["visit_id", "account_id", "capacity", "reason"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
        )

    op.create_table(
        "visit_basis",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'agreement', 'plan', 'association', 'request')",
            name=op.f("ck_visit_basis_kind_known"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_visit_basis_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_visit_basis_file_id_stored_file")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_basis_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_basis")),
    )
    with op.batch_alter_table("visit_basis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_basis_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "visit_report",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("not_done", sa.Text(), nullable=False),
        sa.Column("highlight", sa.String(length=1000), nullable=False),
        sa.Column("no_outcomes", sa.Boolean(), nullable=False),
        sa.Column("no_outcomes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_outcomes_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name=op.f("ck_visit_report_filed_has_moment")),
        sa.CheckConstraint(
            "state <> 'filed' OR (aim <> '' AND results <> '')", name=op.f("ck_visit_report_complete_when_filed")
        ),
        sa.CheckConstraint("state IN ('draft', 'filed')", name=op.f("ck_visit_report_state_known")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["account.id"], name=op.f("fk_visit_report_filed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["no_outcomes_by_id"], ["account.id"], name=op.f("fk_visit_report_no_outcomes_by_id_account")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_report_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_report")),
        sa.UniqueConstraint("visit_id", name="uq_visit_report_visit_id"),
    )
    op.create_table(
        "visit_request",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("direction", sa.String(length=12), nullable=False),
        sa.Column("process_key", sa.String(length=40), nullable=False),
        sa.Column("incoming_number", sa.String(length=60), nullable=False),
        sa.Column("incoming_date", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("scan_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asking_body", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("contact_email", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("head_name", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("payer", sa.String(length=300), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("date_from", sa.Date(), nullable=True),
        sa.Column("date_to", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("basis_kind", sa.String(length=12), nullable=False),
        sa.Column("basis_text", sa.String(length=400), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "basis_kind IN ('invitation', 'agreement', 'plan', 'association', 'request')",
            name=op.f("ck_visit_request_basis_kind_known"),
        ),
        sa.CheckConstraint(
            "direction IN ('incoming', 'outgoing', 'online', 'hosted')", name=op.f("ck_visit_request_direction_known")
        ),
        sa.CheckConstraint(
            "source IN ('letter', 'public_form', 'api', 'ourselves')", name=op.f("ck_visit_request_source_known")
        ),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f("ck_visit_request_declined_with_reason")),
        sa.CheckConstraint(
            "state IN ('submitted', 'more_asked', 'accepted', 'declined', 'withdrawn')",
            name=op.f("ck_visit_request_state_known"),
        ),
        sa.CheckConstraint(
            "date_to IS NULL OR date_from IS NULL OR date_to >= date_from", name=op.f("ck_visit_request_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_visit_request_created_by_account")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_visit_request_decided_by_account")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_visit_request_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["scan_file_id"], ["stored_file.id"], name=op.f("fk_visit_request_scan_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_request_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_request")),
    )
    with op.batch_alter_table("visit_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_request_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index("ix_visit_request_state", ["state", "id"], unique=False)
        batch_op.create_index("uq_visit_request_reference", ["reference"], unique=True)
        batch_op.create_index("uq_visit_request_visit_id", ["visit_id"], unique=True)

    op.create_table(
        "assignment_remark",
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "verb IN ('submit', 'return', 'accept', 'give-back', 'cancel')",
            name=op.f("ck_assignment_remark_verb_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_remark_account_id_account")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_remark_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_assignment_remark_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_remark")),
    )
    with op.batch_alter_table("assignment_remark", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_remark_assignment_id", ["assignment_id", "id"], unique=False)

    op.create_table(
        "dispatch",
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("to_whom", sa.LargeBinary(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("mail_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("how IN ('mail', 'hand', 'post', 'system')", name=op.f("ck_dispatch_how_known")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_dispatch_mail_id_mail")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_dispatch_paper_id_paper")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_dispatch_recorded_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.create_index("ix_dispatch_paper_id", ["paper_id"], unique=False)

    op.create_table(
        "paper_text",
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pdf_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("docx_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rendered_no", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["docx_file_id"], ["stored_file.id"], name=op.f("fk_paper_text_docx_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["account.id"], name=op.f("fk_paper_text_edited_by_account")),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_text_paper_id_paper"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pdf_file_id"], ["stored_file.id"], name=op.f("fk_paper_text_pdf_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_text")),
        sa.UniqueConstraint("paper_id", "language", name="uq_paper_text_language"),
    )
    op.create_table(
        "visa_case",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("destination", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("citizenship", sa.String(length=8), nullable=True),
        sa.Column("passport_type", sa.String(length=12), nullable=True),
        sa.Column("accompanied_by_parent", sa.Boolean(), nullable=True),
        sa.Column("blank_pages", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.String(length=80), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("hand_answered_by", sa.String(length=300), nullable=False),
        sa.Column("hand_answered_on", sa.Date(), nullable=True),
        sa.Column("hand_note", sa.Text(), nullable=False),
        sa.Column("goes_off_on", sa.Date(), nullable=True),
        sa.Column("ask_due_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("visa_number", sa.LargeBinary(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("not_needed_reason", sa.String(length=500), nullable=False),
        sa.Column("alarm", sa.String(length=40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("changes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("NOT by_hand OR hand_answered_by <> ''", name=op.f("ck_visa_case_by_hand_with_source")),
        sa.CheckConstraint("direction IN ('inbound', 'outbound')", name=op.f("ck_visa_case_direction_known")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('visa_required', 'visa_free', 'evisa')",
            name=op.f("ck_visa_case_outcome_known"),
        ),
        sa.CheckConstraint(
            "state <> 'not_needed' OR not_needed_reason <> ''", name=op.f("ck_visa_case_not_needed_with_reason")
        ),
        sa.CheckConstraint("state <> 'refused' OR refusal <> ''", name=op.f("ck_visa_case_refused_with_reason")),
        sa.CheckConstraint(
            "state IN ('to_choose', 'asked', 'collecting', 'checked', 'filed', 'invitation_issued', 'applied', 'issued', 'refused', 'not_needed', 'withdrawn')",
            name=op.f("ck_visa_case_state_known"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_visa_case_member_id_member")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visa_case_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visa_case")),
    )
    with op.batch_alter_table("visa_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visa_case_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_visa_case_visit_state", ["visit_id", "state"], unique=False)
        batch_op.create_index(
            "uq_visa_case_live",
            ["member_id", "destination"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "checklist_item",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title_ru", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("flag_only", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_calendars", sa.JSON(), nullable=False),
        sa.Column("due", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("acted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("basis IN ('law', 'practice', 'internal')", name=op.f("ck_checklist_item_basis_known")),
        sa.CheckConstraint("kind IN ('upload', 'original', 'data')", name=op.f("ck_checklist_item_kind_known")),
        sa.CheckConstraint("scope IN ('traveller', 'delegation')", name=op.f("ck_checklist_item_scope_known")),
        sa.CheckConstraint("state <> 'rejected' OR reason <> ''", name=op.f("ck_checklist_item_rejected_with_reason")),
        sa.CheckConstraint("state <> 'waived' OR reason <> ''", name=op.f("ck_checklist_item_waived_with_reason")),
        sa.CheckConstraint(
            "state IN ('missing', 'received', 'verified', 'rejected', 'waived')",
            name=op.f("ck_checklist_item_state_known"),
        ),
        sa.CheckConstraint("NOT flag_only OR file_id IS NULL", name=op.f("ck_checklist_item_flag_has_no_file")),
        sa.ForeignKeyConstraint(["acted_by"], ["account.id"], name=op.f("fk_checklist_item_acted_by_account")),
        sa.ForeignKeyConstraint(["case_id"], ["visa_case.id"], name=op.f("fk_checklist_item_case_id_visa_case")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_checklist_item_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index("ix_checklist_item_due", ["due_on", "state"], unique=False)
        batch_op.create_index("uq_checklist_item_code", ["case_id", "code"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index("uq_checklist_item_code")
        batch_op.drop_index("ix_checklist_item_due")

    op.drop_table("checklist_item")
    with op.batch_alter_table("visa_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visa_case_live",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index("ix_visa_case_visit_state")
        batch_op.drop_index(batch_op.f("ix_visa_case_member_id"))

    op.drop_table("visa_case")
    op.drop_table("paper_text")
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.drop_index("ix_dispatch_paper_id")

    op.drop_table("dispatch")
    with op.batch_alter_table("assignment_remark", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_remark_assignment_id")

    op.drop_table("assignment_remark")
    with op.batch_alter_table("visit_request", schema=None) as batch_op:
        batch_op.drop_index("uq_visit_request_visit_id")
        batch_op.drop_index("uq_visit_request_reference")
        batch_op.drop_index("ix_visit_request_state")
        batch_op.drop_index(batch_op.f("ix_visit_request_partner_id"))

    op.drop_table("visit_request")
    op.drop_table("visit_report")
    with op.batch_alter_table("visit_basis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_basis_visit_id"))

    op.drop_table("visit_basis")
    with op.batch_alter_table("visit_access", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_access_live",
            sqlite_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_access_visit_id"))
        batch_op.drop_index(
            "ix_visit_access_role",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_visit_access_account",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("visit_access")
    with op.batch_alter_table("told", schema=None) as batch_op:
        batch_op.drop_index("uq_told_address")
        batch_op.drop_index(batch_op.f("ix_told_visit_id"))

    op.drop_table("told")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reminder_owner",
            sqlite_where=sa.text("state IN ('pending', 'told')"),
            postgresql_where=sa.text("state IN ('pending', 'told')"),
        )
        batch_op.drop_index(
            "ix_reminder_due",
            sqlite_where=sa.text("state IN ('pending', 'told')"),
            postgresql_where=sa.text("state IN ('pending', 'told')"),
        )

    op.drop_table("reminder")
    with op.batch_alter_table("programme_item", schema=None) as batch_op:
        batch_op.drop_index("ix_programme_item_visit_day")
        batch_op.drop_index("ix_programme_item_day_responsible")
        batch_op.drop_index("ix_programme_item_day_interpreter")

    op.drop_table("programme_item")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index("uq_paper_supersedes")
        batch_op.drop_index(
            "uq_paper_own_number",
            sqlite_where=sa.text("number_source = 'own'"),
            postgresql_where=sa.text("number_source = 'own'"),
        )
        batch_op.drop_index("uq_paper_code")
        batch_op.drop_index("ix_paper_visit_kind")
        batch_op.drop_index("ix_paper_state")

    op.drop_table("paper")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_visit_id")
        batch_op.drop_index("ix_outcome_state_due")

    op.drop_table("outcome")
    with op.batch_alter_table("member_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_list_visit_id"))

    op.drop_table("member_list")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_member_one_head",
            sqlite_where=sa.text("is_head AND state IN ('proposed', 'confirmed')"),
            postgresql_where=sa.text("is_head AND state IN ('proposed', 'confirmed')"),
        )
        batch_op.drop_index(
            "uq_member_live_person",
            sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
            postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
        )
        batch_op.drop_index(batch_op.f("ix_member_visit_id"))
        batch_op.drop_index(batch_op.f("ix_member_person_id"))

    op.drop_table("member")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index("uq_invitation_visit_id")

    op.drop_table("invitation")
    op.drop_table("condition_override")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_visit_id")
        batch_op.drop_index("ix_assignment_translator_id")
        batch_op.drop_index("ix_assignment_state_due")
        batch_op.drop_index(
            "ix_assignment_reviser_id",
            sqlite_where=sa.text("reviser_id IS NOT NULL"),
            postgresql_where=sa.text("reviser_id IS NOT NULL"),
        )

    op.drop_table("assignment")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_standing_arrival")
        batch_op.drop_index(batch_op.f("ix_visit_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_visit_partner_id"))
        batch_op.drop_index("ix_visit_arrival")

    op.drop_table("visit")
    op.drop_table("translator_pair")
    with op.batch_alter_table("password_token", schema=None) as batch_op:
        batch_op.drop_index("ix_password_token_account_id")

    op.drop_table("password_token")
    with op.batch_alter_table("passport", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_passport_live_number",
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_passport_person_id"))

    op.drop_table("passport")
    with op.batch_alter_table("partner_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_contact_partner_id")

    op.drop_table("partner_contact")
    op.drop_table("office")
    op.drop_table("number_counter")
    op.drop_table("membership")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_visit_id")

    op.drop_table("mail")
    with op.batch_alter_table("body_post", schema=None) as batch_op:
        batch_op.drop_index("ix_body_post_partner_id")

    op.drop_table("body_post")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index("ix_award_partner_id")

    op.drop_table("award")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index("ix_api_token_account_id")

    op.drop_table("api_token")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_agreement_partner_id")

    op.drop_table("agreement")
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_index("ix_account_session_account_id")

    op.drop_table("account_session")
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.drop_index("ix_account_role_role")

    op.drop_table("account_role")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_visit_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_created_at"))
        batch_op.drop_index(batch_op.f("ix_stored_file_claimed"))

    op.drop_table("stored_file")
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_signatory_default",
            sqlite_where=sa.text("is_default AND active"),
            postgresql_where=sa.text("is_default AND active"),
        )

    op.drop_table("signatory")
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.drop_index("ix_search_word_word")
        batch_op.drop_index(batch_op.f("ix_search_word_entry_id"))

    op.drop_table("search_word")
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_entry_visit_id"))
        batch_op.drop_index("ix_search_entry_thing")

    op.drop_table("search_entry")
    with op.batch_alter_table("rate_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_limit_window_start"))

    op.drop_table("rate_limit")
    op.drop_table("process_definition")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name_key")
        batch_op.drop_index("ix_person_birth_index")

    op.drop_table("person")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_country")

    op.drop_table("partner")
    op.drop_table("number_series")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_visit_id")
        batch_op.drop_index(
            "ix_job_troubled",
            sqlite_where=sa.text("state IN ('failed', 'uncertain')"),
            postgresql_where=sa.text("state IN ('failed', 'uncertain')"),
        )
        batch_op.drop_index(
            "ix_job_due",
            sqlite_where=sa.text("state IN ('open', 'running')"),
            postgresql_where=sa.text("state IN ('open', 'running')"),
        )

    op.drop_table("job")
    with op.batch_alter_table("idempotent_call", schema=None) as batch_op:
        batch_op.drop_index("uq_idempotent_call_key")
        batch_op.drop_index(batch_op.f("ix_idempotent_call_at"))

    op.drop_table("idempotent_call")
    op.drop_table("heartbeat")
    op.drop_table("figure")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_visit_at")
        batch_op.drop_index("ix_event_subject")
        batch_op.drop_index(batch_op.f("ix_event_kind"))
        batch_op.drop_index(batch_op.f("ix_event_account_id"))

    op.drop_table("event")
    op.drop_table("calendar_override")
    op.drop_table("account")
