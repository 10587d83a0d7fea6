"""Who is told of promotion-cost vouchers: the side that did not speak."""

from collections.abc import Mapping

from ccezone.accounts.rules import Role
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import watching
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.queries.vouchers import voucher
from ccezone.tax_refunds.rules.vouchers import Step
from ccezone.tax_refunds.service.vouchers import RECORD, VoucherMoved

_TO_FIRM: Mapping[str, str] = {Step.CERTIFY: "voucher_certified", Step.SEND_BACK: "voucher_sent_back"}
_TO_OFFICE: Mapping[str, str] = {RECORD: "voucher_recorded", Step.USE: "voucher_used"}


def tell_voucher(uow: UnitOfWork, news: object) -> None:
    """Tell the officers who see the firm what it recorded or used, the firm what an officer decided."""
    if not isinstance(news, VoucherMoved) or (found := voucher(uow.connection, news.voucher_id, None)) is None:
        return
    words: dict[str, object] = {"voucher": found.reference, "document": found.document_no, "firm": found.firm}
    words["note"] = news.note or "—"
    if kind := _TO_FIRM.get(news.step):
        notify(uow, Audience(enterprise_id=found.merchant_id), Tidings(kind, news.at, "voucher", str(found.id), words))
        return
    firm = directory(uow.connection).by_id.get(found.merchant_id)
    office = Audience(roles=(Role.ZONE_OFFICER,), nodes=watching(uow.connection, firm.node if firm else ""))
    notify(uow, office, Tidings(_TO_OFFICE[news.step], news.at, "voucher", str(found.id), words))
