"""The evidence pack of a refund claim, made in the background: one PDF, the data behind it, and the digests of all, as a zip.

The PDF names the digests of the data files and carries a code that anybody can verify; the list of digests names the PDF's.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
import xlsxwriter

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.bills.ports import Deliveries
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.printing.documents import Column, Document, Locale, Source, Table
from ccezone.printing.papers import Letter, prepare, to_pdf
from ccezone.printing.refunds import Evidence, bill_digest, gather
from ccezone.printing.words import say
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault
from ccezone.tax_refunds.queries.claims import ClaimInvoice, ClaimItem, ClaimStep, claim

JOB = "refund_pack"
KEPT = timedelta(days=30)
_WHEN = (2020, 1, 1, 0, 0, 0)  # the same pack has the same bytes
_STEPS = 3


def request_pack(
    uow: UnitOfWork, claim_id: UUID, viewer: UUID | None, user_id: UUID | None, actor: str, locale: Locale, clock: Clock
) -> UUID:
    """Ask for the pack of a claim that this viewer may see (``None``: every claim); return the job. Raises ``NotFound``."""
    if claim(uow.connection, viewer, claim_id) is None:
        raise NotFound(Fault("", "not_found"))
    arguments = {"claim": str(claim_id), "locale": locale, "actor": actor}
    return request_job(uow, JOB, clock, enterprise_id=viewer, user_id=user_id, arguments=arguments)


@dataclass(frozen=True, slots=True)
class PackRefund:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``); ``letter`` gives what stands around the document."""

    database: Database
    vault: PersonalVault
    deliveries: Deliveries
    clock: Clock
    letter: Callable[[Locale], Letter]

    def __call__(self, work: Work) -> Outcome:
        """Gather, print, pack; a claim that is gone by then fails the job."""
        claim_id = UUID(work.arguments["claim"])
        locale: Locale = "en" if work.arguments.get("locale") == "en" else "zh"
        with self.database.begin() as uow:
            source = Source(uow.connection, self.vault, self.deliveries, work.enterprise_id)
            evidence = gather(source, claim_id)
            actor = str(work.arguments["actor"])
            printed = prepare(uow, source, "refund_claim", str(claim_id), actor, self.clock, locale, clear=False)
            work.reached(uow, 1, _STEPS)
        if evidence is None or printed is None:
            raise Refused(Fault("", "nothing_to_print"))
        files = {"data.json": data_json(evidence), "data.xlsx": data_xlsx(evidence)}
        document = with_attachments(printed.document, files, locale)
        files = {"evidence.pdf": to_pdf(replace(printed, document=document), self.letter(locale)), **files}
        content = packed({**files, "SHA256SUMS": sums(files)})
        reference = evidence.view.row.reference
        name = f"{reference}-evidence.zip"
        kept = Upload(name, FileKind.ZIP, content, "print", work.enterprise_id, work.user_id, self.clock.now() + KEPT)
        with self.database.begin() as uow:
            file_id = store_file(uow, self.vault, kept, self.clock)
            work.reached(uow, _STEPS, _STEPS)
        told = {"name": name, "size": len(content), "claim": reference, "code": printed.code, "sha256": _digest(content)}
        return Outcome({**told, "expires_at": (self.clock.now() + KEPT).isoformat()}, file_id)


def with_attachments(document: Document, files: Mapping[str, bytes], locale: Locale) -> Document:
    """Add the list of attachments with their digests."""
    columns = [Column(say("file", locale)), Column(say("size", locale), True), Column(say("content", locale))]
    rows = [[name, f"{len(content):,}", _digest(content)] for name, content in files.items()]
    return replace(document, sections=[*document.sections, Table(say("attachments", locale), columns, rows)])


def data_json(found: Evidence) -> bytes:
    """Return the claim and what stands behind it as JSON; amounts are texts."""
    view = found.view
    data = {
        "claim": {**asdict(view.row), "reference": view.row.reference},
        "claimant": {"name": found.merchant, "uscc": found.uscc},
        "items": [asdict(each) for each in view.items],
        "invoices": [asdict(each) for each in view.invoices],
        "declarations": [asdict(each) for each in found.declarations],
        "lists": [asdict(each.row) for each in found.lists],
        "bills": [{"kind": str(each.kind), "number": each.number, "sha256": bill_digest(each)} for each in found.bills],
        "steps": [asdict(each) for each in view.steps],
    }
    return orjson.dumps(data, default=_plain, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def data_xlsx(found: Evidence) -> bytes:
    """Return goods, invoices and steps as a workbook."""
    view, file = found.view, BytesIO()
    sheets: Mapping[str, Sequence[ClaimItem | ClaimInvoice | ClaimStep]] = {
        "商品 Goods": view.items, "发票 Invoices": view.invoices, "步骤 Steps": view.steps,
    }  # fmt: skip
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": view.row.created_at.replace(tzinfo=None)})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for line, row in enumerate(rows):
                known = asdict(row)
                if not line:
                    sheet.write_row(0, 0, list(known))
                sheet.write_row(line + 1, 0, ["" if value is None else str(value) for value in known.values()])
    return file.getvalue()


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the digests as ``sha256sum --check`` reads them."""
    return "".join(f"{_digest(content)}  {name}\n" for name, content in files.items()).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip; the same files give the same bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as pack:
        for name, content in files.items():
            entry = ZipInfo(name, _WHEN)
            entry.compress_type = ZIP_DEFLATED
            pack.writestr(entry, content)
    return file.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(value: object) -> str:
    return str(value)
