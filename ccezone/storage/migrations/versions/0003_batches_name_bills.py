"""Batches name the bills they stored, in the place of four indexes of the bills by sender and batch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KINDS = ("order", "payment", "waybill", "link")


def upgrade() -> None:
    op.add_column("intake_batch", sa.Column("bill_keys", postgresql.ARRAY(sa.BigInteger()), nullable=False, server_default="{}"))
    for kind in _KINDS:
        op.execute(
            f"UPDATE intake_batch b SET bill_keys = v.keys FROM (SELECT batch_id, array_agg(DISTINCT {kind}_key) AS keys"  # noqa: S608
            f" FROM {kind}_version GROUP BY batch_id) v WHERE v.batch_id = b.id"
        )
        op.drop_index(f"ix_{kind}_version_submitter", table_name=f"{kind}_version")
    op.alter_column("intake_batch", "bill_keys", server_default=None)


def downgrade() -> None:
    for kind in _KINDS:
        op.create_index(
            f"ix_{kind}_version_submitter",
            f"{kind}_version",
            ["submitter_id", "batch_id", "position"],
            unique=False,
            postgresql_where="submitter_id <> merchant_id" if kind == "order" else None,
        )
    op.drop_column("intake_batch", "bill_keys")
