"""The result of a delivery on paper: counts, what was wrong with which document, what was stored."""

from collections.abc import Sequence
from uuid import UUID

from ccezone.bills import queries as bills
from ccezone.bills.queries import BatchView, BillRow, FaultRow, explain
from ccezone.enterprises.queries import directory
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Table
from ccezone.printing.words import moment, say

_MOST = 500
_COUNTS = ("documents", "accepted", "replayed", "rejected")


def compose_batch(source: Source, subject: str) -> Composed | None:
    """Read a delivery by its id."""
    known = bills.batch(source.connection, UUID(subject), source.viewer)
    if known is None:
        return None
    faults = bills.faults_of_batch(source.connection, known.id, limit=_MOST)
    stored = bills.bills_of_batch(source.connection, known, limit=_MOST)
    party = directory(source.connection).by_id.get(known.submitter_id)
    facts = {
        "number": str(known.id),
        "submitter": party.name if party else "",
        "kind": known.kind.value,
        "flow": known.flow,
        "message_type": known.message_type,
        "received_at": moment(known.received_at),
        **{name: str(getattr(known, name)) for name in _COUNTS},
    }
    content = (facts, [(row.position, row.fault.code, row.fault.pointer) for row in faults], [row.number for row in stored])

    def document(locale: Locale, _clear: bool) -> Document:
        spoken = {"kind", "flow"}
        rows = [(say(name, locale), say(text, locale) if name in spoken else text) for name, text in facts.items()]
        sections: list[Section] = [
            Facts(say("summary", locale), rows),
            _faults(source, known, faults, locale),
            _stored(known, stored, locale),
        ]
        return Document(say("batch", locale), facts["number"], facts["submitter"], sections)

    return Composed(facts, content, document)


def _faults(source: Source, known: BatchView, faults: Sequence[FaultRow], locale: Locale) -> Table:
    columns = [Column(say("position", locale), number=True)]
    columns += [Column(say(name, locale)) for name in ("number", "place", "problems", "remedy")]
    rows = []
    for row in faults:
        said = explain(source.deliveries, known.message_type, row.fault, locale)
        rows.append([str(row.position + 1), row.document, said.pointer, f"{said.message} {said.code}", said.remedy])
    return Table(say("problems", locale), columns, rows, _more(len(rows), 0, locale))


def _stored(known: BatchView, stored: Sequence[BillRow], locale: Locale) -> Table:
    columns = [Column(say("position", locale), number=True), Column(say("number", locale)), Column(say("party", locale))]
    columns.append(Column(say("version", locale), number=True))
    rows = [[str(row.cursor.position + 1), row.number, row.party, str(row.version)] for row in stored]
    return Table(say("stored", locale), columns, rows, _more(len(rows), known.accepted - known.replayed, locale))


def _more(shown: int, number: int, locale: Locale) -> str:
    if shown < _MOST or number == shown:
        return ""
    return say("more", locale, shown=shown, all=number or f"{_MOST}+")
