"""The switches: how the mock is told to reject, inspect, delay, repeat, shuffle, lose, stumble, and how fast time passes."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import translate
from functools import cached_property
from typing import Any

from marshmallow import Schema, fields, post_load, validate

EFFECTS = ("reject", "manual_review", "inspection", "suspend", "delay", "drop_after_acceptance")
OUTCOMES = ("pass", "hold", "fail")
LISTS = ("CEB603Message", "CEB621Message")
_DAYS_FOR_BILLS = 3 * 86_400.0
CANCELLATIONS = ("CEB605Message", "CEB623Message")


@dataclass(frozen=True, slots=True)
class Rule:
    """One effect on some documents: those of an enterprise, matching an order-number pattern, by share.

    Empty conditions always hold. ``outcome`` is how a review, inspection or suspension ends (``hold``: not at all).
    """

    effect: str
    enterprise: str = ""
    pattern: str = ""
    share: float = 1.0
    outcome: str = "pass"
    seconds: float = 10.0
    message_types: Sequence[str] = LISTS

    def holds(self, message_type: str, head: Mapping[str, str]) -> bool:
        """Say whether the rule holds for a document; a share is drawn from its guid, so it is the same every time."""
        if message_type not in self.message_types:
            return False
        if self.enterprise and self.enterprise not in (head.get("merchant_code"), head.get("agent_code")):
            return False
        if self.pattern and not _pattern(self.pattern).match(head.get("order_no", "")):
            return False
        return self.share >= 1 or drawn(head.get("guid", "") + self.effect) < self.share


BY_ORDER_NUMBER = (
    Rule("reject", pattern="*-REJECT-*"),
    Rule("inspection", pattern="*-INSPECT-HOLD-*", outcome="hold"),
    Rule("inspection", pattern="*-INSPECT-*"),
    Rule("manual_review", pattern="*-REVIEW-HOLD-*", outcome="hold"),
    Rule("manual_review", pattern="*-REVIEW-*"),
    Rule("suspend", pattern="*-SUSPEND-*"),
    Rule("delay", pattern="*-SLOW-*"),
    Rule("drop_after_acceptance", pattern="*-DROP-*"),
    Rule("reject", pattern="*-KEEP-*", message_types=CANCELLATIONS),
)


@dataclass(frozen=True)
class Switches:
    """All switches in force. Shares lie between 0 and 1; money is in yuan; seconds are real ones.

    ``time_scale`` stretches the waiting times between receipts (0: at once, 1: as long as in life). The two limits are
    those of GACC and others 2018 No. 157 (``deadlines_and_limits``, from 2019); ``quota_stage`` says who minds them,
    customs (status 100, code 1313) or the e-port (-621018). ``trust`` says whose signatures hold: any that its own
    certificate proves (``certificate``), or only those by published keys (``registered``).
    """

    rules: Sequence[Rule] = BY_ORDER_NUMBER
    treatments: Mapping[str, float] = field(default_factory=dict)
    auto_arrival: bool = True
    time_scale: float = 0.0
    bills_wait_seconds: float = 30.0
    down: bool = False
    slow_seconds: float = 0.0
    garbage: float = 0.0
    duplicate: float = 0.0
    reorder: bool = False
    unregistered: Sequence[str] = ()
    entrusted: Sequence[str] = ()
    single_limit: Decimal = Decimal(5000)
    annual_limit: Decimal = Decimal(26000)
    quota_stage: str = "customs"
    trust: str = "certificate"

    def effects(self, message_type: str, head: Mapping[str, str]) -> dict[str, Rule]:
        """Return the rules that hold for a document, by effect; the first of each effect counts."""
        found: dict[str, Rule] = {}
        for rule in self._rules_for(head.get("order_no", "")):
            if rule.effect not in found and rule.holds(message_type, head):
                found[rule.effect] = rule
        share = self.treatments.get(head.get("merchant_code", ""), 0.0)
        if share and "inspection" not in found:
            treatment = Rule("inspection", share=share)
            if treatment.holds(message_type, head):
                found["inspection"] = treatment
        return found

    def _rules_for(self, order_no: str) -> Sequence[Rule]:
        """Leave out the rules with patterns when none of all the patterns matches: the common case, at one look."""
        return self.rules if self._any_pattern.match(order_no) else self._without_pattern

    @cached_property
    def _any_pattern(self) -> re.Pattern[str]:
        patterns = [translate(rule.pattern) for rule in self.rules if rule.pattern]
        return re.compile("|".join(patterns) if patterns else r"(?!)")

    @cached_property
    def _without_pattern(self) -> Sequence[Rule]:
        return tuple(rule for rule in self.rules if not rule.pattern)

    def changed(self, changes: Mapping[str, object]) -> "Switches":
        """Return the switches with some set anew. Raises ``marshmallow.ValidationError``."""
        loaded: dict[str, Any] = SwitchesSchema(partial=True).load(dict(changes))
        return replace(self, **loaded)

    def to_json(self) -> dict[str, Any]:
        """Return the switches as JSON values."""
        values: dict[str, Any] = SwitchesSchema().dump(self)
        return values


def lifelike(switches: Switches) -> Switches:
    """Return the switches as a demo's month goes by: waits as long as in life at least, and days for bills to come."""
    patience = max(switches.bills_wait_seconds, _DAYS_FOR_BILLS)
    return replace(switches, time_scale=max(switches.time_scale, 1.0), bills_wait_seconds=patience)


