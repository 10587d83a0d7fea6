"""The score of a day: the evidence in force, each factor's points by the day's published scale, weighted, graded.

Deterministic: the same evidence and the same terms give the same score, whatever the order they come in. The scales, weights
and cut-offs are the zone's own parameters; only the names of the official classes are taken from their authorities.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from ccezone.kernel.ids import key8
from ccezone.kernel.money import round_half_up


class Grade(StrEnum):
    """Grades, the best first."""

    AAA = "AAA"
    AA = "AA"
    A = "A"
    BBB = "BBB"
    BB = "BB"


class Source(StrEnum):
    """Who states evidence."""

    CUSTOMS = "customs"
    TAX = "tax"
    FX = "fx"
    MARKET = "market"
    THIRD_PARTY = "third_party"
    PLATFORM = "platform"


class Factor(StrEnum):
    """What is judged."""

    CUSTOMS_CLASS = "customs_class"
    TAX_CLASS = "tax_class"
    FX_CLASS = "fx_class"
    MARKET_RISK = "market_risk"
    THIRD_PARTY = "third_party"
    CONFLICTS = "conflicts"
    REJECTIONS = "rejections"
    INSPECTION_FINDS = "inspection_finds"
    RETURNS = "returns"
    LATE_CORRECTIONS = "late_corrections"
    LATE_REPORTS = "late_reports"


SOURCES: Mapping[Factor, Source] = {
    Factor.CUSTOMS_CLASS: Source.CUSTOMS,
    Factor.TAX_CLASS: Source.TAX,
    Factor.FX_CLASS: Source.FX,
    Factor.MARKET_RISK: Source.MARKET,
    Factor.THIRD_PARTY: Source.THIRD_PARTY,
    Factor.CONFLICTS: Source.PLATFORM,
    Factor.REJECTIONS: Source.PLATFORM,
    Factor.INSPECTION_FINDS: Source.PLATFORM,
    Factor.RETURNS: Source.PLATFORM,
    Factor.LATE_CORRECTIONS: Source.PLATFORM,
    Factor.LATE_REPORTS: Source.PLATFORM,
}
ADDED_LATER = frozenset({Factor.LATE_REPORTS})
"""Factors without a weight on early days, which are judged without them: a past score stays what it was."""
OUTSIDE = tuple(factor for factor, source in SOURCES.items() if source is not Source.PLATFORM)
INSIDE = tuple(factor for factor, source in SOURCES.items() if source is Source.PLATFORM)
CLASSES: Mapping[Factor, tuple[str, ...]] = {
    Factor.CUSTOMS_CLASS: ("advanced", "certified", "regular", "discredited", "seriously_discredited"),
    Factor.TAX_CLASS: ("A", "B", "M", "C", "D"),
    Factor.FX_CLASS: ("A", "B", "C"),
    Factor.MARKET_RISK: ("A", "B", "C", "D"),
    Factor.THIRD_PARTY: tuple(grade.value for grade in Grade),
}
"""What an outside authority or rater may state; inside facts are shares between 0 and 1."""

Scale = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence. ``value`` is a class or a share; ``revokes`` takes an earlier piece back."""

    id: UUID
    factor: Factor
    issuer: str
    value: str
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    revokes: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScoreTerms:
    """Weights, scales and cut-offs in force on a day, in the order of ``Factor``.

    ``unknown`` points stand in for a factor without evidence.
    """

    weights: Mapping[Factor, Decimal]
    scales: Mapping[Factor, Scale]
    unknown: Decimal
    cut_offs: Mapping[Grade, Decimal]


@dataclass(frozen=True, slots=True)
class Input:
    """One factor's part: its points of 100, its weight, and what it adds to the score; no evidence: ``unknown``."""

    factor: Factor
    evidence: Sequence[Evidence]
    points: Decimal
    weight: Decimal
    added: Decimal

    @property
    def known(self) -> bool:
        """Whether there is evidence."""
        return bool(self.evidence)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A day's score (of 100, two decimals) and grade, and every input that made it."""

    score: Decimal
    grade: Grade
    inputs: Sequence[Input]

    @property
    def digest(self) -> int:
        """Digest everything that was judged, so that a stored result can be held against a new computation."""
        parts = [f"{each.factor}:{each.points}:{each.weight}:{each.added}" for each in self.inputs]
        return key8(str(self.score), self.grade, *parts, *(str(piece.id) for each in self.inputs for piece in each.evidence))


