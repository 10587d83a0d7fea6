"""An exception case on paper, for the office: what happened, to which document, since when, and how it ended."""

from collections.abc import Mapping
from uuid import UUID

from ccezone.cases.queries import CaseView, case
from ccezone.declarations.queries import list_numbers
from ccezone.enterprises.queries import directory
from ccezone.printing.documents import Composed, Document, Facts, Locale, Source
from ccezone.printing.words import moment, named, say


def compose_case(source: Source, subject: str) -> Composed | None:
    """Read a case by its id; only the office sees cases."""
    found = case(source.connection, UUID(subject)) if source.viewer is None else None
    if found is None:
        return None
    party = directory(source.connection).by_id.get(found.enterprise_id) if found.enterprise_id else None
    facts = {
        "case_kind": found.kind,
        "party": party.name if party else "",
        "standing": "open" if found.open else "closed",
        "opened_at": moment(found.opened_at),
        "closed_at": moment(found.closed_at),
    }
    told = {**_about(source, found), **{name: str(value) for name, value in found.detail.items()}}
    ended = found.closing_cause or ""

    def document(locale: Locale, _clear: bool) -> Document:
        head = [
            (say("case_kind", locale), named(found.kind, "case_kinds", locale, bare=True)),
            (say("party", locale), facts["party"]),
            (say("standing", locale), say(facts["standing"], locale)),
            (say("opened_at", locale), facts["opened_at"]),
            *((say(name, locale), say(value, locale) if name == "bill" else value) for name, value in told.items()),
            (say("closed_at", locale), facts["closed_at"]),
            (say("closing_cause", locale), f"{named(found.cause or '', 'case_causes', locale, bare=True)} {ended}".strip()),
        ]
        return Document(say("case", locale), str(found.id), facts["party"], [Facts(say("summary", locale), head)])

    return Composed(facts, (facts, told, ended), document)


def _about(source: Source, found: CaseView) -> Mapping[str, str]:
    """Name the order and waybill of a case about a list, whose detail says neither."""
    if found.subject_kind != "list":
        return {}
    numbers = list_numbers(source.connection, [found.subject])
    return dict(zip(("order_no", "waybill_no"), numbers.get(found.subject, ()), strict=False))
