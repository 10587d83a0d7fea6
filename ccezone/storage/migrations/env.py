"""Alembic's entry: runs the migrations on the connection that ``ccezone.storage.migrating`` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
