"""Spreads an amount over lines in proportion to their values, without losing or making a fen."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from ccezone.kernel.money import round_half_up


def spread(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share ``amount`` out by ``weights`` (none negative), in fen.

    Each share is the difference of two running totals, each rounded half up. So there is no residue to place: the
    shares add up to the amount rounded to fen, none is negative, each is within one fen of its exact share.
    Weights that are all zero share evenly, no weights take nothing. How customs itself rounds is not published (assumed).
    """
    total = sum(weights)
    if not weights:
        return []
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    marks = (round_half_up(amount * running / total) for running in accumulate(weights, initial=Decimal(0)))
    return [upper - lower for lower, upper in pairwise(marks)]
