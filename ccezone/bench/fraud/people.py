"""Frauds with people: borrowed identities, purchases cut up, quota used up, money in a circle; and honest people like them."""

from dataclasses import replace
from datetime import timedelta

from ccezone.bench.fraud.planting import Plot, basket
from ccezone.bench.fraud.world import DAYS, SHOPS, Sale, World


def brushing(made: Plot) -> None:
    """A seller has one person's identity buy small things all over the place within days."""
    world, random = made.world, made.world.random
    who, begin = world.stranger(), world.moment(0, DAYS - 8)
    count = random.randint(6, 7) if made.careful else random.randint(10, 26)
    spread = timedelta(days=random.uniform(0.5, 5))
    sales = [world.usual(begin + spread * random.random(), who, number % SHOPS) for number in range(count)]
    made.plant("identity_reuse", *[_small(world, sale) for sale in sales])


def loyal(world: World) -> None:
    """Somebody who buys often over two months, or a lot in one week before a feast."""
    who, random = world.stranger(), world.random
    if random.random() < 0.5:
        for day in range(1, DAYS - 1, random.randint(3, 5)):
            world.sell(_small(world, world.usual(world.moment(day, day), who)))
    else:
        week = random.randint(0, DAYS - 8)
        for number in range(random.randint(4, 6)):
            world.sell(_small(world, world.usual(world.moment(week, week + 5), who, number)))


def _small(world: World, sale: Sale) -> Sale:
    return replace(sale, goods=basket(world, 130))


def reshippers(made: Plot) -> None:
    """Bought identities, all with the telephone of the one who resells the goods."""
    world, random = made.world, made.world.random
    boss, begin = world.stranger(), world.moment(0, DAYS - 20)
    count = 4 if made.careful else random.randint(6, 14)
    spread = timedelta(days=random.uniform(1, 18))
    sales = [world.usual(begin + spread * random.random(), world.stranger()) for _ in range(count)]
    made.plant("shared_contact", *[_at_telephone(sale, boss) for sale in sales])


def family(world: World) -> None:
    """A household whose members order to the mother's telephone."""
    people = [world.stranger() for _ in range(world.random.randint(2, 4))]
    for _ in range(world.random.randint(4, 9)):
        world.sell(_at_telephone(world.usual(world.moment(), world.random.choice(people)), people[0]))


def _at_telephone(sale: Sale, whose: int) -> Sale:
    return replace(sale, telephone=whose)


def split(made: Plot) -> None:
    """One purchase above the limit of a transaction, cut into orders below it within hours."""
    world, random = made.world, made.world.random
    who, shop, begin = world.stranger(), random.randrange(SHOPS - 1), world.moment(0, DAYS - 2)
    pieces = 2 if made.careful else random.randint(3, 6)
    whole = random.uniform(6_500, 4_000 * pieces) if pieces > 2 else random.uniform(6_500, 8_000)
    spread = timedelta(hours=random.uniform(0.2, 9))
    moments = [begin + spread * random.random() for _ in range(pieces)]
    goods = [basket(world, whole / pieces) for _ in moments]
    made.plant("splitting", *[Sale(world.number(), shop, at, who, each) for at, each in zip(moments, goods, strict=True)])


def shopping_day(world: World) -> None:
    """Several orders in a day that stay below the limit together; or above it, but in different shops or weeks apart."""
    random, who, way = world.random, world.stranger(), world.random.randrange(3)
    shop, day = random.randrange(SHOPS - 1), random.randint(0, DAYS - 25)
    value = (1_000, 2_300, 2_300)[way]
    for number in range(3):
        at = world.moment(day, day) + timedelta(days=9 * number if way == 2 else 0)
        other = (shop + number) % (SHOPS - 1) if way == 1 else shop
        world.sell(Sale(world.number(), other, at, who, basket(world, value)))


def used_up(made: Plot) -> None:
    """Somebody buys for resale until their year is (or, being careful, is nearly) used up, each order below the limit of one."""
    world, random = made.world, made.world.random
    who, wanted = world.stranger(), 21_500 if made.careful else random.uniform(24_000, 25_500)
    sales: list[Sale] = []
    spent = 0.0
    while spent < wanted:
        day = min(5 * len(sales), DAYS - 4)
        sale = Sale(0, random.randrange(SHOPS - 1), world.moment(day, day + 3), who, basket(world, random.uniform(3_200, 4_300)))
        if world.worth(sale) < 4_900:
            sales.append(replace(sale, number=world.number()))
            spent += world.worth(sale)
    made.plant("quota", *sales)


def good_customer(world: World) -> None:
    """Somebody who likes to buy and uses half or three quarters of their year."""
    who, count = world.stranger(), world.random.randint(3, 4)
    for number in range(count):
        world.sell(Sale(world.number(), number, world.moment(9 * number, 9 * number + 6), who, basket(world, 4_200)))


def paid_by_others(made: Plot) -> None:
    """The seller's own people pay for made-up buyers: one for all, or in turn, so that the money goes round."""
    world, random = made.world, made.world.random
    shop, begin, spread = random.randrange(SHOPS - 1), world.moment(0, DAYS - 12), timedelta(days=random.uniform(0.5, 10))
    if random.random() < 0.5:
        boss, count = world.stranger(), 3 if made.careful else random.randint(5, 12)
        pairs = [(boss, world.stranger()) for _ in range(count)]
    else:
        ring = [world.stranger() for _ in range(random.randint(3, 6))]
        pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    made.plant("circular_payer", *[_paid(world.usual(begin + spread * random.random(), to, shop), by) for by, to in pairs])


def couple(world: World) -> None:
    """Two who pay for each other, or a mother who pays for her children."""
    mother, shop = world.stranger(), world.random.randrange(SHOPS - 1)
    children = [world.stranger() for _ in range(world.random.randint(1, 3))]
    for child in children:
        world.sell(_paid(world.usual(world.moment(), child, shop), mother))
    if len(children) == 1:
        world.sell(_paid(world.usual(world.moment(), mother, shop), children[0]))


def _paid(sale: Sale, by: int) -> Sale:
    return replace(sale, payer=by)
