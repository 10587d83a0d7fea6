"""The product master and declaration defaults, and that nobody reads another enterprise's."""

from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread
from uuid import UUID

import pytest

from ccezone.accounts.queries import audit_of
from ccezone.enterprises.queries import defaults_of, product_by_id, products_of, search_products, subject_of
from ccezone.enterprises.service import (
    ProductEntry,
    Saved,
    hold_products,
    register,
    remove_product,
    remove_products,
    restore_products,
    save_defaults,
    save_products,
)
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Database
from tests.enterprises.conftest import a_chair, a_merchant, direct_export

pytestmark = pytest.mark.storage


@pytest.fixture
def merchant(database: Database, clock: FixedClock) -> UUID:
    with database.begin() as uow:
        return register(uow, a_merchant(), clock)


@pytest.fixture
def rival(database: Database, clock: FixedClock) -> UUID:
    with database.begin() as uow:
        return register(uow, a_merchant(uscc=complete_uscc("91360700MA35CAM01")), clock)


def saved(database: Database, owner: UUID, clock: FixedClock, *entries: ProductEntry) -> None:
    with database.begin() as uow:
        save_products(uow, owner, entries, clock)


def test_saving_again_changes_the_product_and_adds_none(database: Database, merchant: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, a_chair(), a_chair(item_no="CHAIR-2"))
    saved(database, merchant, clock, a_chair(net_weight=Decimal(7)))
    with database.reading() as connection:
        found = products_of(connection, [merchant])
    assert {item: view.net_weight for (_owner, item), view in found.items()} == {"CHAIR-1": 7, "CHAIR-2": Decimal("6.5")}


def test_a_batch_with_one_bad_row_saves_nothing_and_names_the_row(database: Database, merchant: UUID, clock: FixedClock) -> None:
    with pytest.raises(Refused) as refused:
        saved(database, merchant, clock, a_chair(), a_chair(item_no="CHAIR-2", hs_code="1"), a_chair())
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/1/hs_code", "bad_hs_code"),
        ("/2/item_no", "repeated_item"),
    ]
    with database.reading() as connection:
        assert products_of(connection, [merchant]) == {}


def test_thousands_of_products_are_saved_in_one_call(database: Database, merchant: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, *(a_chair(item_no=f"CHAIR-{number}") for number in range(2500)))
    with database.reading() as connection:
        assert len(products_of(connection, [merchant])) == 2500
        assert list(products_of(connection, [merchant], ["CHAIR-7", "TABLE"])) == [(merchant, "CHAIR-7")]


def test_the_same_number_may_stand_with_two_enterprises(database: Database, merchant: UUID, rival: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, a_chair())
    saved(database, rival, clock, a_chair(name="藤椅"))
    with database.reading() as connection:
        names = {owner: view.name for (owner, _item), view in products_of(connection, [merchant, rival]).items()}
    assert names == {merchant: "实木餐椅", rival: "藤椅"}


def test_a_rival_finds_nothing_of_a_merchant(database: Database, merchant: UUID, rival: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, a_chair())
    with database.reading() as connection:
        known = products_of(connection, [merchant])[merchant, "CHAIR-1"]
        assert product_by_id(connection, rival, known.id) is None
        assert not search_products(connection, rival)
    with pytest.raises(NotFound), database.begin() as uow:
        remove_product(uow, rival, "CHAIR-1", clock)


def test_saving_what_is_there_already_changes_nothing(database: Database, merchant: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, a_chair())
    with database.begin() as uow:
        known = products_of(uow.connection, [merchant])
        again = save_products(uow, merchant, [a_chair(), a_chair(item_no="CHAIR-2")], FixedClock(clock.now() + timedelta(days=1)))
        assert products_of(uow.connection, [merchant])[merchant, "CHAIR-1"] == known[merchant, "CHAIR-1"]
    assert again == Saved(added=1, unchanged=1)


def test_every_change_stands_in_the_trail_with_what_was_before(database: Database, merchant: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, a_chair())
    saved(database, merchant, clock, a_chair(net_weight=Decimal(7)))
    with database.begin() as uow:
        (known,) = products_of(uow.connection, [merchant]).values()
        removed = remove_products(uow, merchant, ["CHAIR-1"], clock)
        assert removed is not None
        assert products_of(uow.connection, [merchant]) == {}
        assert restore_products(uow, merchant, removed, clock) == 1
    with database.reading() as connection:
        trail = [(entry.action, entry.detail) for entry in audit_of(connection, subject_of(known.id))]
    assert [action for action, _detail in trail] == ["product.restore", "product.remove", "product.change", "product.add"]
    assert trail[2][1] == {"net_weight": "6.5 → 7"}


def test_whoever_changes_a_master_waits_for_whoever_holds_it(database: Database, merchant: UUID, clock: FixedClock) -> None:
    changed, started = Event(), Event()

    def another_change() -> None:
        started.set()
        saved(database, merchant, clock, a_chair(name="藤椅"))
        changed.set()

    thread = Thread(target=another_change)
    with database.begin() as uow:
        hold_products(uow, merchant)
        thread.start()
        assert started.wait(5)
        assert not changed.wait(0.3)
        save_products(uow, merchant, [a_chair(name="竹椅")], clock)
    thread.join(10)
    assert changed.is_set()
    with database.reading() as connection:
        (known,) = products_of(connection, [merchant]).values()
    assert known.name == "藤椅"


def test_pages_of_products_follow_each_other(database: Database, merchant: UUID, clock: FixedClock) -> None:
    saved(database, merchant, clock, *(a_chair(item_no=f"CHAIR-{number}") for number in range(3)))
    with database.reading() as connection:
        first = search_products(connection, merchant, limit=2)
        rest = search_products(connection, merchant, after=first[-1].item_no, limit=2)
    assert [view.item_no for view in [*first, *rest]] == ["CHAIR-0", "CHAIR-1", "CHAIR-2"]


def test_defaults_are_kept_per_mode_and_flow_and_replaced(database: Database, merchant: UUID, clock: FixedClock) -> None:
    with database.begin() as uow:
        save_defaults(uow, merchant, direct_export(), clock)
        save_defaults(uow, merchant, direct_export(pod="331"), clock)
    with database.reading() as connection:
        found = defaults_of(connection, [merchant])
    assert {key[1:]: view.pod for key, view in found.items()} == {("9610", "E"): "331"}


def test_incomplete_defaults_name_what_is_missing(database: Database, merchant: UUID, clock: FixedClock) -> None:
    with pytest.raises(Refused) as refused, database.begin() as uow:
        save_defaults(uow, merchant, direct_export(port_code="", pod=" "), clock)
    assert [fault.pointer for fault in refused.value.faults] == ["/port_code", "/pod"]
