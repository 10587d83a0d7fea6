"""Lists prepared from merged bills: composed, taxed, completed, held, and filed again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from psycopg.types.json import Jsonb

from ccezone.declarations.service import recheck_lists
from ccezone.demo.zone import export_defaults, product
from ccezone.enterprises.service import remove_product, save_defaults, save_products
from ccezone.import_tax.service import load_rates
from ccezone.storage.copying import run
from ccezone.subscribing import subscriptions
from ccezone.terms import Terms
from schemas.codes import rows
from schemas.messages.ceb.trades import party
from tests.declarations.filing import lines_of
from tests.hub.bills import Bill, export_bills, import_bills
from tests.hub.harness import Hub
from tests.hub.waiting import until_a_session_waits

pytestmark = pytest.mark.storage


def recheck(hub: Hub, merchant: str = "furniture") -> None:
    """Let the merchant's unfinished lists be prepared again."""
    with hub.database.begin() as uow:
        recheck_lists(uow, hub.party(merchant).id, hub.clock)
    hub.merge()


def worth(bills: list[Bill], price: int) -> list[Bill]:
    """The bills of an import of one piece at this price, paid in full, its tax as the cast's goods bear it."""
    sold, paid, sent = bills
    (line, *_) = lines_of(sold)
    tax = (Decimal(price) * Decimal("0.091")).quantize(Decimal("0.01"))
    lines = [{**line, "qty": Decimal(1), "price": Decimal(price), "total_price": Decimal(price)}]
    amounts = {"goods_value": Decimal(price), "tax_total": tax, "actual_paid": Decimal(price) + tax}
    return [sold.but(lines=lines, **amounts), paid.but(amount=amounts["actual_paid"]), sent]


def used(hub: Hub) -> Decimal:
    """What the quota ledger adds up to."""
    found = hub.rows("SELECT coalesce(sum(CASE kind WHEN 'use' THEN amount ELSE -amount END), 0) FROM quota_entry")
    return Decimal(found[0][0])


def test_an_export_list_repeats_its_bills_and_adds_product_and_defaults(hub: Hub) -> None:
    sold, _, sent, _ = bills = export_bills()
    hub.matched(*bills)
    item = hub.only_list()
    head = item.content
    for name in ("order_no", "platform_code", "merchant_code", "merchant_name"):
        assert head[name] == sold[name]
    assert (head["carrier_code"], head["waybill_no"]) == (sent["carrier_code"], sent["waybill_no"])
    assert (item.trade_mode, head["declaration_path"], head["customs_code"]) == ("9610", "A", "4003")
    (line, *_) = head["lines"]
    (good,) = [row for row in rows("example_goods") if row["key"].upper() == line["item_no"]]
    assert (line["hs_code"], line["unit1"]) == (good["hs_code"], good["unit1"])


@pytest.mark.parametrize("mode", ["1210", "9610"])
def test_an_import_is_bonded_or_direct_by_its_bill_of_lading(hub: Hub, mode: str) -> None:
    bills = import_bills(mode="9610" if mode == "9610" else "1210")
    hub.matched(*bills)
    assert hub.only_list().trade_mode == mode


def test_an_import_list_is_taxed_and_counts_in_the_buyers_year(hub: Hub) -> None:
    hub.matched(*worth(import_bills(), 1000))
    tax = hub.only_list().tax
    assert tax is not None
    assert {name: Decimal(tax[name]) for name in ("vat", "tariff", "total")} == {"vat": 91, "tariff": 0, "total": 91}
    assert used(hub) == 1000


def test_the_buyer_is_sealed_in_an_import_list(hub: Hub) -> None:
    bills = import_bills()
    hub.matched(*bills)
    buyer = bills[0]["buyer_id_number"]
    assert buyer not in str(hub.rows("SELECT d::text FROM declaration_list d"))
    assert buyer not in str(hub.rows("SELECT encode(document, 'escape') FROM submission"))
    (sealed,) = hub.rows("SELECT personal FROM declaration_list")[0]
    assert hub.vault.open(sealed)["buyer_id_number"] == buyer


