"""An inspection order on paper: what is inspected, by whom, what each agency found, and the one result."""

from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import CheckView, OrderView, order
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Source, Table
from ccezone.printing.words import moment, named, say


def compose_inspection(source: Source, subject: str) -> Composed | None:
    """Read an order by its id; a firm sees its own."""
    found = order(source.connection, UUID(subject), source.viewer)
    if found is None:
        return None
    row = found.row
    party = directory(source.connection).by_id.get(row.enterprise_id)
    facts = {
        "number": row.spelled,
        "party": party.name if party else "",
        "inspected": row.subject_kind,
        "opened_at": moment(row.opened_at),
        "due_on": str(row.due_on),
        "inspection_result": row.result,
        "closed_at": moment(row.closed_at),
    }
    checks = [
        (check.agency, check.inspectors, check.opinion, check.findings, check.note, check.signed_at) for check in found.checks
    ]
    told = (row.subject, row.what, row.place, row.planned_at, row.findings, row.conclusion)

    def document(locale: Locale, _clear: bool) -> Document:
        return Document(
            say("inspection", locale), row.spelled, facts["party"], [_head(found, facts["party"], locale), _checks(found, locale)]
        )

    return Composed(facts, (facts, told, checks), document)


def _head(found: OrderView, party: str, locale: Locale) -> Facts:
    row = found.row
    rows = [
        (say("inspected", locale), f"{say(f'inspect_{row.subject_kind}', locale)} {row.subject}"),
        (say("party", locale), party),
        (say("what", locale), row.what),
        (say("planned_at", locale), moment(row.planned_at)),
        (say("inspection_place", locale), row.place),
        (say("due_on", locale), str(row.due_on)),
        (say("opened_at", locale), moment(row.opened_at)),
        (say("inspection_result", locale), named(row.result, "inspection_results", locale, bare=True)),
        (say("findings", locale), _findings(row.findings, locale)),
        (say("conclusion", locale), row.conclusion),
        (say("closed_at", locale), moment(row.closed_at)),
    ]
    return Facts(say("summary", locale), rows)


def _checks(found: OrderView, locale: Locale) -> Table:
    columns = [Column(say(name, locale)) for name in ("agency", "inspectors", "opinion", "findings", "signed_at")]
    return Table(say("checks", locale), columns, [_cells(check, locale) for check in found.checks], row_heads=True)


def _cells(check: CheckView, locale: Locale) -> list[str]:
    told = "\n".join(part for part in (_findings(check.findings, locale), check.note) if part)
    opinion = named(check.opinion, "inspection_results", locale, bare=True)
    agency = named(check.agency, "inspection_agencies", locale, bare=True)
    return [agency, " ".join(check.inspectors), opinion, told, moment(check.signed_at)]


def _findings(codes: object, locale: Locale) -> str:
    known = codes if isinstance(codes, list) else []
    return ("、" if locale == "zh" else ", ").join(named(code, "inspection_findings", locale, bare=True) for code in known)
