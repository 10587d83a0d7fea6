"""Which acts on a filed list the law and customs' systems allow in which state (``time_windows``, ``status_transitions``).

Cancelling: before release, in a state that allows it (error -623005); goods held for inspection or suspended wait for the
outcome (general knowledge, unverified). Changing: after a rejection, or before review (errors -621011, -621012). Filing anew:
once a list is cancelled, customs holds none for its parcel, and takes a fresh one under a number of its own.
"""

from dataclasses import dataclass

from ccezone.declarations.rules.lifecycle import ended_unsuccessfully

CANCELLABLE = frozenset({"120", "300", "399", "400"})
BEFORE_REVIEW = frozenset({"2", "3", "4", "120"})
UNREVIEWED_SOURCE = "CEB621 errors -621011, -621012 (exact states unverified)"
CANCEL_SOURCE = "CEB623 specification and error -623005 (timing unverified)"
CANCELLED = 430
ANEW_SOURCE = "CEB status 430 ends a list (that its order may be declared again: general knowledge, unverified)"
PENDING = frozenset({"queued", "sent", "1", "2", "3", "120", "300"})
"""States of an application to cancel that customs has not decided."""
APPROVED = 399


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether an act is allowed now; ``reason`` (a problem code) says why not, ``source`` on what ground."""

    allowed: bool
    reason: str = ""
    source: str = ""


def may_cancel(state: str, list_no: str | None, pending: bool) -> Allowed:
    """Judge a cancellation: customs holds the list under its number, has not released it, and none is on its way."""
    if pending:
        return Allowed(False, "cancellation_pending", CANCEL_SOURCE)
    if state not in CANCELLABLE:
        return Allowed(False, "declaration_not_cancellable", CANCEL_SOURCE)
    return Allowed(bool(list_no), "" if list_no else "declaration_has_no_number", CANCEL_SOURCE)


def may_change(state: str, pending: bool) -> Allowed:
    """Judge a change: only after a rejection or before review, and not while a cancellation is on its way."""
    if pending:
        return Allowed(False, "cancellation_pending", CANCEL_SOURCE)
    if state in BEFORE_REVIEW or ended_unsuccessfully(state):
        return Allowed(True, "", UNREVIEWED_SOURCE)
    return Allowed(False, "declaration_not_changeable", UNREVIEWED_SOURCE)


def may_file_anew(state: str, *, replaced: bool) -> Allowed:
    """Judge a fresh list in place of one that was cancelled: once only, the fresh one has its own course."""
    if state != str(CANCELLED):
        return Allowed(False, "declaration_not_submittable", ANEW_SOURCE)
    return Allowed(not replaced, "declaration_filed_anew" if replaced else "", ANEW_SOURCE)
