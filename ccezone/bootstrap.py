"""Where the parts are put together: which tables there are, which adapter serves which port, what is done how often."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from ccezone.accounts.service import forget_answers, verify_daily
from ccezone.background.ports import Handler
from ccezone.background.service import run_next_job
from ccezone.bills.ports import Deliveries
from ccezone.bills.service.workbooks import JOB as WORKBOOK_JOB
from ccezone.bills.service.workbooks import TakeWorkbookIn, drop_workbook_parts
from ccezone.cases.service import Sightings, drop_expired_files, drop_old_sightings, oversee
from ccezone.clearance.ports import MessageWriter, ReceiptReader, SingleWindow
from ccezone.clearance.queries import detectors
from ccezone.clearance.service import pack_outbox, receive, retry_parked, send_waiting
from ccezone.clearance.service.watching import WatchedWindow
from ccezone.credit.ports import TreatmentDesk
from ccezone.credit.queries.fx_standing import due_terms
from ccezone.credit.service import end_expired, keep_credit, send_treatments
from ccezone.credit.service.importing import JOB as EVIDENCE_JOB
from ccezone.credit.service.importing import TakeEvidenceIn
from ccezone.declarations.rules.summaries import former_month
from ccezone.declarations.service import Rechecker, recheck_lists
from ccezone.declarations.service.drafts import forget_deleted_drafts
from ccezone.declarations.service.summaries import propose_summaries
from ccezone.enterprises.service.licensing import drop_abandoned, judge_licences
from ccezone.enterprises.service.product_sheets import JOB as PRODUCTS_JOB
from ccezone.enterprises.service.product_sheets import TakeProductsIn
from ccezone.enterprises.service.reminding import remind_of_licences
from ccezone.fx.ports import Bank
from ccezone.fx.queries.balance import balances as money_balances
from ccezone.fx.service.automatic import match_reported
from ccezone.fx.service.credit_reports import remind_of_dues
from ccezone.fx.service.exchanging import send_instructions, take_files, take_notices
from ccezone.fx.service.orders import keep_all_orders
from ccezone.fx.service.watching import WatchedBank
from ccezone.fx.service.workbooks import JOB as RECEIPTS_JOB
from ccezone.fx.service.workbooks import TakeReceiptsIn
from ccezone.inspection.service import follow_customs
from ccezone.kernel.clock import SHANGHAI, Clock, SystemClock
from ccezone.kernel.demo_clock import clock_at
from ccezone.matching.service import merge_touched
from ccezone.notices.service import Letterhead, mail_notices, postman, send_due, tell_digests
from ccezone.notices.service.webhooks import Deliverer, drop_old_events
from ccezone.printing.bundles import JOB as PRINT_JOB
from ccezone.printing.bundles import PrintLists
from ccezone.printing.documents import Locale
from ccezone.printing.papers import Letter as PaperHead
from ccezone.printing.refund_packs import JOB as PACK_JOB
from ccezone.printing.refund_packs import PackRefund
from ccezone.printing.returns.making import RenderReturn, SignReturn
from ccezone.reconciliation.ports import Ledger
from ccezone.reconciliation.queries import Gaps
from ccezone.reconciliation.service import reconcile_due
from ccezone.reporting.service.counting import JOB as REPORT_JOB
from ccezone.reporting.service.counting import CountReport
from ccezone.reporting.service.keeping import note_lateness, remind_of_reports
from ccezone.risk.service.looking import look
from ccezone.risk.service.trying import JOB as RISK_JOB
from ccezone.risk.service.trying import TryRule
from ccezone.settings import Settings
from ccezone.statistics.exporting import ExportData
from ccezone.statistics.goods_export import ExportGoods
from ccezone.statistics.service import A_WHILE, GOODS_JOB, drop_stale_parts, refresh_figures, refresh_goods, refresh_supplements
from ccezone.statistics.service import JOB as EXPORT_JOB
from ccezone.statistics.service.feeding import JOB as FEED_JOB
from ccezone.statistics.service.feeding import TakeFeedIn
from ccezone.statistics.service.returns import RENDER_JOB, SIGN_JOB
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from ccezone.subscribing import subscriptions
from ccezone.tax_refunds.ports import TaxBureau
from ccezone.tax_refunds.queries.ledgers import LEDGERS as REFUND_LEDGERS
from ccezone.tax_refunds.service.area_dues import remind_of_deliveries
from ccezone.tax_refunds.service.exchanging import send_refund_messages, take_refund_notices
from ccezone.tax_refunds.service.keeping import keep_repayments
from ccezone.tax_refunds.service.ledger import keep_whole_ledger
from ccezone.tax_refunds.service.watching import WatchedBureau
from ccezone.terms import Terms
from ccezone.web.zone import zone_name
from ccezone.worker.loops import MOST_COLLECTED
from ccezone.worker.webhooks import WebhookRounds
from integrations.bank import HttpBank
from integrations.partners import CebDeliveries
from integrations.signatures import KeyRing
from integrations.signatures.keys import PublicKeys
from integrations.signatures.pdf import PdfSeal
from integrations.single_window import CebReader, CebWriter, HttpSingleWindow, HttpTreatments
from integrations.tax_bureau import HttpTaxBureau
from integrations.webhooks import HttpCaller
from integrations.workbooks import EvidenceSheets, FeedSheets, ProductTables, ReceiptSheets, SheetWorkbooks

AREAS_WITH_TABLES = (
    "background", "outbox", "accounts", "parameters", "notices", "cases", "enterprises", "bills", "matching", "import_tax",
    "declarations", "clearance", "fx", "tax_refunds", "reconciliation", "credit", "inspection", "risk", "consents", "statistics",
    "reporting",
)  # fmt: skip

LEDGERS: Sequence[Ledger] = (*REFUND_LEDGERS, money_balances)
"""Every ledger that is reconciled each night, in the order of the page."""


def all_tables() -> MetaData:
    """Return the metadata with every area's tables on it."""
    for area in AREAS_WITH_TABLES:
        import_module(f"ccezone.{area}.tables")
    return SQLModel.metadata


