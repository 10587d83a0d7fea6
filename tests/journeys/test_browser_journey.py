"""From a stranger to released lists of every mode in a real browser, in English throughout."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from schemas.codes import hs_entry
from schemas.codes.tariff import search_tariff
from schemas.messages.ceb.samples import Mode
from tests.hub.bills import Bill, import_bills, order, waybill
from tests.hub.people import PASSWORD
from tests.hub.waiting import until
from tests.journeys.desk import BONDED, EXPORT_HEAD
from tests.journeys.person import Person, person
from tests.journeys.running import Running
from tests.web.applying import BUSINESS, IDENTITY, LICENCES, PEOPLE, SCAN, USCC

pytestmark = [pytest.mark.journey, pytest.mark.storage, pytest.mark.browser, pytest.mark.timeout(420)]  # the system starts within
WORDS, HS_CODE = "卧室用其他木家具", "9403509990"
PRODUCT = {
    "item_no": "BED-1",
    "name": "实木床",
    "unit": "011",
    "unit1": "011",
    "qty1_per_unit": "1",
    "unit2": "035",
    "qty2_per_unit": "9.5",
    "net_weight": "9.5",
}
ELEMENTS = {"element-0": "无品牌", "element-1": "不适用", "element-2": "橡木"}
DEFAULTS = {
    "customs_code": "4003",
    "port_code": "0600",
    "agent_code": IDENTITY["customs_code"],
    "agent_name": IDENTITY["name"],
    "transport_mode": "3",
    "transport_name": "X8001",
    "wrap_type": "2",
    "country": "344",
    "owner_code": IDENTITY["customs_code"],
    "owner_name": IDENTITY["name"],
    "pod": "344",
}
OWN = {
    "list-agent_code": IDENTITY["customs_code"],
    "list-agent_name": IDENTITY["name"],
    "list-owner_code": IDENTITY["customs_code"],
    "list-owner_name": IDENTITY["name"],
}
TYPED = {
    "platform_code": "无",
    "platform_name": "无",
    "currency": "142",
    "lines-0-qty": "2",
    "lines-0-price": "46.80",
    "list-gross_weight": "30",
    "state-no_export_duty": "yes",
    "state-no_licence": "yes",
    "filing": "at_once",
}
EXPORTS = {
    "9610/E": (401, {}),
    "1210/E": (402, {**EXPORT_HEAD, **OWN, **BONDED}),
    "9710/E": (403, {**EXPORT_HEAD, **OWN}),
    "9810/E": (404, {**EXPORT_HEAD, **OWN}),
}
"""Of every mode a merchant exports by: which waybill, and what its defaults do not say."""
_MERGED = "SELECT 1 FROM order_match WHERE order_no = %(number)s"
IMPORTS: dict[str, tuple[int, Mode]] = {"1210/I": (405, "1210"), "9610/I": (409, "9610")}


def test_a_stranger_becomes_a_merchant_and_exports_by_every_mode(system: Running, browser: Browser, tmp_path: Path) -> None:
    scan = tmp_path / "licence.pdf"
    scan.write_bytes(SCAN)
    with person(browser, system.url) as stranger:
        register(stranger, scan)
        link = approved(stranger, system)
        stranger.go(link)
        stranger.on({"password": PASSWORD, "repeated": PASSWORD})
        stranger.sign_in(PEOPLE["contact_mail"], PASSWORD)
        add_product(stranger)
        stranger.go("/firm/defaults/9610/E")
        stranger.on(DEFAULTS)
        for mode, (number, values) in EXPORTS.items():
            sent = waybill(number).but(merchant_code=IDENTITY["customs_code"], merchant_name=IDENTITY["name"])
            system.post(sent)
            parcel = {"carrier_code": sent["carrier_code"], "waybill_no": sent["waybill_no"], "order_no": f"BED-{number}"}
            declare(stranger, mode, "find_product", {**values, **TYPED, **parcel})
        for number, _values in EXPORTS.values():
            released(stranger, system, order(number).but(order_no=f"BED-{number}"))


def test_an_importer_declares_orders_of_both_modes(system: Running, browser: Browser) -> None:
    with person(browser, system.url) as importer:
        importer.sign_in(*system.people["milk"])
        for mode, (number, trade_mode) in IMPORTS.items():
            sold, *others = import_bills(number, mode=trade_mode)
            importer.data.append(str(sold.values))
            system.post(sold)
            merged(system, sold)
            declare(importer, mode, "find_order", {"filing": "at_once"}, sold["order_no"])
            system.post(*others)
            released(importer, system, sold)


def merged(system: Running, sold: Bill) -> None:
    """Wait until an order may be picked."""
    until(lambda: system.rows(_MERGED, number=sold["order_no"]) != [], 20, what=f"the merge of {sold['order_no']}")


def released(person: Person, system: Running, declared: Bill) -> None:
    """Wait for a list's release, and see it on its page."""
    assert system.wait_for(declared, "800", "899") in ("800", "899")
    person.go(f"/declarations?q={declared['order_no']}")
    person.press("main table a")
    expect(person.tab.locator("main")).to_contain_text("Released")


