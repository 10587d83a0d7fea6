"""What happens to the orders of a month: most go well, a known share does not. Laid out in blocks, so that any four hundred
orders in a row hold every story, and the story of an order does not depend on how many there are.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum, auto
from functools import cache
from random import Random
from typing import Literal

Flow = Literal["E", "I"]
BLOCK = 400


class Story(StrEnum):
    """What becomes of one order."""

    CLEAN = auto()
    COUPON = auto()  # export: paid less than ordered (X01 warns)
    INSTALMENTS = auto()  # export: two payments add up
    OTHER_CURRENCY = auto()  # export: paid in another currency (X02)
    OTHER_MERCHANT = auto()  # export: the waybill names another merchant (X03)
    NO_LINK = auto()  # export: nobody says which parcel
    SPLIT = auto()  # export: one order in two parcels
    SHARED = auto()  # export: two orders in one parcel
    UNREGISTERED = auto()  # export: the merchant is not in the register, refused at intake
    LATE_CHANGE = auto()  # export: changed once all is done
    DISCOUNT = auto()  # import: a voucher, rightly deducted
    PAID_DIFFERS = auto()  # import: 411 differs from 311 (I02)
    WRONG_SUM = auto()  # import: the order's own sum is wrong (I03)
    OTHER_PAYER = auto()  # import: somebody else paid (I05)
    OTHER_CONSIGNEE = auto()  # import: the linked parcel goes to somebody else (I07)
    OTHER_ADDRESS = auto()  # import: the parcel goes elsewhere (I09)
    CORRECTED = auto()  # import: a wrong payment, mended by a change
    OVER_SINGLE = auto()  # import: above the limit of one order (I22)
    OVER_YEAR = auto()  # import: one buyer runs out of the year's quota (I23)
    UNDERVALUED = auto()  # import: declared at a fraction of its price, for the risk rules to find
    STUFFED = auto()  # import: the parcel weighs much more than what is declared in it
    NO_ORDER = auto()
    NO_PAYMENT = auto()
    NO_WAYBILL = auto()
    UNKNOWN_GOODS = auto()  # not in the product master: the list is incomplete until the order is mended two days later
    CHANGED = auto()  # the order changes before its parcel leaves
    DELETED = auto()
    REPLAYED = auto()  # sent twice
    REJECTED = auto()  # the next ones by the mock single window's switches on order numbers
    INSPECTED = auto()
    REVIEWED = auto()
    SUSPENDED = auto()
    DELAYED = auto()
    DROPPED = auto()
    HELD_INSPECTION = auto()
    HELD_REVIEW = auto()


SWITCHES: Mapping[Story, str] = {
    Story.REJECTED: "-REJECT-",
    Story.INSPECTED: "-INSPECT-",
    Story.REVIEWED: "-REVIEW-",
    Story.SUSPENDED: "-SUSPEND-",
    Story.DELAYED: "-SLOW-",
    Story.DROPPED: "-DROP-",
    Story.HELD_INSPECTION: "-INSPECT-HOLD-",
    Story.HELD_REVIEW: "-REVIEW-HOLD-",
}
CONFLICTS = frozenset(
    {
        *(Story.OTHER_CURRENCY, Story.OTHER_MERCHANT, Story.PAID_DIFFERS, Story.WRONG_SUM, Story.OTHER_PAYER),
        *(Story.OTHER_CONSIGNEE, Story.OTHER_ADDRESS),
    }
)
_S = Story
PER_BLOCK: Mapping[Flow, Mapping[Story, int]] = {
    "E": {
        _S.COUPON: 8, _S.INSTALMENTS: 2, _S.OTHER_CURRENCY: 1, _S.OTHER_MERCHANT: 1, _S.NO_LINK: 4, _S.SPLIT: 4,
        _S.SHARED: 4, _S.UNREGISTERED: 1, _S.LATE_CHANGE: 1, _S.NO_ORDER: 2, _S.NO_PAYMENT: 4, _S.NO_WAYBILL: 4,
        _S.UNKNOWN_GOODS: 3, _S.CHANGED: 4, _S.DELETED: 2, _S.REPLAYED: 4, _S.REJECTED: 4, _S.INSPECTED: 6,
        _S.REVIEWED: 3, _S.SUSPENDED: 1, _S.DELAYED: 2, _S.DROPPED: 1, _S.HELD_INSPECTION: 2, _S.HELD_REVIEW: 1,
    },
    "I": {
        _S.DISCOUNT: 16, _S.PAID_DIFFERS: 2, _S.WRONG_SUM: 1, _S.OTHER_PAYER: 1, _S.OTHER_CONSIGNEE: 1,
        _S.OTHER_ADDRESS: 1, _S.CORRECTED: 2, _S.OVER_SINGLE: 1, _S.UNDERVALUED: 3, _S.STUFFED: 2,
        _S.NO_ORDER: 1, _S.NO_PAYMENT: 3, _S.NO_WAYBILL: 3,
        _S.UNKNOWN_GOODS: 2, _S.CHANGED: 2, _S.DELETED: 1, _S.REPLAYED: 2, _S.REJECTED: 2, _S.INSPECTED: 4,
        _S.REVIEWED: 3, _S.SUSPENDED: 1, _S.DELAYED: 1, _S.HELD_INSPECTION: 1, _S.HELD_REVIEW: 1,
    },
}  # fmt: skip
SHARE: Mapping[Flow, int] = {"E": 240, "I": 160}
OVER_YEAR_ORDERS = 7  # in the first block only: five fit into the year's limit


@cache
def _block(seed: int, number: int) -> Sequence[tuple[Flow, Story]]:
    """Return the stories of one block, shuffled."""
    laid: list[tuple[Flow, Story]] = []
    for flow, size in SHARE.items():
        stories = [story for story, times in PER_BLOCK[flow].items() for _ in range(times)]
        if flow == "I" and number == 0:
            stories += [Story.OVER_YEAR] * OVER_YEAR_ORDERS
        laid += [(flow, story) for story in stories] + [(flow, Story.CLEAN)] * (size - len(stories))
    Random(f"stories/{seed}/{number}").shuffle(laid)
    return tuple(laid)


def story_of(seed: int, number: int) -> tuple[Flow, Story]:
    """Return flow and story of an order, counted from 0."""
    block, place = divmod(number, BLOCK)
    return _block(seed, block)[place]


def companion(seed: int, number: int) -> int:
    """Return the earlier order whose parcel a ``SHARED`` order travels in; itself where it is the first of the two."""
    block, place = divmod(number, BLOCK)
    shared = [at for at, (_, story) in enumerate(_block(seed, block)) if story == Story.SHARED]
    rank = shared.index(place)
    return block * BLOCK + shared[rank - rank % 2]
