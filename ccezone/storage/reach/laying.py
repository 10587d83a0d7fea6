"""Laying the policies of ``conditions`` over the tables, after every migration: what stands is compared first, and only what
differs is laid anew. Policies name no role, so that a backup can be restored where the role is not there yet.
"""

import hashlib

from sqlalchemy import Connection, text

from ccezone.storage.copying import fetch
from ccezone.storage.reach import ROLE
from ccezone.storage.reach.conditions import CONDITIONS, NOTHING, OPEN

_POLICY = "within_reach"
# Roles belong to the whole server: another database of it may be making the same one just now.
_MAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
_MEMBER = f"""
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'SET') THEN EXECUTE format('GRANT {ROLE} TO %I', current_user); END IF;
END $$
"""
_TABLES = f"""
SELECT c.relname, coalesce(obj_description(p.oid, 'pg_policy'), ''),
    has_table_privilege('{ROLE}', c.oid, 'SELECT') AND has_table_privilege('{ROLE}', c.oid, 'DELETE')
FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = '{_POLICY}'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""  # noqa: S608  # our own names
_GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
)


def lay_reach(connection: Connection) -> None:
    """Make the role and lay every table's policy, where they are not yet as they should be."""
    connection.execute(text(_MAKE_ROLE))
    connection.execute(text(_MEMBER))
    found = fetch(connection, _TABLES)
    statements = [statement for table, laid, _ in found for statement in _differing(table, laid)]
    statements += [] if all(granted for *_, granted in found) else _GRANTS
    if statements:
        fetch(connection, ";\n".join(statements))


def _differing(table: str, laid: str) -> list[str]:
    condition = None if table in OPEN else CONDITIONS.get(table, NOTHING)
    digest = hashlib.sha256((condition or "").encode()).hexdigest() if condition else ""
    if digest == laid:
        return []
    drop = f"DROP POLICY IF EXISTS {_POLICY} ON {table}"
    if condition is None:
        return [drop, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
    return [
        drop,
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {_POLICY} ON {table} USING ({condition})",
        f"COMMENT ON POLICY {_POLICY} ON {table} IS '{digest}'",
    ]
