"""Repaying refunded tax of goods that come back (MOF/GACC/STA 2026 No. 16: repaid before relief of the return).

What is repaid is the item's part of the refund that was paid, in the proportion in which its goods return. The parts are cut by
running totals, so that all of them together are the whole to the fen, whatever is returned in whichever order. The text names no
way to divide; the proportion is our assumption (unverified).
"""

from collections.abc import Sequence
from decimal import Decimal

from ccezone.kernel.money import round_half_up

_ZERO = Decimal(0)


def item_part(paid: Decimal, bases: Sequence[Decimal], place: int) -> Decimal:
    """Return the part of a paid refund, in yuan, that belongs to the item at ``place``; ``bases`` weigh the claim's items."""
    whole = sum(bases, _ZERO)
    if not whole:
        return _ZERO
    before = sum(bases[:place], _ZERO)
    return round_half_up(paid * (before + bases[place]) / whole) - round_half_up(paid * before / whole)


def owed(part: Decimal, exported: Decimal, before: Decimal, returned: Decimal) -> Decimal:
    """Return what is to be repaid when ``returned`` come back of ``exported``, after ``before`` came back already."""
    if not exported:
        return _ZERO
    reached = min(before + returned, exported)
    return round_half_up(part * reached / exported) - round_half_up(part * min(before, exported) / exported)


def settled(recovered: Decimal, amounts: Sequence[Decimal]) -> int:
    """Return how many of these, in the order in which they were opened, the recovered sum covers."""
    left = recovered
    for place, amount in enumerate(amounts):
        if amount > left:
            return place
        left -= amount
    return len(amounts)


def repayment_of(states: Sequence[str]) -> str:
    """Say how it stands with repaying a return's refunds: ``none``, ``due`` or ``settled``."""
    live = [state for state in states if state != "void"]
    if not live:
        return "none"
    return "settled" if all(state == "settled" for state in live) else "due"
