"""Earlier stays behind the same border are kept with a visa case, so that they count.

Revision: 0022
Before: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing was told of older cases."""
    op.add_column("visa_case", sa.Column("earlier_stays", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("visa_case", "earlier_stays")
