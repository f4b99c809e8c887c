"""Where a person was born and lives is kept in Latin letters too, for papers in English.

Revision: 0024
Before: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = ("birth_place_latin", "home_address_latin")


def upgrade() -> None:
    """Add the columns; nothing was entered so far."""
    for name in COLUMNS:
        op.add_column("person", sa.Column(name, sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in COLUMNS:
        op.drop_column("person", name)
