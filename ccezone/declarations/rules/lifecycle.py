"""The life cycle of a list as a pure function of the set of its receipts (CEB status codes, edition 202205).

Receipts come late, twice and shuffled, so nothing here depends on their order of arrival: within a submission the
furthest tier decides, in a tier the latest time, then the code; what customs has done for good stands whatever follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

_TIERS: tuple[frozenset[int], ...] = (
    frozenset({1}),
    frozenset({2}),
    frozenset({3, 4}),
    frozenset({120}),
    frozenset({300, 399, 400, 500, 600}),
    frozenset({100, 430, 501, 502, 503, 505, 599, 700, 800}),
    frozenset({899}),
)
_TIER_OF = {code: tier for tier, codes in enumerate(_TIERS) for code in codes}
_ENDING_TIER = _TIER_OF[100]
_NEVER_DECIDES = -1  # codes without published meaning (18, 23, 99 of samples and fixtures) are kept and shown, no more

STANDING: tuple[int, ...] = (430, 501, 502, 503, 505, 599, 700, 800, 899)
_BIT = {code: 1 << place for place, code in enumerate(STANDING)}
_COMPATIBLE = (frozenset({800, 899}),)

OWN_STATES = ("held", "incomplete", "ready", "queued", "sent")
BEFORE_SENDING = frozenset({"held", "incomplete", "ready", "queued"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What one receipt says: a status code and the counterparty's time."""

    code: int
    returned_at: datetime

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """Order of decision: tier, time, code."""
        return (tier(self.code), self.returned_at, self.code)


@dataclass(frozen=True, slots=True)
class Course:
    """The sum of a list's receipts: ``newest`` of submission ``submission``, ``standing`` of any, ``seen`` as bits."""

    submission: int
    newest: Mark | None = None
    standing: Mark | None = None
    seen: int = 0

    @property
    def decided(self) -> Mark | None:
        """The receipt that decides the state, if any has come."""
        return self.standing or self.newest

    @property
    def contradictory(self) -> bool:
        """Whether customs told two ends that exclude each other."""
        return _contradicts(self.seen)


@cache
def _contradicts(seen: int) -> bool:
    codes = frozenset(code for code, bit in _BIT.items() if seen & bit)
    return len(codes) > 1 and codes not in _COMPATIBLE


def tier(code: int) -> int:
    """Return how far a code has got; a negative code ends a submission as 100 does."""
    return _ENDING_TIER if code < 0 else _TIER_OF.get(code, _NEVER_DECIDES)


def fold(course: Course, receipts: Sequence[tuple[int, Mark]]) -> Course:
    """Add receipts (submission number, mark) to a course; any order and any repetition end in the same course."""
    newest, standing, seen = course.newest, course.standing, course.seen
    for submission, mark in receipts:
        if submission == course.submission and tier(mark.code) >= 0 and (newest is None or mark.rank > newest.rank):
            newest = mark
        if bit := _BIT.get(mark.code):
            seen |= bit
            standing = mark if standing is None or mark.rank > standing.rank else standing
    return Course(course.submission, newest, standing, seen)


def furthest(known: Mark | None, others: Sequence[Mark]) -> Mark | None:
    """Return the mark that decides, of the one known and others."""
    marks = others if known is None else [known, *others]
    return max(marks, key=lambda mark: mark.rank, default=None)


def state_name(course: Course) -> str:
    """Name the state after its receipts: an official code as text, or ``sent``."""
    return str(course.decided.code) if course.decided else "sent"


def next_state(state: str, course: Course) -> str:
    """Name the state that follows when receipts were folded into a list's course.

    While a list is prepared again after a rejection, or waits to be sent again, receipts of the former submission change
    nothing, but for what customs has done for good.
    """
    return state if state in BEFORE_SENDING and course.standing is None else state_name(course)


def ended_unsuccessfully(state: str) -> bool:
    """Whether this submission was rejected, so that the list may be mended and sent again."""
    return state == "100" or (state.startswith("-") and state[1:].isdigit())


def may_submit(state: str) -> bool:
    """Whether a person may file the list now."""
    return state == "ready" or ended_unsuccessfully(state)


TABS: dict[str, frozenset[str]] = {
    "preparing": frozenset({"held", "incomplete", "ready"}),
    "filed": frozenset({"queued", "sent", "1", "2", "3", "4", "120"}),
    "review": frozenset({"300", "399", "400", "500", "600"}),
    "rejected": frozenset({"100"}),  # and every negative code
    "released": frozenset({"800"}),
    "closed": frozenset({"899"}),
    "ended": frozenset({"430", "501", "502", "503", "505", "599", "700"}),
}


def tab_of(state: str) -> str:
    """Return the tab of the list page a state belongs to."""
    if ended_unsuccessfully(state):
        return "rejected"
    return next((tab for tab, states in TABS.items() if state in states), "filed")
