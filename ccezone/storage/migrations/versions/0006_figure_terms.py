"""The figures remember by which rates and rules they were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM figure_mark")  # all figures are made anew once: nobody knows by what they were counted
    op.add_column("figure_mark", sa.Column("terms", sa.String(), nullable=False))


def downgrade() -> None:
    op.drop_column("figure_mark", "terms")