def register(stranger: Person, scan: Path) -> None:
    """Apply as a merchant, section by section."""
    stranger.go("/")
    stranger.go("/register")
    stranger.tab.check("input[name=roles][value=merchant]")
    stranger.on({"contact_mail": PEOPLE["contact_mail"]})
    stranger.press("main .btn-primary")
    stranger.on(IDENTITY)
    stranger.on(PEOPLE)
    for mode in ("9610", "1210", "9710", "9810"):
        stranger.tab.check(f"input[name=trade_modes][value='{mode}']")
    stranger.on({"goods_categories": BUSINESS["goods_categories"]})
    for kind in LICENCES:
        stranger.tab.set_input_files("#file", scan)
        stranger.on({"kind": kind, "number": USCC})
    stranger.press("nav.sections a:last-child >> nth=-1")
    stranger.tab.check("#consent")
    stranger.on({})


def approved(stranger: Person, system: Running) -> str:
    """Approve the application as an officer; return the link by which its first person sets a password."""
    stranger.sign_in(*system.people["zone"])
    stranger.go("/office/approvals?kind=registration")
    stranger.press(f"main table a:has-text('{IDENTITY['name']}'), main table a")
    stranger.press("main .actions .btn-primary")
    return stranger.tab.input_value("#link")


def add_product(merchant: Person) -> None:
    """Add a product, finding its code by a word and stating its elements one by one."""
    merchant.data += [hit.entry.name_zh for hit in search_tariff(WORDS, 20)]
    entry = hs_entry(HS_CODE)
    assert entry is not None
    merchant.data += entry.declaration_elements
    merchant.go("/firm/products/new")
    merchant.tab.locator("#hs_code").press_sequentially(WORDS)
    merchant.tab.locator(f"button.pick[data-value='{HS_CODE}']").click()
    expect(merchant.tab.locator("#element-0")).to_be_visible()
    merchant.type_in(PRODUCT)
    merchant.on(ELEMENTS)
    expect(merchant.tab.locator("main table")).to_contain_text("BED-1")


def declare(person: Person, mode: str, finder: str, values: dict[str, str], sought: str = PRODUCT["item_no"]) -> None:
    """Find what the form begins from, fill in the rest, check it, submit it."""
    person.go("/declare")
    person.press(f"form[action$='/declare/new/{mode}'] button")
    person.unfold(f"#q_{finder}")
    person.tab.fill(f"#q_{finder}", sought)
    person.tab.press(f"#q_{finder}", "Enter")
    person.tab.locator(f"button.pick:has-text('{sought}')").first.click()
    expect(person.tab.locator("[id=lines-0-item_no]")).not_to_have_value("")
    person.type_in(values)
    person.press("button[value=check]")
    person.press("main .check .btn-primary")
    assert "/declarations?q=" in person.tab.url, person.tab.inner_text("main")