@dataclass
class Hub:
    """Everything a process of the hub works with. ``traffic``: the clock of what passes through (``kernel.demo_clock``)."""

    settings: Settings
    database: Database
    vault: PersonalVault
    terms: Terms
    clock: Clock
    traffic: Clock
    writer: MessageWriter
    reader: ReceiptReader
    window: SingleWindow
    deliveries: Deliveries
    treatments: TreatmentDesk
    sightings: Sightings
    bureau: TaxBureau
    bank: Bank

    def steps(self) -> Mapping[str, Sequence[Callable[[], int]]]:
        """What each stage of the worker does, over and over."""
        return {
            "merge": [lambda: merge_touched(self.database, self.traffic, self.terms.merging)],
            "send": [
                lambda: pack_outbox(self.database, self.vault, self.writer, self.traffic),
                lambda: send_waiting(self.database, self.vault, self.window, self.traffic),
                lambda: send_treatments(self.database, self.treatments, self.clock),
                lambda: self.sightings.keep(self.database),
            ],
            "receive": [
                lambda: receive(self.database, self.window, self.reader, self.traffic, limit=MOST_COLLECTED, wait=0.5),
                lambda: self.sightings.keep(self.database),
            ],
            "background": [lambda: run_next_job(self.database, self.handlers(), self.clock)],
            "webhooks": [WebhookRounds(self.deliverer()).step],
        }

    def deliverer(self) -> Deliverer:
        """Who delivers webhooks."""
        caller = HttpCaller(private_allowed=self.settings.webhooks_private)
        return Deliverer(self.database, self.vault, caller, self.clock, random.random)

    def handlers(self) -> Mapping[str, Handler]:
        """Who does which kind of background job."""
        workbooks = TakeWorkbookIn(self.database, self.vault, self.clock, self.deliveries, SheetWorkbooks())
        papers = PrintLists(self.database, self.vault, self.deliveries, self.clock, self.paper_head)
        products = TakeProductsIn(self.database, self.vault, self.clock, ProductTables(), recheck_lists)
        evidence = TakeEvidenceIn(self.database, self.vault, self.settings.zone, self.clock, EvidenceSheets())
        return {
            WORKBOOK_JOB: workbooks,
            PRODUCTS_JOB: products,
            PRINT_JOB: papers,
            EXPORT_JOB: ExportData(self.database, self.vault, self.clock),
            RISK_JOB: TryRule(self.database, self.settings.zone, self.clock),
            EVIDENCE_JOB: evidence,
            GOODS_JOB: ExportGoods(self.database, self.vault, self.clock),
            REPORT_JOB: CountReport(self.database, self.clock),
            FEED_JOB: TakeFeedIn(self.database, self.vault, self.clock, FeedSheets()),
            RECEIPTS_JOB: TakeReceiptsIn(self.database, self.vault, self.clock, ReceiptSheets()),
            RENDER_JOB: RenderReturn(self.database, self.clock),
            SIGN_JOB: SignReturn(self.database, self.clock, seal_of(self.settings)),
            PACK_JOB: PackRefund(self.database, self.vault, self.deliveries, self.clock, self.paper_head),
        }

    def paper_head(self, locale: Locale) -> PaperHead:
        """What stands around printed documents."""
        base = self.settings.public_url.rstrip("/")
        return PaperHead(zone_name(self.settings.zone).full(locale), locale, lambda code: f"{base}/verify/{code}")

    def jobs(self) -> Mapping[str, tuple[float, Callable[[], object]]]:
        """What the scheduler does: name, seconds between, job."""
        jobs: dict[str, tuple[float, Callable[[], object]]] = {
            "retry_parked_receipts": (5.0, lambda: retry_parked(self.database, self.traffic)),
            "recheck_waiting_lists": (20.0, Rechecker(self.database, self.traffic, self.terms.listing).step),
            "oversee_cases": (30.0, self.oversee_cases),
            "drop_expired_files": (3600.0, self._drop_files),
            "judge_licences": (600.0, lambda: judge_licences(self.database, self.settings.zone, self.clock)),
            "drop_abandoned_applications": (3600.0, lambda: drop_abandoned(self.database, self.settings.zone, self.clock)),
            "remind_of_licences": (3600.0, lambda: remind_of_licences(self.database, self.settings.zone, self.clock)),
            "watch_reports": (3600.0, self.watch_reports),
            "keep_credit": (300.0, lambda: keep_credit(self.database, self.settings.zone, self.clock)),
            "end_expired_listings": (3600.0, lambda: end_expired(self.database, self.settings.zone, self.clock)),
            "refresh_figures": (2.0, lambda: refresh_figures(self.database, self.clock, self.settings.zone, A_WHILE)),
            "refresh_supplements": (5.0, lambda: refresh_supplements(self.database, self.clock, self.settings.zone)),
            "reconcile_ledgers": (600.0, lambda: reconcile_due(self.database, LEDGERS, self.clock)),
            "keep_sightings": (5.0, lambda: self.sightings.keep(self.database)),
            "keep_goods_ledger": (3.0, self.keep_goods),
            "send_refund_messages": (2.0, lambda: send_refund_messages(self.database, self.bureau, self.clock)),
            "take_refund_notices": (2.0, lambda: take_refund_notices(self.database, self.bureau, self.clock)),
            "keep_fx_orders": (5.0, lambda: keep_all_orders(self.database, self.clock)),
            "match_fx_receipts": (3.0, lambda: match_reported(self.database, self.terms.book.current, self.clock)),
            "send_fx_instructions": (2.0, lambda: send_instructions(self.database, self.bank, self.clock)),
            "take_fx_notices": (2.0, lambda: take_notices(self.database, self.bank, self.clock)),
            "take_fx_statements": (5.0, lambda: take_files(self.database, self.bank, self.clock)),
            "remind_of_fx": (3600.0, self.remind_of_money),
            "keep_repayments": (5.0, lambda: keep_repayments(self.database, self.settings.zone, self.clock)),
            "propose_summaries": (3600.0, self.propose_summaries),
            "look_for_risks": (20.0, lambda: look(self.database, self.settings.zone, self.clock)),
            "follow_inspections": (10.0, lambda: follow_customs(self.database, self.settings.zone, self.clock)),
            "tell_digests": (15.0, lambda: tell_digests(self.database, self.clock)),
            "forget_api_answers": (600.0, lambda: forget_answers(self.database, self.clock)),
            "verify_audit": (3600.0, lambda: verify_daily(self.database, self.clock)),
            "drop_old": (3600.0, self._drop_old),
        }
        if self.settings.mail_url:
            carrier = postman(self.settings.mail_url)
            jobs["mail_notices"] = (10.0, lambda: mail_notices(self.database, self.vault, self.clock, self.letterhead()))
            jobs["send_mail"] = (10.0, lambda: send_due(self.database, carrier, self.vault, self.clock))
        return jobs

    def watch_reports(self) -> None:
        """Remind of statistical reports that are due, and note those that did not come."""
        remind_of_reports(self.database, self.settings.zone, self.clock)
        note_lateness(self.database, self.settings.zone, self.clock)

    def remind_of_money(self) -> None:
        """Remind of what is due about money from abroad, and about goods that left a special area."""
        remind_of_dues(self.database, self.terms.book.current, due_terms, self.clock)
        remind_of_deliveries(self.database, self.settings.zone, self.clock)

    def keep_goods(self) -> None:
        """Take released goods into the ledger, and what became of them into the figures."""
        keep_whole_ledger(self.database, self.clock)
        refresh_goods(self.database, self.clock)

    def oversee_cases(self) -> None:
        """Open cases about what stands too long, close what is settled."""
        with self.database.reading() as connection:
            book = self.terms.book.current(connection)
        watched = detectors(book, self.clock.now().astimezone(SHANGHAI).date())
        oversee(self.database, [*watched, Gaps()], self.clock)

    def propose_summaries(self) -> int:
        """Propose summary declarations of last month, from the day on that the zone has set."""
        today = self.clock.now().astimezone(SHANGHAI).date()
        with self.database.reading() as connection:
            begins = self.terms.book.current(connection).integer("summary.propose_day", today)
        return propose_summaries(self.database, self.clock, former_month(today)) if 0 < begins <= today.day else 0

    def letterhead(self) -> Letterhead:
        """Whose letters go out."""
        zone = zone_name(self.settings.zone)
        return Letterhead(self.settings.public_url, zone.short_zh, zone.short_en)

    def _drop_old(self) -> None:
        drop_old_events(self.database, self.clock)
        drop_old_sightings(self.database, self.clock)

    def _drop_files(self) -> None:
        with self.database.begin() as uow:
            drop_expired_files(uow, self.clock)
            drop_workbook_parts(uow, self.clock)
            drop_stale_parts(uow, self.clock)
            forget_deleted_drafts(uow, self.clock)


