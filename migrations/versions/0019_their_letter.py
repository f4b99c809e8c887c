"""A request holds the number and date of their letter beside those under which we received it.

What an accepted request gave its visit as the number of their letter was ours: it is taken away, and stands blank in a
new draft until theirs is entered. Papers made before keep their words.

Revision: 0019
Before: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and take our number out of the place of theirs."""
    op.add_column("visit_request", sa.Column("their_number", sa.String(60), nullable=False, server_default=""))
    op.add_column("visit_request", sa.Column("their_date", sa.Date(), nullable=True))
    op.execute(
        "UPDATE visit_basis SET number = '', dated = NULL WHERE number <> '' AND EXISTS (SELECT 1 FROM visit_request "
        "WHERE visit_request.visit_id = visit_basis.visit_id AND visit_request.incoming_number = visit_basis.number)"
    )


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("visit_request", "their_date")
    op.drop_column("visit_request", "their_number")
