"""Whether an order is cross-border e-commerce: criterion by criterion, by the dated parameter, and by an officer's word over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.enterprises.rules import Role
from ccezone.matching.queries import MatchRow
from ccezone.matching.rules import Criterion, Verdict, recognised
from ccezone.parameters.queries import book
from ccezone.parameters.rules import Parameter
from ccezone.storage.copying import fetch

_FACTS = """
SELECT
    (SELECT platform_code FROM order_version WHERE order_key = %(order)s ORDER BY version DESC LIMIT 1),
    ARRAY(SELECT DISTINCT ON (payment_key) coalesce(payment_enterprise_code, '') FROM payment_version
        WHERE payment_key = ANY(%(payments)s::bigint[]) ORDER BY payment_key, version DESC),
    ARRAY(SELECT DISTINCT ON (waybill_key) carrier_code FROM waybill_version
        WHERE waybill_key = ANY(%(waybills)s::bigint[]) ORDER BY waybill_key, version DESC)
"""
_WORDS = "SELECT recognised, reason, document, at, actor FROM order_recognition WHERE order_key = %(key)s ORDER BY id DESC"


@dataclass(frozen=True, slots=True)
class Word:
    """What an officer decided; ``recognised`` is ``None`` where the rules were to decide again."""

    recognised: bool | None
    reason: str
    document: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """The criteria with what was found (``None``: not known yet), which of them count, and every word of officers, newest first."""

    findings: Mapping[Criterion, bool | None]
    required: Sequence[str]
    source: Parameter
    words: Sequence[Word]

    @property
    def by_rules(self) -> bool | None:
        """What the rules say."""
        return recognised(self.findings, self.required)

    @property
    def word(self) -> Word | None:
        """The officer's word that holds, if one does."""
        return self.words[0] if self.words and self.words[0].recognised is not None else None

    @property
    def verdict(self) -> bool | None:
        """What holds: an officer's word before the rules."""
        return self.word.recognised if self.word else self.by_rules


def recognition(connection: Connection, zone: str, known: MatchRow, day: date) -> Recognition:
    """Judge an order by the criteria of a day. The caller has judged who may see the order."""
    key = f"recognition.criteria.{known.flow}"
    words = [Word(*row) for row in fetch(connection, _WORDS, {"key": known.order_key})]
    parameters = book(connection, zone)
    return Recognition(_findings(connection, known), parameters.texts(key, day), parameters.row(key, day), words)


def _findings(connection: Connection, known: MatchRow) -> Mapping[Criterion, bool | None]:
    values = {"order": known.order_key, "payments": list(known.payments), "waybills": list(known.waybills)}
    platform, payers, carriers = fetch(connection, _FACTS, values)[0]
    parties = directory(connection)
    merchant = parties.by_id.get(known.merchant_id) if known.merchant_id else None
    ordered = "order" not in known.waiting
    agreed: Mapping[Verdict, bool | None] = {Verdict.CONFLICT: False, Verdict.DELETED: False, Verdict.WAITING: None}
    return {
        Criterion.MERCHANT: _is(merchant, Role.MERCHANT, Role.FOREIGN_TRADE_SERVICE) if ordered else None,
        Criterion.PLATFORM: _is(parties.find(platform), Role.PLATFORM, Role.MERCHANT) if ordered and platform else None,
        Criterion.PAYMENT: _all(parties.find, payers, Role.PAYMENT, Role.EXPRESS),
        Criterion.WAYBILL: _all(parties.find, carriers, Role.CARRIER, Role.EXPRESS),
        Criterion.AGREED: agreed.get(known.verdict, True),
    }


def _all(find: Any, codes: Sequence[str], *roles: Role) -> bool | None:
    return all(_is(find(code), *roles) for code in codes) if codes else None


def _is(party: EnterpriseView | None, *roles: Role) -> bool:
    return party is not None and party.active and bool(party.roles & set(roles))
