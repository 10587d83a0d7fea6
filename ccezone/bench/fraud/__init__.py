"""What fraudsters do in the made-up trade of ``bench risk``, and what honest people do that looks almost the same.

Written from how such frauds go, apart from the rules that look for them, and imports none of these. Each scheme keeps the
numbers of its documents, so that what is found can be held against it. Some fraudsters are careful and do little at a time.
"""

from collections.abc import Callable, Mapping

from ccezone.bench.fraud import papers, people
from ccezone.bench.fraud.planting import Plot, Scheme
from ccezone.bench.fraud.world import DAYS, SHOPS, World, exported

__all__ = ["Plot", "Scheme", "plot"]


def plot(seed: int, sales_a_day: int = 45) -> Plot:
    """Make up two months of trade with its frauds and its near misses. Equal seeds give equal worlds."""
    made = Plot(World(seed))
    world = made.world
    for day in range(DAYS):
        for _ in range(sales_a_day):
            world.sell(world.usual(world.moment(day, day), shop=world.random.randrange(SHOPS - 1)))
        for _ in range(6):
            world.others += exported(world, world.moment(day, day), world.number())
    for number, (honest, fraud) in _KINDS.values():
        for _ in range(number):
            fraud(made)
        for _ in range(number + 2):
            honest(world)
    papers.busy_shop(world)
    return made


_KINDS: Mapping[str, tuple[int, tuple[Callable[[World], None], Callable[[Plot], None]]]] = {
    "identity_reuse": (10, (people.loyal, people.brushing)),
    "shared_contact": (10, (people.family, people.reshippers)),
    "price_band": (16, (papers.bargain, papers.misdeclared)),
    "splitting": (14, (people.shopping_day, people.split)),
    "burst": (5, (papers.live_show, papers.robots)),
    "quota": (8, (people.good_customer, people.used_up)),
    "circular_payer": (10, (people.couple, people.paid_by_others)),
    "impossible_times": (14, (papers.late_batch, papers.made_up_papers)),
    "weight": (14, (papers.gift_box, papers.stuffed)),
    "repeated_waybill": (12, (papers.close_numbers, papers.relabelled)),
}
