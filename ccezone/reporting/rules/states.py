"""How far a report is, and where an obligation stands."""

from enum import StrEnum


class Level(StrEnum):
    """Who reports: a firm to its park (or to the zone), a park to the zone."""

    FIRM = "firm"
    PARK = "park"


class State(StrEnum):
    """States of one edition. Nothing of an edition changes once it was sent: a correction is another edition."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


UNDER_WAY = (State.DRAFT, State.SUBMITTED)
"""States of which a period has one edition at a time."""


class Standing(StrEnum):
    """Where what is owed stands on a day: the newest edition that was sent decides, without one the calendar."""

    RUNNING = "running"
    DUE = "due"
    LATE = "late"
    RECEIVED = "received"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"


PARK_KINDS = ("branch", "window")
"""Kinds of nodes that stand between firms and the zone: their firms report to them, unless ordered to report directly."""