def test_a_missing_product_is_named_and_the_list_completed_once_it_is_saved(hub: Hub) -> None:
    bills = export_bills()
    item_no = str(lines_of(bills[0])[0]["item_no"])
    with hub.database.begin() as uow:
        remove_product(uow, hub.party("furniture").id, item_no, hub.clock)
    hub.matched(*bills)
    incomplete = hub.only_list()
    assert (incomplete.state, incomplete.missing[0]["kind"], incomplete.lacks) == ("incomplete", "product", [item_no])
    recheck(hub)
    assert hub.states() == ["incomplete"], "nothing was mended yet"
    with hub.database.begin() as uow:
        goods = [product(row) for row in rows("example_goods") if row["key"].upper() == item_no]
        save_products(uow, hub.party("furniture").id, goods, hub.clock)
    recheck(hub)
    mended = hub.only_list()
    assert (mended.id, mended.state, mended.missing) == (incomplete.id, "queued", [])


def test_missing_defaults_are_all_named_at_once(hub: Hub) -> None:
    hub.change("DELETE FROM declaration_defaults")
    hub.matched(*export_bills())
    lacks = ["customs_code", "port_code", "transport_mode", "country", "pod", "wrap_type"]
    assert (hub.states(), hub.only_list().lacks) == (["incomplete"], lacks)
    with hub.database.begin() as uow:
        save_defaults(uow, hub.party("furniture").id, export_defaults(party("furniture")), hub.clock)
    recheck(hub)
    assert hub.states() == ["queued"]


def test_an_agent_nobody_registered_is_named(hub: Hub) -> None:
    with hub.database.begin() as uow:
        entry = replace(export_defaults(party("furniture")), agent_code="4403960X99")
        save_defaults(uow, hub.party("furniture").id, entry, hub.clock)
    hub.matched(*export_bills())
    assert hub.only_list().lacks == ["agent_code"]


def test_a_code_without_a_rate_keeps_an_import_from_being_filed(hub: Hub) -> None:
    hub.change("DELETE FROM tariff_rate")
    hub.matched(*import_bills())
    assert (hub.states(), set(hub.only_list().lacks)) == (["incomplete"], {"tax_rate_unknown"})
    with hub.database.begin() as uow:
        load_rates(uow)
    hub.terms = Terms.of("GZ")
    hub.database.subscriptions = subscriptions(hub.vault, hub.terms)
    recheck(hub, "milk")
    assert hub.states() == ["queued"]


def test_an_order_above_the_single_limit_of_several_pieces_is_not_filed(hub: Hub) -> None:
    bills = worth(import_bills(), 6000)
    (line,) = lines_of(bills[0])
    bills[0] = bills[0].but(lines=[{**line, "qty": Decimal(2), "price": Decimal(3000)}])
    hub.matched(*bills)
    assert (hub.states(), hub.only_list().lacks) == (["incomplete"], ["I22"])
    assert used(hub) == 0


def test_above_the_annual_limit_a_list_is_not_filed(hub: Hub) -> None:
    hub.matched(*worth(import_bills(), 4000))
    hub.change(
        """
        INSERT INTO quota_entry (buyer_digest, year, declaration_id, kind, cause, amount, created_at)
        SELECT buyer_digest, year, 1, kind, cause, 19000, created_at FROM quota_entry
        """
    )
    second = [bill.but(**_of_same_buyer(bill, import_bills())) for bill in worth(import_bills(3), 4000)]
    hub.matched(*second)
    assert hub.states()[1:] == ["incomplete"]
    assert hub.lists()[1].lacks == ["I23"]


def test_without_automatic_filing_a_list_rests_ready(hub: Hub) -> None:
    by_hand(hub)
    hub.matched(*export_bills())
    assert (hub.states(), hub.count("submission")) == (["ready"], 0)


def test_a_queued_list_is_held_when_its_bills_start_to_disagree_and_filed_again_when_they_agree(hub: Hub) -> None:
    bills = import_bills()
    hub.matched(*bills)
    before = used(hub)
    hub.post(bills[1].changed(amount=Decimal(1)))
    hub.merge()
    assert hub.states() == ["held"]
    assert used(hub) == 0
    hub.dispatch()
    assert "CEB621Message" not in hub.window.types_sent()
    hub.post(bills[1].changed(2))
    hub.merge()
    assert (hub.states(), hub.only_list().submission, used(hub)) == (["queued"], 2, before)
    hub.dispatch()
    assert hub.window.types_sent().count("CEB621Message") == 1


