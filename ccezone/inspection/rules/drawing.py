"""The random draw (双随机): a pure function of what was published, so that anybody can replay it.

The algorithm, format ``ccezone-draw/1``:

1. The population is frozen and published: objects (token, grade, label, recused inspectors) sorted by token, inspectors (code,
   agency) sorted by code, shares per grade, agencies and how many inspectors each sends. With it the SHA-256 of a secret.
2. At the draw the secret is revealed and somebody present calls out a word, which nobody knew when the secret was fixed.
   ``seed = SHA-256(secret "\\n" word)``; texts are UTF-8, digests lower-case hexadecimal.
3. Of each grade ``ceil(share * objects)`` are drawn: those with the least ``HMAC-SHA256(seed, "object|" token)``.
4. Drawn objects in order of that rank; for each, agencies in their order; of an agency's inspectors who are not recused those
   with the fewest objects so far, among equals the least ``HMAC-SHA256(seed, "inspector|" token "|" code)``.
"""

import hashlib
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

FORMAT = "ccezone-draw/1"


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the population: its public token and label, and the inspectors who must not get it."""

    token: str
    grade: str
    label: str
    recused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An inspector who may be drawn."""

    code: str
    agency: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is published before the draw. ``shares`` by grade as decimal texts; ``each``: inspectors of an agency per object."""

    number: int
    title: str
    since: str
    until: str
    agencies: tuple[str, ...]
    each: int
    shares: Mapping[str, str]
    inspectors: tuple[Candidate, ...]
    population: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn object and the inspectors of each agency; fewer than asked where too many are recused."""

    token: str
    inspectors: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Replay:
    """A published draw computed again, step by step: each either holds or does not."""

    population: bool
    secret: bool
    draw: bool

    @property
    def same(self) -> bool:
        """Whether everything holds."""
        return self.population and self.secret and self.draw


def digest(frozen: Frozen) -> str:
    """Digest what is frozen."""
    return hashlib.sha256(_canonical(asdict(frozen))).hexdigest()


def commitment(secret: str) -> str:
    """Digest a secret, to be published before it is revealed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def draw(frozen: Frozen, secret: str, word: str) -> tuple[Drawn, ...]:
    """Draw objects and inspectors; the same input always gives the same draw, whatever order it comes in."""
    seed = hashlib.sha256(f"{secret}\n{word}".encode()).digest()
    strata: dict[str, list[Thing]] = defaultdict(list)
    for thing in frozen.population:
        strata[thing.grade].append(thing)
    chosen = [
        thing
        for grade, things in strata.items()
        for thing in sorted(things, key=lambda each: _rank(seed, "object", each.token))[: quota(len(things), frozen.shares[grade])]
    ]
    chosen.sort(key=lambda each: _rank(seed, "object", each.token))
    loads: Counter[str] = Counter()
    return tuple(Drawn(thing.token, _sent(frozen, thing, seed, loads)) for thing in chosen)


def quota(number: int, share: str) -> int:
    """Return how many of a grade are drawn: its share, rounded up, so that no grade with a share is left out."""
    return min(number, int((Decimal(share) * number).to_integral_value(ROUND_CEILING)))


def _sent(frozen: Frozen, thing: Thing, seed: bytes, loads: Counter[str]) -> Mapping[str, tuple[str, ...]]:
    sent = {}
    for agency in frozen.agencies:
        free = [each.code for each in frozen.inspectors if each.agency == agency and each.code not in thing.recused]
        free.sort(key=lambda code: (loads[code], _rank(seed, "inspector", f"{thing.token}|{code}")))
        sent[agency] = tuple(free[: frozen.each])
        loads.update(sent[agency])
    return sent


def _rank(seed: bytes, kind: str, name: str) -> bytes:
    return hmac.new(seed, f"{kind}|{name}".encode(), hashlib.sha256).digest()


def published(frozen: Frozen, committed: str, secret: str = "", word: str = "", drawn: Sequence[Drawn] = ()) -> bytes:
    """Write what is published: before the draw without secret, word and result; JSON, the same bytes for the same content."""
    told: dict[str, Any] = {"format": FORMAT, "frozen": asdict(frozen), "digest": digest(frozen), "commitment": committed}
    if secret:
        told |= {"secret": secret, "word": word, "drawn": [asdict(each) for each in drawn]}
    return _canonical(told)


def parse(document: bytes) -> Frozen:
    """Read what was frozen out of a publication. Raises ``KeyError``, ``ValueError`` for what is none."""
    return _read(json.loads(document)["frozen"])


@dataclass(frozen=True, slots=True)
class Beside:
    """What a publication says beside the population: digests, and once it is drawn the secret and the word."""

    digest: str
    commitment: str
    secret: str = ""
    word: str = ""


def beside(document: bytes) -> Beside:
    """Read what a publication says beside the population."""
    told = json.loads(document)
    return Beside(told["digest"], told["commitment"], told.get("secret", ""), told.get("word", ""))


def drawn_in(document: bytes) -> tuple[Drawn, ...]:
    """Read what was drawn out of a publication; nothing before the draw."""
    found = json.loads(document).get("drawn", [])
    return tuple(Drawn(each["token"], {name: tuple(codes) for name, codes in each["inspectors"].items()}) for each in found)


def replay(document: bytes) -> Replay:
    """Compute a published draw again. Raises ``ValueError`` for what is no published draw."""
    try:
        told = json.loads(document)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        frozen = _read(told["frozen"])
        secret, word = str(told["secret"]), str(told["word"])
        fits = digest(frozen) == told["digest"]
        return Replay(fits, commitment(secret) == told["commitment"], draw(frozen, secret, word) == drawn_in(document))
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"no published draw: {error}") from error


def _read(told: Mapping[str, Any]) -> Frozen:
    people = sorted((Candidate(**each) for each in told["inspectors"]), key=lambda each: each.code)
    things = sorted(
        (Thing(**{**each, "recused": tuple(each["recused"])}) for each in told["population"]), key=lambda each: each.token
    )
    kept = {**told, "agencies": tuple(told["agencies"]), "inspectors": tuple(people), "population": tuple(things)}
    return Frozen(**kept)


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
