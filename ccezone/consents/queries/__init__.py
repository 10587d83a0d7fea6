"""Read models of consents: those of a firm or a bank, one with its story, who looked, what banks decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.consents.rules import DataKind, Standing, standing
from ccezone.storage.copying import fetch

TABS: Mapping[str, frozenset[Standing]] = {
    "live": frozenset({Standing.LIVE, Standing.FUTURE}),
    "asked": frozenset({Standing.ASKED}),
    "over": frozenset({Standing.EXPIRED, Standing.REFUSED, Standing.WITHDRAWN}),
}
SELECT = """
SELECT c.id, c.number, c.enterprise_id, e.name, e.uscc, c.partner_id, p.name, p.name_en, c.kinds, c.purpose, c.note, c.valid_from,
    c.valid_to, c.state, c.made_at, c.version, p.active
FROM data_consent c JOIN enterprise e ON e.id = c.enterprise_id JOIN partner p ON p.id = c.partner_id
"""
_TAB = """CASE WHEN c.state IN ('refused', 'withdrawn') OR c.valid_to < %(today)s THEN 'over'
    WHEN c.state = 'asked' THEN 'asked' ELSE 'live' END"""
_WHERE = """
WHERE (%(firm)s::uuid IS NULL OR c.enterprise_id = %(firm)s) AND (%(bank)s::uuid IS NULL OR c.partner_id = %(bank)s)
    AND (%(text)s = '' OR strpos(lower(e.name || ' ' || e.uscc || ' ' || p.name || ' ' || p.name_en), lower(%(text)s)) > 0)
"""
_LIST = f"""{SELECT} {_WHERE} AND {_TAB} = %(tab)s AND (%(after)s::uuid IS NULL OR c.id < %(after)s)
ORDER BY c.id DESC LIMIT %(limit)s"""
_COUNTS = f"""SELECT {_TAB}, count(*) FROM data_consent c JOIN enterprise e ON e.id = c.enterprise_id
JOIN partner p ON p.id = c.partner_id {_WHERE} GROUP BY 1"""  # noqa: S608  # our own words
_ONE = f"""{SELECT} WHERE c.id = %(id)s AND (%(firm)s::uuid IS NULL OR c.enterprise_id = %(firm)s)
AND (%(bank)s::uuid IS NULL OR c.partner_id = %(bank)s)"""
_STEPS = "SELECT at, name, side, action, note FROM consent_step WHERE consent_id = %(id)s ORDER BY id"
_READS = """
SELECT r.id, r.at, r.partner_id, p.name, p.name_en, p.kind, r.enterprise_id, e.name, r.consent_id, c.number, r.name, r.kind, r.what,
    r.refused
FROM partner_read r JOIN partner p ON p.id = r.partner_id JOIN enterprise e ON e.id = r.enterprise_id
LEFT JOIN data_consent c ON c.id = r.consent_id
WHERE (%(firm)s::uuid IS NULL OR r.enterprise_id = %(firm)s AND r.consent_id IS NOT NULL)
    AND (%(consent)s::uuid IS NULL OR r.consent_id = %(consent)s)
    AND (%(text)s = '' OR strpos(lower(e.name || ' ' || p.name || ' ' || r.name), lower(%(text)s)) > 0)
    AND (NOT %(refused)s OR r.refused) AND (%(after)s::uuid IS NULL OR r.id < %(after)s)
ORDER BY r.id DESC LIMIT %(limit)s
"""
_DECISION = """
SELECT d.id, d.consent_id, c.number, c.enterprise_id, c.partner_id, p.name, p.name_en, d.at, d.name, d.outcome, d.reference,
    d.words, d.orders, d.file_id