def test_a_queued_list_whose_order_changes_is_filed_with_the_new_values_only(hub: Hub) -> None:
    bills = worth(import_bills(), 1000)
    hub.matched(*bills)
    changed = worth(import_bills(), 1500)
    amounts = {name: changed[0].values[name] for name in ("lines", "goods_value", "tax_total", "actual_paid")}
    hub.post(bills[0].changed().but(**amounts), bills[1].changed(amount=changed[1].values["amount"]))
    hub.merge()
    assert (hub.states(), hub.only_list().content["lines"][0]["price"]) == (["queued"], "1500")
    assert used(hub) == 1500
    hub.dispatch()
    assert b"<ceb:price>1500" in hub.window.sent_of("CEB621Message").body


def test_a_list_that_is_being_sent_is_not_rebuilt_under_way(hub: Hub) -> None:
    """The change waits for the packing's commit, sees that the list has left, and says so in its log."""
    sold, _, sent, linked = export_bills()
    hub.matched(sold, sent, linked)
    hub.post(sold.changed(freight=Decimal("9.99"), lines=_one_more(sold)))
    with ThreadPoolExecutor(1) as pool:
        with hub.database.begin() as uow:
            run(uow.connection, "UPDATE declaration_state SET state = 'sent'")
            merging = pool.submit(hub.merge)
            until_a_session_waits(hub.database)
        merging.result(10)
    assert (hub.states(), hub.count("submission")) == (["sent"], 1)
    assert hub.rows("SELECT kind FROM event_log") == [("bills_changed_after_filing",)]


def test_a_rejected_list_is_filed_again_by_itself_once_its_bills_change(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    hub.dispatch()
    hub.answer(hub.only_list(), 100)
    hub.post(bills[2].changed(gross_weight=Decimal(88)))
    hub.merge()
    assert (hub.states(), hub.only_list().submission) == (["queued"], 2)
    hub.dispatch()
    hub.answer(hub.only_list(), 2, 800)
    assert hub.states() == ["800"]


def test_a_rejected_list_is_not_filed_again_while_nothing_changes(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills[:1], *bills[2:])
    hub.dispatch()
    hub.answer(hub.only_list(), 100)
    hub.post(bills[1])
    hub.merge()
    assert (hub.states(), hub.count("submission")) == (["100"], 1)


def test_a_deleted_order_holds_its_list(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    hub.post(bills[0].deleted())
    hub.merge()
    assert (hub.states(), hub.match(bills[0]).verdict) == (["held"], "deleted")


@pytest.mark.parametrize(("place", "waits_for"), [(1, ["payment"]), (2, ["waybill"]), (3, ["link"])])
def test_deleting_a_bill_reopens_the_verdict(hub: Hub, place: int, waits_for: list[str]) -> None:
    bills = export_bills()
    assert hub.matched(*bills).verdict == "matched"
    hub.post(bills[place].deleted())
    hub.merge()
    match = hub.match(bills[0])
    assert (match.verdict, match.waiting) == ("waiting", waits_for)
    assert hub.states() == (["queued"] if place == 1 else ["held"]), "an export is filed without its payment"


def test_an_amount_changed_after_the_match_names_rule_both_values_and_both_bills(hub: Hub) -> None:
    bills = import_bills()
    hub.matched(*bills)
    hub.post(bills[1].changed(amount=Decimal("99.50")))
    hub.merge()
    match = hub.match(bills[0])
    assert match.verdict == "conflict"
    (difference,) = match.differences
    assert (difference["rule"], difference["right"], difference["bill"]) == ("I02", "99.5", "payment")
    assert Decimal(difference["left"]) == bills[0].values["actual_paid"]


def by_hand(hub: Hub) -> None:
    """Nobody files automatically any more."""
    hub.change("UPDATE enterprise SET auto_submit = false")
    hub.change("UPDATE parameter SET value = %(no)s WHERE key = 'filing.auto_submit'", no=Jsonb(False))


def _one_more(sold: Bill) -> list[dict[str, object]]:
    return [{**line, "qty": Decimal(9), "total_price": Decimal(str(line["price"])) * 9} for line in lines_of(sold)]


def _of_same_buyer(bill: Bill, like: list[Bill]) -> dict[str, object]:
    (twin,) = [other for other in like if other.kind == bill.kind]
    return {name: value for name, value in twin.values.items() if name.startswith(("buyer_", "payer_", "consignee_"))}
