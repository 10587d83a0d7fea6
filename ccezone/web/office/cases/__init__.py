"""Exception cases for the office: the queues, and the work on one case."""

from ccezone.web.office.cases import working  # noqa: F401  # its routes belong to the same blueprint
from ccezone.web.office.cases.queues import FEATURE, OFFICERS

__all__ = ["FEATURE", "OFFICERS"]
