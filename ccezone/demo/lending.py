"""What banks and platforms have to do with the demo's cast: yuan borrowed abroad, pledges asked for, vouchers, the pilot."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.accounts.queries import user_by_login
from ccezone.accounts.queries.partners import partner
from ccezone.accounts.rules import PERMISSIONS, STAFF, Principal, Role
from ccezone.consents.queries import ConsentFilter, ConsentView, search_consents
from ccezone.consents.rules import DataKind
from ccezone.consents.service.lending import move_under_consent, register_under_consent
from ccezone.consents.service.pledging import ask_pledge
from ccezone.demo.partners import BANKER
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.borrowing import Whose, borrowing, borrowings
from ccezone.fx.rules.borrowing import Contract, Step
from ccezone.fx.service.borrowing import Said, move_borrowing, register_borrowing
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.tax_refunds.queries.pledges import pledge
from ccezone.tax_refunds.queries.vouchers import voucher
from ccezone.tax_refunds.rules.pledges import Step as PledgeStep
from ccezone.tax_refunds.rules.pledges import Terms
from ccezone.tax_refunds.rules.vouchers import Step as VoucherStep
from ccezone.tax_refunds.rules.vouchers import Voucher
from ccezone.tax_refunds.service.pilots import Taking, end_pilot, set_pilot
from ccezone.tax_refunds.service.pledges import move_pledge
from ccezone.tax_refunds.service.vouchers import move_voucher, record_voucher
from schemas.codes import rows

_MADE_UP = "演示数据，非真实文件 / demo data, no real document"
_LENDER = "海外电商金融有限公司（演示）"
_OWN_BANK = "江右银行赣州分行（演示）"
_BORROWED = (
    ("furniture", "JK-2026-001", 2_000_000, 300, 200, ((Step.DRAW, 1_500_000, 280), (Step.REPAY, 600_000, 40))),
    ("textiles", "JK-2025-014", 800_000, 400, -35, ((Step.DRAW, 800_000, 390), (Step.REPAY, 500_000, 60))),
    ("electronics", "JK-2025-008", 500_000, 420, -60, ((Step.DRAW, 500_000, 400), (Step.REPAY, 500_000, 70), (Step.CLOSE, 0, 65))),
)
"""Firm, contract, yuan, begun so many days ago, due in so many; steps with their yuan and how long ago."""
_VOUCHERS = (
    (
        "furniture",
        "Demo Marketplace",
        "502",
        "1860.00",
        "ADV-8801",
        ((VoucherStep.CERTIFY, ""), (VoucherStep.USE, "出海推广费用备案（演示）")),
    ),
    ("furniture", "Demo Marketplace", "502", "2140.50", "ADV-8802", ((VoucherStep.CERTIFY, ""),)),
    ("furniture", "Demo Marketplace", "502", "1975.20", "ADV-8803", ()),
    ("textiles", "赣出海跨境电商平台有限公司", "142", "12600.00", "TG-0417", ((VoucherStep.SEND_BACK, "金额与平台账单不一致"),)),
    ("electronics", "赣出海跨境电商平台有限公司", "142", "30500.00", "TG-0388", ()),
)


def found_lending(database: Database, clock: Clock) -> int:
    """Record what is made up here, once; return how many borrowings there are now."""
    with database.begin() as uow:
        known = {row["key"]: directory(uow.connection).find(row["uscc"]) for row in rows("example_parties")}
        firms = {key: found.id for key, found in known.items() if found is not None}
        if not {"furniture", "textiles", "electronics"} <= firms.keys() or borrowings(uow.connection, Whose(), limit=1):
            return 0
        officer = Principal(Role.ZONE_OFFICER, None, PERMISSIONS[Role.ZONE_OFFICER], name="demo")
        today = clock.now().astimezone(SHANGHAI).date()
        _borrow(uow, firms, officer, today, clock)
        _vouch(uow, firms, officer, today, clock)
        set_pilot(uow, firms["furniture"], Taking(_MADE_UP, today - timedelta(days=120), None), officer, clock)
        set_pilot(uow, firms["electronics"], Taking(_MADE_UP, today - timedelta(days=400), None), officer, clock)
        end_pilot(uow, firms["electronics"], 1, today - timedelta(days=20), "企业申请退出（演示）", officer, clock)
        _lend(uow, firms["furniture"], today, clock)
        return len(borrowings(uow.connection, Whose()))


def _borrow(uow: UnitOfWork, firms: dict[str, UUID], officer: Principal, today: date, clock: Clock) -> None:
    for key, contract_no, amount, begun, due, steps in _BORROWED:
        days = today - timedelta(days=begun), today + timedelta(days=due)
        contract = Contract(_OWN_BANK, _LENDER, contract_no, Decimal(amount), *days)
        number = register_borrowing(uow, firms[key], contract, None, _MADE_UP, officer, clock)
        for place, (step, yuan, ago) in enumerate(steps, start=1):
            said = Said(step, today - timedelta(days=ago), Decimal(yuan) if yuan else None, _MADE_UP)
            move_borrowing(uow, number, place, said, officer, clock)


def _vouch(uow: UnitOfWork, firms: dict[str, UUID], officer: Principal, today: date, clock: Clock) -> None:
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    for key, platform, currency, amount, document, steps in _VOUCHERS:
        firm = Principal(Role.FIRM, firms[key], STAFF, name="demo")
        number = record_voucher(uow, firms[key], Voucher(platform, month, currency, Decimal(amount), document), None, firm, clock)
        for step, words in steps:
            found = voucher(uow.connection, number)
            if found is not None:
                move_voucher(uow, number, found.version, step, words, firm if step is VoucherStep.USE else officer, clock)


def _lend(uow: UnitOfWork, firm: UUID, today: date, clock: Clock) -> None:
    """Let the bank the firm consented to lend, and ask for the firm's refund account: at first by a wrong number."""
    person = user_by_login(uow.connection, BANKER)
    live = search_consents(uow.connection, ConsentFilter(today), "live")
    under = next((each for each in live if each.enterprise_id == firm and {DataKind.MONEY, DataKind.CLAIMS} <= {*each.kinds}), None)
    if person is None or under is None:
        return
    banker = Principal(Role.BANK, None, PERMISSIONS[Role.BANK], user_id=person.id, name=person.name, partner_id=under.partner_id)
    _borrow_of(uow, under, banker, today, clock)
    for place, account in enumerate(("360010088000001", "360010088001234")):
        terms = Terms(account, f"演示质押-{place + 1:03d}", _MADE_UP, today + timedelta(days=365))
        number = ask_pledge(uow, under.id, terms, banker, clock)
        if place == 0:
            found = pledge(uow.connection, number)
            move_pledge(uow, number, found.version if found else 1, PledgeStep.DROP, "账号填写有误（演示）", banker, clock)


def _borrow_of(uow: UnitOfWork, under: ConsentView, banker: Principal, today: date, clock: Clock) -> None:
    bank = partner(uow.connection, under.partner_id)
    days = today - timedelta(days=45), today + timedelta(days=320)
    contract = Contract(bank.name if bank else _OWN_BANK, _LENDER, "XD-2026-0077", Decimal(1_200_000), *days)
    number = register_under_consent(uow, under.id, contract, _MADE_UP, banker, clock)
    found = borrowing(uow.connection, number)
    said = Said(Step.DRAW, today - timedelta(days=30), Decimal(700_000), _MADE_UP)
    move_under_consent(uow, under.id, number, found.version if found else 1, said, banker, clock)
