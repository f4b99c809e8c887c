"""Tables of logistics: estimate, hotels, journeys, gifts, duties, terms for interpreters and visa papers, tasks.

Purpose, place, payer and basis of a visit have an English twin, for papers in both languages; a member has a role and a
seat. A person's country of residence and home address are kept for petitions and visa-support letters; an assignment tells
which version of a text it means, its references, layout and confidentiality, for the translation slip.

Revision: 0006
Before: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_line",
        sa.Column("heading", sa.String(length=16), nullable=False),
        sa.Column("what_ru", sa.String(length=300), nullable=False),
        sa.Column("what_en", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("norm", sa.BigInteger(), nullable=True),
        sa.Column("payer", sa.String(length=8), nullable=False),
        sa.Column("budget_line", sa.String(length=100), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "heading IN ('lodging', 'meals', 'reception', 'buffet', 'culture', 'interpreters', 'gifts', 'lounge', 'rent', 'transport', 'household', 'printing', 'travel', 'other')",
            name=op.f("ck_cost_line_heading_known"),
        ),
        sa.CheckConstraint("payer IN ('host', 'sending', 'guest', 'other')", name=op.f("ck_cost_line_payer_known")),
        sa.CheckConstraint(
            "unit IN ('person', 'room', 'hour', 'piece', 'car', 'ticket', 'service')",
            name=op.f("ck_cost_line_unit_known"),
        ),
        sa.CheckConstraint(
            "price >= 0 AND (norm IS NULL OR norm >= 0)", name=op.f("ck_cost_line_amounts_not_below_zero")
        ),
        sa.CheckConstraint("quantity > 0 AND days > 0", name=op.f("ck_cost_line_counts_something")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_cost_line_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_cost_line_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
    )
    op.create_index("ix_cost_line_visit_id", "cost_line", ["visit_id", "id"], unique=False)
    op.create_table(
        "duty",
        sa.Column("who_ru", sa.String(length=300), nullable=False),
        sa.Column("who_en", sa.String(length=300), nullable=False),
        sa.Column("what_ru", sa.String(length=500), nullable=False),
        sa.Column("what_en", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("what_ru <> '' OR what_en <> ''", name=op.f("ck_duty_has_task")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_duty_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_duty_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_visit_id", "duty", ["visit_id", "id"], unique=False)
    op.create_table(
        "entry_terms",
        sa.Column("entries", sa.String(length=8), nullable=False),
        sa.Column("places_ru", sa.String(length=300), nullable=False),
        sa.Column("places_en", sa.String(length=300), nullable=False),
        sa.Column("relation_ru", sa.String(length=300), nullable=False),
        sa.Column("relation_en", sa.String(length=300), nullable=False),
        sa.Column("petition_to_ru", sa.String(length=600), nullable=False),
        sa.Column("petition_to_en", sa.String(length=600), nullable=False),
        sa.Column("consulate_ru", sa.String(length=300), nullable=False),
        sa.Column("consulate_en", sa.String(length=300), nullable=False),
        sa.Column("guideline_ru", sa.String(length=300), nullable=False),
        sa.Column("guideline_en", sa.String(length=300), nullable=False),
        sa.Column("insurance_ru", sa.String(length=300), nullable=False),
        sa.Column("insurance_en", sa.String(length=300), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("embassy_ru", sa.String(length=300), nullable=False),
        sa.Column("embassy_en", sa.String(length=300), nullable=False),
        sa.Column("checkpoint_ru", sa.String(length=300), nullable=False),
        sa.Column("checkpoint_en", sa.String(length=300), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("entries IN ('single', 'double', 'multiple')", name=op.f("ck_entry_terms_entries_known")),
        sa.ForeignKeyConstraint(["association_id"], ["partner.id"], name=op.f("fk_entry_terms_association_id_partner")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_entry_terms_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_entry_terms_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_terms")),
        sa.UniqueConstraint("visit_id", name="uq_entry_terms_visit_id"),
    )
    op.create_table(
        "estimate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("category_ru", sa.String(length=100), nullable=False),
        sa.Column("category_en", sa.String(length=100), nullable=False),
        sa.Column("source_ru", sa.String(length=400), nullable=False),
        sa.Column("source_en", sa.String(length=400), nullable=False),
        sa.Column("norms_ru", sa.String(length=400), nullable=False),
        sa.Column("norms_en", sa.String(length=400), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_estimate_currency_is_a_code")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_estimate_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_estimate_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("visit_id", name="uq_estimate_visit_id"),
    )
    op.create_table(
        "gift",
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("what_ru", sa.String(length=300), nullable=False),
        sa.Column("what_en", sa.String(length=300), nullable=False),
        sa.Column("person_ru", sa.String(length=300), nullable=False),
        sa.Column("person_en", sa.String(length=300), nullable=False),
        sa.Column("presenter_ru", sa.String(length=300), nullable=False),
        sa.Column("presenter_en", sa.String(length=300), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("way IN ('given', 'received')", name=op.f("ck_gift_way_known")),
        sa.CheckConstraint("what_ru <> '' OR what_en <> ''", name=op.f("ck_gift_has_name")),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_gift_value_not_below_zero")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_gift_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_gift_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift")),
    )
    op.create_index("ix_gift_visit_id", "gift", ["visit_id", "id"], unique=False)
    op.create_table(
        "interpreting_terms",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("topic_ru", sa.String(length=500), nullable=False),
        sa.Column("topic_en", sa.String(length=500), nullable=False),
        sa.Column("speakers_ru", sa.String(length=500), nullable=False),
        sa.Column("speakers_en", sa.String(length=500), nullable=False),
        sa.Column("materials_ru", sa.String(length=500), nullable=False),
        sa.Column("materials_en", sa.String(length=500), nullable=False),
        sa.Column("materials_due", sa.Date(), nullable=True),
        sa.Column("dress_ru", sa.String(length=200), nullable=False),
        sa.Column("dress_en", sa.String(length=200), nullable=False),
        sa.Column("rest_ru", sa.String(length=300), nullable=False),
        sa.Column("rest_en", sa.String(length=300), nullable=False),
        sa.Column("confidentiality_ru", sa.String(length=500), nullable=False),
        sa.Column("confidentiality_en", sa.String(length=500), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "mode IN ('consecutive', 'simultaneous', 'whispered')", name=op.f("ck_interpreting_terms_mode_known")
        ),
        sa.CheckConstraint("way IN ('both', 'into_ours', 'from_ours')", name=op.f("ck_interpreting_terms_way_known")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_interpreting_terms_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_interpreting_terms_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreting_terms")),
        sa.UniqueConstraint("visit_id", name="uq_interpreting_terms_visit_id"),
    )
    op.create_table(
        "lodging",
        sa.Column("hotel_ru", sa.String(length=200), nullable=False),
        sa.Column("hotel_en", sa.String(length=200), nullable=False),
        sa.Column("address_ru", sa.String(length=300), nullable=False),
        sa.Column("address_en", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("category_ru", sa.String(length=100), nullable=False),
        sa.Column("category_en", sa.String(length=100), nullable=False),
        sa.Column("payer", sa.String(length=8), nullable=False),
        sa.Column("confirmation", sa.String(length=100), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("hotel_ru <> '' OR hotel_en <> ''", name=op.f("ck_lodging_has_hotel")),
        sa.CheckConstraint("payer IN ('host', 'sending', 'guest', 'other')", name=op.f("ck_lodging_payer_known")),
        sa.CheckConstraint("last_day > first_day", name=op.f("ck_lodging_nights_in_order")),
        sa.CheckConstraint("rooms > 0", name=op.f("ck_lodging_has_rooms")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_lodging_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_lodging_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lodging")),
    )
    op.create_index("ix_lodging_visit_id", "lodging", ["visit_id", "first_day"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("leg", sa.String(length=12), nullable=False),
        sa.Column("vehicle", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("place_ru", sa.String(length=300), nullable=False),
        sa.Column("place_en", sa.String(length=300), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("luggage", sa.String(length=100), nullable=False),
        sa.Column("greeter_ru", sa.String(length=300), nullable=False),
        sa.Column("greeter_en", sa.String(length=300), nullable=False),
        sa.Column("lounge", sa.Boolean(), nullable=False),
        sa.Column("car", sa.String(length=200), nullable=False),
        sa.Column("driver", sa.LargeBinary(), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("leg IN ('arrival', 'departure', 'local')", name=op.f("ck_transfer_leg_known")),
        sa.CheckConstraint("vehicle IN ('flight', 'train', 'bus', 'car')", name=op.f("ck_transfer_vehicle_known")),
        sa.CheckConstraint("people IS NULL OR people > 0", name=op.f("ck_transfer_somebody_travels")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_transfer_created_by_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_transfer_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_visit_id", "transfer", ["visit_id", "day", "at"], unique=False)
    op.create_table(
        "trip_task",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_ru", sa.Text(), nullable=False),
        sa.Column("task_en", sa.Text(), nullable=False),
        sa.Column("result_ru", sa.Text(), nullable=False),
        sa.Column("result_en", sa.Text(), nullable=False),
        sa.Column("materials_ru", sa.String(length=500), nullable=False),
        sa.Column("materials_en", sa.String(length=500), nullable=False),
        sa.Column("report_ru", sa.String(length=300), nullable=False),
        sa.Column("report_en", sa.String(length=300), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lock_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_trip_task_created_by_id_account")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_trip_task_member_id_member")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_trip_task_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_task")),
        sa.UniqueConstraint("member_id", name="uq_trip_task_member_id"),
    )
    op.create_index("ix_trip_task_visit_id", "trip_task", ["visit_id", "id"], unique=False)
    with op.batch_alter_table("visit") as table:
        table.add_column(sa.Column("purpose_en", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("place_en", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("payer_ru", sa.String(length=300), server_default="", nullable=False))
        table.add_column(sa.Column("payer_en", sa.String(length=300), server_default="", nullable=False))
    with op.batch_alter_table("visit_basis") as table:
        table.add_column(sa.Column("text_en", sa.String(length=400), server_default="", nullable=False))
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("role_ru", sa.String(length=100), server_default="", nullable=False))
        table.add_column(sa.Column("role_en", sa.String(length=100), server_default="", nullable=False))
        table.add_column(sa.Column("seat", sa.String(length=40), server_default="", nullable=False))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("residence", sa.String(length=8), server_default="", nullable=False))
        table.add_column(sa.Column("home_address", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("text_version", sa.String(length=100), server_default="", nullable=False))
        table.add_column(sa.Column("reference_texts", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("layout", sa.String(length=300), server_default="", nullable=False))
        table.add_column(sa.Column("confidentiality", sa.String(length=300), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("assignment") as table:
        for name in ("confidentiality", "layout", "reference_texts", "text_version"):
            table.drop_column(name)
    for name, columns in (
        ("member", ("seat", "role_en", "role_ru")),
        ("visit_basis", ("text_en",)),
        ("visit", ("payer_en", "payer_ru", "place_en", "purpose_en")),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
    with op.batch_alter_table("person") as table:
        for name in ("home_address", "residence"):
            table.drop_column(name)
    op.drop_index("ix_trip_task_visit_id", table_name="trip_task")
    op.drop_table("trip_task")
    op.drop_index("ix_transfer_visit_id", table_name="transfer")
    op.drop_table("transfer")
    op.drop_index("ix_lodging_visit_id", table_name="lodging")
    op.drop_table("lodging")
    op.drop_table("interpreting_terms")
    op.drop_index("ix_gift_visit_id", table_name="gift")
    op.drop_table("gift")
    op.drop_table("estimate")
    op.drop_table("entry_terms")
    op.drop_index("ix_duty_visit_id", table_name="duty")
    op.drop_table("duty")
    op.drop_index("ix_cost_line_visit_id", table_name="cost_line")
    op.drop_table("cost_line")
