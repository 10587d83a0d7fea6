"""${message}

House rules for migrations: number them (NNNN_words), never edit one that landed, pin the new number in ``HEAD``,
give large tables sane statistics and fill factors here, and write no data that belongs in a code list.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
