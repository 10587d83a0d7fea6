"""The applications that follow released lists, and how their receipts make their states (CEB701, CEB213, CEB625; 202205).

They share the course of lists: a pure function of the set of receipts. What ends one well differs by message.
"""

from collections.abc import Mapping
from enum import StrEnum

from ccezone.declarations.rules.lifecycle import Course, ended_unsuccessfully, state_name

SUMMARY, EXPORT_RETURN, IMPORT_RETURN = "CEB701Message", "CEB213Message", "CEB625Message"
RETURNS: Mapping[str, str] = {"E": EXPORT_RETURN, "I": IMPORT_RETURN}
"""The return application of each flow."""
ANSWERS: Mapping[str, int] = {SUMMARY: 702, EXPORT_RETURN: 214, IMPORT_RETURN: 626}
"""The number of the message that answers each."""
SUMMARY_RESULT = 792
APPLICATIONS = frozenset(ANSWERS)
_GRANTED: Mapping[str, frozenset[str]] = {
    SUMMARY: frozenset({"399"}),
    EXPORT_RETURN: frozenset({"800"}),
    IMPORT_RETURN: frozenset({"399", "800"}),
}
DRAFT, QUEUED, SENT, DROPPED, TURNED_AWAY = "draft", "queued", "sent", "dropped", "refused"
"""``refused``: the single window would not take the message at all."""
_NOT_FILED = frozenset({DRAFT, QUEUED, DROPPED})


class Kind(StrEnum):
    """What is applied for."""

    SUMMARY = "summary"
    RETURN = "return"


TABS = ("draft", "filed", "rejected", "granted", "dropped")


def granted(message_type: str, state: str) -> bool:
    """Say whether customs has granted an application."""
    return state in _GRANTED[message_type]


def may_change(state: str) -> bool:
    """Say whether an application may be changed, filed or dropped now: before it is filed, and once it was turned down."""
    return state in (DRAFT, TURNED_AWAY) or ended_unsuccessfully(state)


def following(state: str, course: Course) -> str:
    """Name the state after receipts. A filing that waits to be sent again, or was given up, hears nothing of earlier ones."""
    return state if state in _NOT_FILED and course.standing is None else state_name(course)


def tab_of(message_type: str, state: str) -> str:
    """Return the tab of the list page an application belongs to."""
    if state in (DRAFT, DROPPED):
        return state
    if may_change(state):
        return "rejected"
    return "granted" if granted(message_type, state) else "filed"