def read_scale(texts: Iterable[str]) -> Scale:
    """Read ``class:points`` or ``from-this-share-on:points``, as parameters spell scales. Raises ``ValueError``."""
    scale = []
    for text in texts:
        name, colon, points = text.partition(":")
        try:
            scale.append((name, Decimal(points)))
        except InvalidOperation:
            raise ValueError(f"no step of a scale: {text!r}") from None
        if not colon or not name:
            raise ValueError(f"no step of a scale: {text!r}")
    return tuple(scale)


def in_force(evidence: Iterable[Evidence], day: date, known_until: datetime) -> Mapping[Factor, Sequence[Evidence]]:
    """Return what counts on a day, as far as it was known: of each factor and issuer the newest that was not taken back."""
    known = [piece for piece in evidence if piece.recorded_at <= known_until]
    revoked = {piece.revokes for piece in known if piece.revokes}
    newest: dict[tuple[Factor, str], Evidence] = {}
    for piece in known:
        valid = piece.valid_from <= day and (piece.valid_to is None or day <= piece.valid_to)
        if not valid or piece.revokes or piece.id in revoked:
            continue
        former = newest.get((piece.factor, piece.issuer))
        if former is None or _age(piece) > _age(former):
            newest[piece.factor, piece.issuer] = piece
    found: dict[Factor, list[Evidence]] = defaultdict(list)
    for _, piece in sorted(newest.items()):
        found[piece.factor].append(piece)
    return found


def _age(piece: Evidence) -> tuple[date, datetime, UUID]:
    return piece.valid_from, piece.recorded_at, piece.id


def judge(evidence: Mapping[Factor, Sequence[Evidence]], terms: ScoreTerms) -> Judgement:
    """Judge the evidence of a day by the terms of that day.

    Several issuers of one factor (third-party raters) count by their mean. Raises ``ValueError``: all weights are nought.
    """
    total = sum(terms.weights.values(), Decimal(0))
    if total <= 0:
        raise ValueError("weights add up to nought")
    inputs = []
    for factor, weight in terms.weights.items():
        pieces = tuple(evidence.get(factor, ()))
        points = _mean([points_of(factor, piece.value, terms) for piece in pieces]) if pieces else terms.unknown
        inputs.append(Input(factor, pieces, points, weight, round_half_up(points * weight / total, Decimal("0.0001"))))
    score = round_half_up(sum((each.added for each in inputs), Decimal(0)))
    return Judgement(score, grade_of(score, terms.cut_offs), tuple(inputs))


def points_of(factor: Factor, value: str, terms: ScoreTerms) -> Decimal:
    """Return the points of a class, or of a share: those of the highest step it reaches. An unknown class counts nought."""
    scale = terms.scales[factor]
    if factor in CLASSES:
        return dict(scale).get(value, Decimal(0))
    share, points = Decimal(value), Decimal(0)
    for step, worth in sorted(((Decimal(name), worth) for name, worth in scale), key=lambda each: each[0]):
        if share >= step:
            points = worth
    return points


def grade_of(score: Decimal, cut_offs: Mapping[Grade, Decimal]) -> Grade:
    """Return the best grade whose cut-off the score reaches; the last grade needs none."""
    return next((grade for grade in Grade if grade in cut_offs and score >= cut_offs[grade]), Grade.BB)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return round_half_up(sum(values, Decimal(0)) / len(values))


def share_of(count: int, total: int, least: int) -> str:
    """Write a share with four decimals; of fewer than ``least`` documents it is reckoned as of that many."""
    return str(round_half_up(Decimal(count) / max(total, least, 1), Decimal("0.0001")))
