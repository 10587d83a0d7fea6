"""A world in the making, and what frauds were planted in it."""

from dataclasses import dataclass, field

from ccezone.bench.fraud.world import GOODS, Sale, World

_CAREFUL = 0.06  # share of schemes that stay small


@dataclass(frozen=True, slots=True)
class Scheme:
    """A planted fraud: its kind, and the numbers of the documents it is made of."""

    kind: str
    numbers: frozenset[str]


@dataclass
class Plot:
    """A world in the making, and what was planted in it."""

    world: World
    schemes: list[Scheme] = field(default_factory=list)

    def plant(self, kind: str, *sales: Sale) -> None:
        """Let a fraud's sales happen, and remember their numbers."""
        numbers = {number for sale in sales for number in self.world.names(self.world.sell(sale)).values()}
        self.schemes.append(Scheme(kind, frozenset(numbers)))

    @property
    def careful(self) -> bool:
        return self.world.random.random() < _CAREFUL


def basket(world: World, value: float) -> tuple[tuple[int, int, float], ...]:
    """One good in as many pieces as come to about this value."""
    good = world.random.randrange(len(GOODS))
    return ((good, max(1, round(value / float(GOODS[good]["price"]))), min(max(world.priced(), 0.8), 1.2)),)
