"""Read models of exports."""

from ccezone.statistics.queries.exports import archive

__all__ = ["archive"]