def seal_of(settings: Settings) -> PdfSeal:
    """The seal of returns: the key a setting names, else one of the hub's own."""
    path = Path(settings.seal_key) if settings.seal_key else settings.data_dir / "keys" / "returns" / "seal.p12"
    return PdfSeal(path, settings.seal_password, zone_name(settings.zone).short_zh)


def assemble(settings: Settings, clock: Clock | None = None) -> Hub:
    """Put a hub together from its settings."""
    clock, traffic = clock or SystemClock(), clock or clock_at(settings.demo_clock)
    vault = PersonalVault(settings.personal_key)
    terms = Terms.of(settings.zone)
    sightings = Sightings(clock)
    return Hub(
        settings=settings,
        database=Database(settings.database_url, subscriptions(vault, terms)),
        vault=vault,
        terms=terms,
        clock=clock,
        traffic=traffic,
        writer=CebWriter(KeyRing(settings.data_dir / "keys")),
        reader=CebReader(),
        window=WatchedWindow(HttpSingleWindow.at(settings.single_window_url), sightings),
        deliveries=CebDeliveries(clock, PublicKeys(settings.data_dir / "keys" / "partners")),
        treatments=HttpTreatments.at(settings.single_window_url),
        sightings=sightings,
        bureau=WatchedBureau(HttpTaxBureau.at(settings.tax_bureau_url), sightings),
        bank=WatchedBank(HttpBank.at(settings.bank_url), sightings),
    )
