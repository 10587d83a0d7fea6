"""Whether a hub has room for the demo: it is empty, or the demo was what stood in it first."""

from ccezone.storage import Database
from ccezone.storage.copying import array, fetch
from schemas.codes import rows

_BEFORE = """
WITH cast_since AS (SELECT min(created_at) AS moment FROM enterprise WHERE uscc = ANY(%(cast)s::text[]))
SELECT (SELECT count(*) FROM enterprise, cast_since WHERE moment IS NULL OR created_at < moment),
       (SELECT count(*) FROM user_account, cast_since WHERE moment IS NULL OR created_at < moment),
       (SELECT count(*) FROM application, cast_since WHERE moment IS NULL OR created_at < moment),
       (SELECT count(*) FROM partner, cast_since WHERE moment IS NULL OR created_at < moment)
"""
"""What was there before the demo's cast, or is there without it. The cast comes first of all in one transaction, so in a hub
that the demo founded nothing is older, whatever people register later while they try it."""


class NotTheDemos(Exception):
    """The hub holds what the demo did not found."""


def leave_real_data_alone(database: Database) -> None:
    """Make sure that the hub is empty or the demo's own. Stores nothing. Raises ``NotTheDemos``."""
    with database.reading() as connection:
        firms, people, applications, partners = fetch(
            connection, _BEFORE, {"cast": array(row["uscc"] for row in rows("example_parties"))}
        )[0]
    if firms or people or applications or partners:
        raise NotTheDemos(
            f"平台已有非演示数据（企业 {firms}、用户 {people}、注册申请 {applications}、协作单位 {partners}），"
            "演示数据只装入空平台，未写入任何数据；请另选数据目录 --data 或数据库 DATABASE_URL。\n"
            f"this hub holds data not of the demo (enterprises {firms}, users {people}, applications {applications}, "
            f"partners {partners}): the demo goes into an empty hub only, nothing was stored. Choose another --data or DATABASE_URL"
        )
