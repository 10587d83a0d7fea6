"""The benchmark of risk: its worlds are the same for the same seed, and its score tells right from wrong."""

from collections import Counter

from click.testing import CliRunner

from ccezone.bench import cli
from ccezone.bench.fraud import Scheme, plot
from ccezone.bench.risk import Score, Shown, judge

PLANTED = [Scheme("burst", frozenset({"A1", "A2", "A3"})), Scheme("quota", frozenset({"B1", "B2"}))]


def test_equal_seeds_make_equal_worlds_and_others_do_not() -> None:
    once, again, other = (plot(seed, sales_a_day=2) for seed in (7, 7, 8))
    assert once.schemes == again.schemes
    assert list(once.world.documents()) == list(again.world.documents())
    assert once.schemes != other.schemes


def test_every_kind_of_fraud_is_planted_among_honest_trade() -> None:
    made = plot(5, sales_a_day=2)
    counts = Counter(scheme.kind for scheme in made.schemes)
    assert len(counts) == 10
    assert min(counts.values()) >= 5
    planted = {number for scheme in made.schemes for number in scheme.numbers}
    orders = {str(document.values.get("order_no", "")) for document in made.world.documents()}
    assert len(orders - planted) > len(orders & planted)


def test_an_alert_is_right_when_most_it_shows_was_planted_as_that_kind() -> None:
    raised = [Shown("burst", ["A1", "A2", "Z1"]), Shown("quota", ["Z1", "Z2", "B1"]), Shown("quota", ["A1", "A2"])]
    score = judge(PLANTED, raised)
    assert (score.raised.total(), score.right.total(), score.found.total()) == (3, 1, 1)
    assert (round(score.precision, 2), score.recall) == (0.33, 0.5)


def test_a_fraud_found_by_two_alerts_is_found_once() -> None:
    score = judge(PLANTED, [Shown("burst", ["A1"]), Shown("burst", ["A2"])])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_rules_that_say_nothing_have_neither_precision_nor_recall() -> None:
    score = judge(PLANTED, [])
    assert (score.precision, score.recall) == (0.0, 0.0)
    assert Score(Counter(), Counter(), Counter(), Counter()).recall == 0.0


def test_the_command_takes_seeds_of_worlds_only() -> None:
    assert CliRunner().invoke(cli.bench, ["risk", "--seed", "5000"]).exit_code == 2
