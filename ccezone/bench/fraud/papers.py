"""Frauds with papers: prices, orders, times, weights and numbers that are not so; and honest papers like them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ccezone.bench.fraud.planting import Plot, Scheme
from ccezone.bench.fraud.world import DAYS, GOODS, SHOPS, World, exported

_BUSY_SHOP = 11
_LIKE = {"0": "O", "1": "I", "5": "S", "8": "B"}


def misdeclared(made: Plot) -> None:
    """A shop declares some goods far too cheap (to save tax) or far too dear (to move money)."""
    world, random = made.world, made.world.random
    careful, dear = made.careful, random.random() < 0.4
    share = random.uniform(0.4, 0.5) if careful else random.uniform(4, 11) if dear else random.uniform(0.08, 0.25)
    sale = world.usual(world.moment(25))
    good = world.random.randrange(len(GOODS))
    made.plant("price_band", replace(sale, goods=((good, 1, share),)))


def bargain(world: World) -> None:
    """A clearance sale at half the price, or a luxury edition at twice of it."""
    share = world.random.uniform(0.5, 0.65) if world.random.random() < 0.6 else world.random.uniform(1.7, 2.2)
    sale = world.usual(world.moment(25))
    good = world.random.randrange(len(GOODS))
    world.sell(replace(sale, goods=((good, 1, share),)))


def robots(made: Plot) -> None:
    """Bought traffic: a small shop's orders come by the hundred within an hour."""
    world, random = made.world, made.world.random
    shop, day = random.randrange(SHOPS - 1), random.randint(20, DAYS - 2)
    begin = world.moment(day, day).replace(minute=5, second=0)
    count = random.randint(40, 50) if made.careful else random.randint(90, 180)
    moments = [begin + timedelta(seconds=random.randrange(3_000)) for _ in range(count)]
    sales = [world.usual(at, world.stranger(), shop) for at in moments]
    made.plant("burst", *[replace(each, order_only=True) for each in sales])


def live_show(world: World) -> None:
    """A host on a stream brings a shop some dozens of orders in an hour."""
    shop, day = world.random.randrange(SHOPS - 1), world.random.randint(5, DAYS - 2)
    begin = world.moment(day, day).replace(minute=5, second=0)
    for _ in range(world.random.randint(15, 35)):
        sale = world.usual(begin + timedelta(seconds=world.random.randrange(3_000)), world.stranger(), shop)
        world.sell(replace(sale, order_only=True))


def busy_shop(world: World) -> None:
    """A large shop sells as many every day at ten as others in a month."""
    for day in range(10, 40, 2):
        begin = world.moment(day, day).replace(hour=10, minute=0, second=0)
        for hour in range(3):
            for _ in range(world.random.randint(65, 85)):
                at = begin + timedelta(hours=hour, seconds=world.random.randrange(3_500))
                sale = world.usual(at, world.stranger(), _BUSY_SHOP)
                world.sell(replace(sale, order_only=True))


def made_up_papers(made: Plot) -> None:
    """Papers written afterwards: the parcel days before the order, the money days after the parcel, or dated ahead of time."""
    world, random = made.world, made.world.random
    sale, way = world.usual(world.moment(10, DAYS - 12)), random.randrange(3)
    hours = timedelta(hours=random.uniform(18, 22) if made.careful else random.uniform(50, 150))
    if way == 0:
        sale = replace(sale, parcel_at=-hours)
    elif way == 1:
        sale = replace(sale, paid_at=sale.parcel_at + hours)
    else:
        sale = replace(sale, ahead=timedelta(hours=16) + hours / 3)
    made.plant("impossible_times", sale)


def late_batch(world: World) -> None:
    """A carrier that books labels the evening before, a payment told the next morning, a clock some minutes fast."""
    sale, way = world.usual(world.moment(10, DAYS - 12)), world.random.randrange(3)
    if way == 0:
        sale = replace(sale, parcel_at=-timedelta(hours=world.random.uniform(2, 15)))
    elif way == 1:
        sale = replace(sale, paid_at=sale.parcel_at + timedelta(hours=world.random.uniform(2, 20)))
    else:
        sale = replace(sale, ahead=timedelta(minutes=world.random.uniform(5, 50)))
    world.sell(sale)


def stuffed(made: Plot) -> None:
    """More is in the parcel than declared."""
    world, random = made.world, made.world.random
    sale = world.usual(world.moment())
    net = sum(Decimal(GOODS[good]["weight_kg"]) * pieces for good, pieces, _ in sale.goods)
    share = Decimal(str(round(random.uniform(1.3, 1.8) if made.careful else random.uniform(4, 11), 2)))
    more = max(net * share, Decimal(2) if share > 2 else Decimal(0))
    made.plant("weight", replace(sale, kilos=more))


def gift_box(world: World) -> None:
    """Light goods in a heavy box."""
    sale = world.usual(world.moment())
    kilos = Decimal(str(round(world.random.uniform(0.4, 0.9), 2)))
    world.sell(replace(sale, kilos=kilos))


def relabelled(made: Plot) -> None:
    """One parcel used twice, its number written a little otherwise; or many exports declared on one parcel."""
    world, random = made.world, made.world.random
    if random.random() < 0.35:
        _overfull(made)
        return
    first = world.usual(world.moment(0, DAYS - 22))
    number = world.names(world.sell(first))["waybill_no"]
    second = world.usual(first.at + timedelta(days=random.uniform(0.1, 20)))
    disguised = replace(second, waybill=_disguised(world, number))
    made.plant("repeated_waybill", disguised)


def _disguised(world: World, number: str) -> str:
    way = world.random.randrange(3)
    if way == 0:
        place = world.random.randrange(3, len(number) - 2)
        return f"{number[:place]}-{number[place:]}"
    if way == 1:
        return number.lower()
    places = [place for place, sign in enumerate(number) if place > 1 and sign in _LIKE]
    if not places:
        return number.lower()
    place = world.random.choice(places)
    return number[:place] + _LIKE[number[place]] + number[place + 1 :]


def _overfull(made: Plot) -> None:
    world, at = made.world, made.world.moment()
    one, numbers = world.number(), set[str]()
    first = exported(world, at, one)
    waybill = str(first[-1].values["waybill_no"])
    world.others += first
    for _ in range(2 if made.careful else world.random.randint(4, 9)):
        more = exported(world, at + timedelta(minutes=5), world.number_like(one), waybill)
        numbers.add(str(more[0].values["order_no"]))
        world.others += more
    named = frozenset({*numbers, waybill, str(first[0].values["order_no"])})
    made.schemes += [Scheme("repeated_waybill", named), Scheme("weight", named)]  # and it weighs as much as one of them


def close_numbers(world: World) -> None:
    """A carrier's numbers in a row, the parts of one order in two parcels, two exports in one parcel."""
    if world.random.random() < 0.4:
        at = world.moment()
        one = world.number()
        second = world.number_like(one)
        first = exported(world, at, one, with_order=second)
        world.others += [*first, *exported(world, at, second, str(first[-1].values["waybill_no"]))]
        return
    serial, moment = world.random.randrange(10**6, 10**7), world.moment()
    marks = ("3", "4", "6") if world.random.random() < 0.5 else ("A", "C", "D")
    for mark in marks:
        sale = world.usual(moment)
        number = f"SD66{world.seed % 1000:03d}{serial}{mark}"
        world.sell(replace(sale, waybill=number))
