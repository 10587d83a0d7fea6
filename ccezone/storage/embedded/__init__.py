"""PostgreSQL 18 as a child of this process: the store of a single machine, from the binaries of a PyPI wheel.

``EmbeddedPostgres(folder)`` is all most callers need; a command that may run beside a living system uses
``serving(folder)``. ``DATABASE_URL`` names any other server instead.
"""

from ccezone.storage.embedded.binaries import BinariesMissing, program
from ccezone.storage.embedded.cluster import ClusterFailed, ClusterInUse
from ccezone.storage.embedded.server import EmbeddedPostgres, serving

__all__ = ["BinariesMissing", "ClusterFailed", "ClusterInUse", "EmbeddedPostgres", "program", "serving"]
