"""documents without statistics

House rules for migrations: number them (NNNN_words), never edit one that landed, pin the new number in ``HEAD``,
give large tables sane statistics and fill factors here, and write no data that belongs in a code list.
"""

from collections.abc import Mapping

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Lines, reasons and traces are read whole, never looked for: to sort thirty thousand of them, as ANALYZE does for each column
# while a table grows, was two fifths of all it took.
_DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "order_version": ("lines",),
    "link_version": ("lines",),
    "order_match": ("waiting", "waybills", "reasons", "differences"),
    "declaration_list": ("content",),
    "risk_trace": ("said",),
}


def upgrade() -> None:
    # by hand (up)
    _gather(0)
    # end by hand


def downgrade() -> None:
    # by hand (down)
    _gather(-1)
    # end by hand


def _gather(values: int) -> None:
    for table, columns in _DOCUMENTS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {values}")
