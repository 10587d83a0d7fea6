"""Every page of the shell opens for those it is meant for, in both languages."""

import pytest

from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage

_REGISTERING = ("/register", "/register?role=merchant", "/register/status", "/register/open/no-such-link", "/verify")
_CREDIT = ("/credit", "/credit/lists", "/credit/lists?kind=red", "/credit/rules")
PAGES = {
    "nobody": [
        *("/", "/sign-in", "/reset", "/status", "/standard", "/standard/CEB603Message", "/help", "/developer"),
        *_REGISTERING,
        *_CREDIT,
        "/draws",
        *("/statistics", "/statistics/national", "/statistics/data/months"),
    ],
    "merchant": [
        *("/", "/home", "/profile", "/firm/products", "/firm/products/new", "/firm/products?gap=elements"),
        *("/firm/products/sheets", "/firm/credentials"),
        *("/firm/defaults", "/firm/defaults/9610/E", "/firm/defaults/1210/I"),
        *("/bills/orders", "/bills/payments", "/bills/waybills", "/bills/links", "/matches", "/matches/rules"),
        *("/bills/order/new/I", "/bills/payment/new/E", "/bills/waybill/new/I", "/bills/link/new/E"),
        *(
            "/batches",
            "/batches/upload",
            "/batches/workbooks",
            "/firm/registration",
            "/firm/jobs",
            "/firm/figures",
            "/reports",
            "/firm/figures?by=country",
            "/firm/explore",
            "/firm/explore?rows=country&columns=month&measure=lists&flow=E",
            "/firm/explore/goods?since=2026-01-01&until=2026-01-31",
        ),
        *(f"/firm/credit?view={view}" for view in ("record", "identity", "goods", "trade")),
        *("/firm/staff", "/firm/staff/new", "/firm/authorities", "/firm/authorities/new"),
        *("/firm/inspection", "/firm/inspection?standing=over", "/draws"),
        *("/firm/cases", "/firm/cases?standing=closed", "/status"),
        *("/firm/consents", "/firm/consents?tab=asked&q=x", "/firm/consents/new", "/firm/consents/looks?show=refused"),
        *("/messages", "/messages?show=unread&group=lists", "/profile/notices", "/firm/webhooks"),
        *("/trace", "/trace?q=nothing"),
        *("/tax-refunds", "/tax-refunds?tab=paid&q=TR00000001", "/tax-refunds/new"),
        *("/tax-refunds/pre-refunds", "/tax-refunds/pre-refunds?tab=open&q=LR00000001", "/refund-pledges"),
        *("/special-area", "/special-area?tab=stock&q=x", "/special-area/declarations", "/special-area/declarations?q=SA00000001"),
        *("/exemption", "/exemption?q=nothing", "/exemption/months", "/exemption/years/2026"),
        *("/declarations/summaries", "/declarations/summaries?tab=granted&q=2026-01", "/declarations/summaries/new?month=2026-01"),
        *(
            "/goods-returns",
            "/goods-returns?tab=draft&q=x",
            "/tax-refunds/clawbacks",
            "/tax-refunds/clawbacks?tab=due&q=CB00000001",
        ),
        *("/fx", "/fx?tab=match&q=FX00000001", "/fx/new", "/fx/upload", "/fx/workbooks", "/fx/accounts"),
        *("/fx/borrowings", "/fx/borrowings?tab=drawn&q=RB00000001"),
        *("/promotion-vouchers", "/promotion-vouchers?tab=used&q=PV00000001", "/promotion-vouchers/new"),
        *("/fx/orders", "/fx/orders?tab=overdue&q=E1", "/fx/statements", "/fx/statements?tab=parked"),
        *("/fx/due", "/fx/due?tab=deferred", "/fx/due?tab=declare", "/fx/due?tab=reported", "/fx/indicators", "/fx/over-limit"),
        *("/goods-ledger", "/goods-ledger?standing=gaps&mode=9610&since=2026-01-01"),
        *(f"/tax-calculators/{kind}" for kind in ("manufacturer", "trading", "exemption", "assessed-income-tax", "import-tax")),
        "/tax-calculators/trading?purchase_amount_excl_vat=300000&vat=13&refund=9",
    ],
    "officer": [
        *("/home", "/trace", "/trace?q=nothing"),
        "/bills/orders",
        "/matches",
        "/batches",
        "/office/enterprises",
        "/office/enterprises/new",
        "/office/users",
        "/office/users/new",
        *("/messages", "/profile/notices", "/office/mail", "/goods-ledger", "/tax-calculators"),
        *("/tax-refunds", "/tax-refunds?tab=doubt", "/tax-refunds/notices", "/tax-refunds/pre-refunds?tab=owed", "/refund-pledges"),
        *("/special-area?tab=open", "/special-area/declarations"),
        *("/declarations/summaries", "/declarations/summaries?tab=draft", "/goods-returns", "/tax-refunds/clawbacks?tab=settled"),
        *("/fx/borrowings", "/fx/borrowings?tab=closed", "/fx/borrowings/new"),
        *("/promotion-vouchers", "/promotion-vouchers?tab=recorded"),
        *("/fx", "/fx?tab=pending", "/fx/orders?tab=over", "/fx/statements", "/fx/accounts", "/fx/notices"),
        *("/fx/due", "/fx/due?tab=declare", "/fx/due?tab=reported", "/fx/indicators", "/fx/over-limit"),
        *("/office/credit", "/office/credit?standing=none", "/office/credit-lists", "/office/credit-lists?tab=over"),
        *("/office/credit-lists/new", "/office/credit-import", "/office/credit-sources"),
        *("/office/credit-persons", "/office/credit-persons/new"),
        *("/office/background-checks", "/office/background-checks?outcome=refused", "/office/background-checks/new"),
        *("/office/risk", "/office/risk?tab=mine", "/office/risk/rules", "/office/risk/rules/new/price_band"),
        *("/office/approvals", "/office/approvals?tab=decided", "/office/nodes", "/office/nodes/new"),
        "/office/enterprises/licences",
        *("/office/approvals?kind=parameter", "/office/parameters", "/office/parameters?mark=unverified"),
        *("/office/parameters/import.single_limit", "/office/parameters/filing.gating_bills.9610.I/propose"),
        *("/office/inspection", "/office/inspection?tab=fail&reason=risk&agency=customs&q=x", "/office/inspection/new"),
        *("/office/inspection/plans", "/office/inspection/plans/new", "/office/inspection/inspectors"),
        *("/office/inspection/inspectors/new", "/draws"),
        *("/office/cases", "/office/cases?standing=closed", "/office/cases?kind=list_stuck&whose=mine&q=x"),
        *("/office/upstream", "/office/upstream/outages/new"),
        *("/office/reconciliation", "/office/reconciliation?show=open"),
        *("/office/partners", "/office/partners?kind=agency&q=x"),
        *("/office/consents", "/office/consents?tab=over&q=x", "/office/consents/looks?show=refused&q=x"),
        *("/office/exchange", "/office/exchange?days=30", "/office/exchange/catalogue"),
        *("/office/monitor", "/office/monitor?span=today&by=enterprise&all=1", "/office/monitor/wall"),
        *("/office/supplements", "/office/supplements?source=mail&q=RR1"),
        "/office/supplements/facts?since=2026-01-01&until=2026-01-31&by=mode&key=mailE",
        *("/office/reporting", "/office/reporting?month=2026-02&standing=late&level=park&q=x"),
        *("/office/reporting/orders", "/office/reporting/late"),
        *(
            "/office/explore",
            "/office/explore?rows=country&columns=month&measure=lists&flow=E",
            "/office/explore?rows=month",
        ),
        *(f"/office/indicators/{key}?since=2026-01-01&until=2026-06-30" for key in ("refund_days", "settled_total", "registered")),
        *(f"/office/indicators/{key}?since=2026-01-01&until=2026-06-30" for key in ("rejection_rate", "warehouses")),
        *("/office/returns", "/office/returns?kind=monthly", "/office/returns/new?kind=weekly&period=2026-W20"),
        *(f"/office/monitor/strands/{stage}?since=2026-01-01&until=2026-06-30" for stage in ("exported", "claimed", "paid")),
    ],
    "system": [
        "/home",
        "/profile",
        "/messages",
        "/office/partners",
        "/office/partners/new",
        "/office/users",
        "/office/users/new",
        "/office/approvals",
    ],
    "security": [
        "/home",
        "/profile",
        "/messages",
        "/office/partners",
        "/office/users",
        "/office/approvals",
        "/office/approvals?kind=role",
    ],
    "audit": [
        *("/home", "/profile", "/messages"),
        *("/office/audit", "/office/audit?kind=saw&person=audit", "/office/audit/exports", "/office/audit/checks"),
    ],
    "newcomer": ["/home", "/profile"],
    "banker": [
        *("/home", "/profile", "/messages", "/profile/notices"),
        *("/bank", "/bank?tab=asked&q=x", "/bank?tab=over", "/bank/ask", "/bank/credentials", "/refund-pledges"),
    ],
    "taxer": ["/home", "/messages", "/profile/notices", "/tax-bureau", "/tax-bureau?tab=doubt&q=x", "/tax-bureau?tab=ended"],
    "inspector": ["/home", "/messages", "/agency", "/agency?tab=overdue&q=x", "/agency?tab=cancelled"],
    "auditor": [
        "/home",
        "/office/credit",
        *("/office/risk", "/office/risk?tab=closed", "/office/risk/rules"),
        *("/office/credit-lists", "/office/credit-sources", "/office/credit-persons", "/office/background-checks"),
        *("/office/monitor", "/office/monitor/wall", "/office/returns"),
        *("/office/inspection?tab=overdue", "/office/inspection/plans", "/office/inspection/inspectors"),
        "/messages",
        "/profile/notices",
        "/office/mail",
        "/office/enterprises",
        "/office/approvals",
        "/office/nodes",
        *("/office/cases?whose=overdue", "/office/upstream"),
        *("/declarations/summaries", "/goods-returns?tab=granted", "/tax-refunds/clawbacks"),
    ],
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_open_in_both_languages(signed_in: SignIn, who: str, language: str) -> None:
    browser = signed_in(who)
    browser.set_cookie("ccezone_language", language)
    for address in PAGES[who]:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert ('lang="en"' if language == "en" else 'lang="zh-CN"') in answer.text[:200], address