FROM bank_decision d JOIN data_consent c ON c.id = d.consent_id JOIN partner p ON p.id = c.partner_id
"""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent. ``bank_active``: the bank is not suspended."""

    id: UUID
    number: int
    enterprise_id: UUID
    firm: str
    uscc: str
    partner_id: UUID
    bank_zh: str
    bank_en: str
    kinds: Sequence[str]
    purpose: str
    note: str
    valid_from: date
    valid_to: date
    state: str
    made_at: datetime
    version: int
    bank_active: bool

    @property
    def spelled(self) -> str:
        """Its number as people write it."""
        return f"SQ{self.number:08d}"

    def bank(self, language: str) -> str:
        """The bank's name in a language."""
        return self.bank_en or self.bank_zh if language == "en" else self.bank_zh

    def standing(self, today: date) -> Standing:
        """Where it stands on a day."""
        return standing(self.state, self.valid_from, self.valid_to, today)

    def opens(self, kinds: Sequence[DataKind], today: date) -> bool:
        """Say whether all these data may be read on a day."""
        return self.standing(today) is Standing.LIVE and {*kinds} <= {*self.kinds}


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing said about a consent."""

    at: datetime
    name: str
    side: str
    action: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadView:
    """One look of a partner; without a consent by competence."""

    id: UUID
    at: datetime
    partner_id: UUID
    partner_zh: str
    partner_en: str
    partner_kind: str
    enterprise_id: UUID
    firm: str
    consent_id: UUID | None
    number: int | None
    name: str
    kind: str
    what: str
    refused: bool

    def partner(self, language: str) -> str:
        """The partner's name in a language."""
        return self.partner_en or self.partner_zh if language == "en" else self.partner_zh


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a bank decided on some orders (``orders``: their keys)."""

    id: UUID
    consent_id: UUID
    number: int
    enterprise_id: UUID
    partner_id: UUID
    bank_zh: str
    bank_en: str
    at: datetime
    name: str
    outcome: str
    reference: str
    words: str
    orders: Sequence[str]
    file_id: UUID | None

    def bank(self, language: str) -> str:
        """The bank's name in a language."""
        return self.bank_en or self.bank_zh if language == "en" else self.bank_zh


@dataclass(frozen=True, slots=True)
class ConsentFilter:
    """Whose consents: of a firm, of a bank, or all; ``today`` says which are over."""

    today: date
    firm: UUID | None = None
    bank: UUID | None = None
    text: str = ""

    def values(self) -> dict[str, object]:
        """As parameters of a statement."""
        return {"today": self.today, "firm": self.firm, "bank": self.bank, "text": self.text}


def search_consents(
    connection: Connection, wanted: ConsentFilter, tab: str, after: UUID | None = None, limit: int = 50
) -> Sequence[ConsentView]:
    """Return the consents of a tab, the newest first."""
    values = {**wanted.values(), "tab": tab, "after": after, "limit": limit}
    return [ConsentView(*row) for row in fetch(connection, _LIST, values)]


def count_consents(connection: Connection, wanted: ConsentFilter) -> Mapping[str, int]:
    """Count what ``search_consents`` gives for each tab."""
    return {**dict.fromkeys(TABS, 0), **dict(fetch(connection, _COUNTS, wanted.values()))}


def consent(connection: Connection, consent_id: UUID, *, firm: UUID | None = None, bank: UUID | None = None) -> ConsentView | None:
    """Return one consent, ``None`` when there is none (of that firm, of that bank)."""
    rows = fetch(connection, _ONE, {"id": consent_id, "firm": firm, "bank": bank})
    return ConsentView(*rows[0]) if rows else None


def steps_of(connection: Connection, consent_id: UUID) -> Sequence[StepView]:
    """Return what was said about a consent, in order."""
    return [StepView(*row) for row in fetch(connection, _STEPS, {"id": consent_id})]


def reads(
    connection: Connection,
    *,
    firm: UUID | None = None,
    consent_id: UUID | None = None,
    text: str = "",
    only_refused: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[ReadView]:
    """Return looks, the last first: of a consent, of a firm (those of banks), or all with those by competence."""
    asked = {"firm": firm, "consent": consent_id, "text": text, "refused": only_refused}
    return [ReadView(*row) for row in fetch(connection, _READS, {**asked, "after": after, "limit": limit})]


def decisions_of(connection: Connection, consent_id: UUID) -> Sequence[DecisionView]:
    """Return what was decided under a consent, the last first."""
    statement = f"{_DECISION} WHERE d.consent_id = %(id)s ORDER BY d.id DESC LIMIT 200"
    return [DecisionView(*row) for row in fetch(connection, statement, {"id": consent_id})]


def decision(connection: Connection, decision_id: UUID) -> DecisionView | None:
    """Return one decision."""
    rows = fetch(connection, f"{_DECISION} WHERE d.id = %(id)s", {"id": decision_id})
    return DecisionView(*rows[0]) if rows else None


def decisions_on_order(connection: Connection, order_key: int) -> Sequence[DecisionView]:
    """Return what banks decided on a set of orders with this one in it, in order."""
    statement = f"{_DECISION} WHERE d.orders ? %(key)s ORDER BY d.id LIMIT 100"
    return [DecisionView(*row) for row in fetch(connection, statement, {"key": str(order_key)})]