def drawn(seed: str | bytes) -> float:
    """Draw a number in [0, 1) from a text, always the same."""
    return zlib.crc32(seed.encode() if isinstance(seed, str) else seed) / 2**32


_compiled: dict[str, re.Pattern[str]] = {}


def _pattern(pattern: str) -> re.Pattern[str]:
    if pattern not in _compiled:
        _compiled[pattern] = re.compile(translate(pattern))
    return _compiled[pattern]


_SHARE = validate.Range(0, 1)
_NOT_NEGATIVE = validate.Range(0)


class RuleSchema(Schema):
    """JSON shape of a rule."""

    effect = fields.String(required=True, validate=validate.OneOf(EFFECTS))
    enterprise = fields.String()
    pattern = fields.String()
    share = fields.Float(validate=_SHARE)
    outcome = fields.String(validate=validate.OneOf(OUTCOMES))
    seconds = fields.Float(validate=_NOT_NEGATIVE)
    message_types = fields.List(fields.String())

    @post_load
    def make(self, values: dict[str, Any], **_: object) -> Rule:
        """Build the rule."""
        types = tuple(values.pop("message_types", LISTS))
        return Rule(**values, message_types=types)


class SwitchesSchema(Schema):
    """JSON shape of the switches."""

    rules = fields.List(fields.Nested(RuleSchema))
    treatments = fields.Dict(keys=fields.String(), values=fields.Float(validate=_SHARE))
    auto_arrival = fields.Boolean()
    time_scale = fields.Float(validate=_NOT_NEGATIVE)
    bills_wait_seconds = fields.Float(validate=_NOT_NEGATIVE)
    down = fields.Boolean()
    slow_seconds = fields.Float(validate=validate.Range(0, 60))
    garbage = fields.Float(validate=_SHARE)
    duplicate = fields.Float(validate=_SHARE)
    reorder = fields.Boolean()
    unregistered = fields.List(fields.String())
    entrusted = fields.List(fields.String())
    single_limit = fields.Decimal(as_string=True, validate=_NOT_NEGATIVE)
    annual_limit = fields.Decimal(as_string=True, validate=_NOT_NEGATIVE)
    quota_stage = fields.String(validate=validate.OneOf(("customs", "eport")))
    trust = fields.String(validate=validate.OneOf(("certificate", "registered")))
