"""Every number of every table of a printed return is what the rows behind it come to: read from the PDF by its tags."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from ccezone.kernel.money import round_half_up
from ccezone.parameters.queries import book
from ccezone.printing.returns.document import render_return
from ccezone.printing.returns.words import TABLES, money, say
from ccezone.statistics.queries import Goods, Orders, goods_rows, order_rows
from ccezone.statistics.queries.indicator_rows import indicator_rows
from ccezone.statistics.queries.return_words import section_of
from ccezone.statistics.queries.returns import CRITERIA
from ccezone.statistics.queries.supplements import facts
from ccezone.statistics.rules.returns import FLOWS
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.statistics.returned import compiled, frozen, traded
from tests.statistics.supplying import fed, row
from tests.statistics.tagged import Table, Tagged

pytestmark = pytest.mark.storage
MONTH, YEAR = date(2026, 1, 1), date(2026, 1, 1)
UNTIL = date(2026, 1, 31)
_LETTERS = {name: letter for letter, name in FLOWS.items()}


@dataclass(frozen=True)
class Behind:
    """The rows behind numbers, as pages show them."""

    connection: Connection

    def lists(self, by: str = "every", key: str = "") -> Sequence[Any]:
        return goods_rows(self.connection, Goods(MONTH, UNTIL, by, key), limit=500)

    def others(self, by: str = "every", key: str = "", source: str = "") -> Sequence[Any]:
        return facts(self.connection, MONTH, UNTIL, by, key, source=source, limit=500)

    def worth(self, by: str = "every", key: str = "") -> Decimal:
        return yuan([*self.lists(by, key), *self.others(by, key)])

    def cell(self, table: str, key: str, flow: str) -> Decimal:
        """What a row's rows come to in a flow; ``key`` is empty for nobody's, and ``None`` stands for the total."""
        if table == "origin":
            return yuan(self.lists("flow", flow) if key == "lists" else self.others("flow", flow, key))
        if table == "section":
            chapters = {each.chapter for each in [*self.lists("flow", flow), *self.others("flow", flow)]}
            own = [chapter for chapter in chapters if section_of(chapter) == key]
            return sum((self.worth("chapter_flow", chapter + flow) for chapter in own), Decimal(0))
        return self.worth(CRITERIA[table], key + flow)

    def orders(self, step: str) -> int:
        return len(order_rows(self.connection, Orders(MONTH, UNTIL, step), limit=500))

    def rows(self, kind: str) -> Sequence[Any]:
        return indicator_rows(self.connection, book(self.connection, "GZ"), kind, MONTH, UNTIL, limit=500)


def yuan(rows: Sequence[Any]) -> Decimal:
    return sum((each.cny or Decimal(0) for each in rows), Decimal(0))


def indicators(behind: Behind, prepared: int) -> Mapping[str, Callable[[], Decimal | int | None]]:
    """What each indicator comes to, from rows alone; what is left out has a test of its own."""
    lists, others = behind.lists(), behind.others()
    export, imported = behind.worth("flow", "E"), behind.worth("flow", "I")
    parcels = len(lists) + sum(each.parcels for each in others)
    return {
        "total": lambda: export + imported,
        "export": lambda: export,
        "import": lambda: imported,
        "balance": lambda: export - imported,
        "lists": lambda: len(lists),
        "average": lambda: yuan(lists) / len(lists),
        "parcels": lambda: parcels,
        "average_parcel": lambda: (export + imported) / parcels,
        "enterprises": lambda: len({each.enterprise for each in others if each.enterprise} | {each.merchant for each in lists}),
        "countries": lambda: len({each.country for each in [*lists, *others]}),
        "match_rate": lambda: Decimal(behind.orders("matched") * 100) / behind.orders("arrived"),
        "release_rate": lambda: Decimal(behind.orders("released") * 100) / behind.orders("arrived"),
        "rejection_rate": lambda: Decimal(len(behind.rows("rejections")) * 100) / prepared,
        "refund_total": lambda: sum((each.yuan for each in behind.rows("refunds")), Decimal(0)),
        "refund_days": lambda: None,
        "settled_total": lambda: sum((each.yuan or Decimal(0) for each in behind.rows("settlements")), Decimal(0)),
        "settle_days": lambda: None,
        "registered": lambda: len(behind.rows("registrations")),
        "warehouses": lambda: len(behind.rows("warehouses")),
        "target_progress": lambda: (
            (export + imported) * 100 / book(behind.connection, "GZ").decimal("statistics.target_year", UNTIL)
        ),
    }


def story(hub: Hub) -> None:
    """Lists of both flows, parcels of mail in both, one of them a firm's, and a list that was rejected."""
    traded(hub)
    firm = hub.party("cosmetics").uscc
    fed(hub, row("RR1", "123.45", enterprise_code=firm), row("RR2", "50.00", flow="I", country="116", hs_code="9503"))
    known = [each for (each,) in hub.rows("SELECT id FROM declaration_list")]
    hub.post(*export_bills(9))
    hub.merge()
    hub.dispatch()
    [(refused,)] = hub.rows("SELECT id FROM declaration_list WHERE NOT id = ANY(%(known)s)", known=known)
    hub.answer(refused, 100)
    hub.clock.advance(hours=1)
    fed(hub, row("EX1", "7.00", country="601"))


def test_every_cell_of_every_table_of_a_monthly_return_is_what_its_rows_come_to(hub: Hub) -> None:
    story(hub)
    document = frozen(hub, compiled(hub))
    told = orjson.loads(document)
    [(prepared,)] = hub.rows("SELECT count(*) FROM list_fact WHERE day BETWEEN '2026-01-01' AND '2026-01-31'")
    with hub.database.reading() as connection:
        behind = Behind(connection)
        expected = indicators(behind, prepared)
        for locale in ("zh", "en"):
            first, *tables, _definitions = Tagged(render_return(document, "zh" if locale == "zh" else "en")).tables()
            assert len(tables) == len(TABLES["monthly"])
            checked = sum(
                judged(behind, next(each for each in told["tables"] if each["name"] == name), table, locale)
                for name, table in zip(TABLES["monthly"], tables, strict=True)
            )
            assert checked > 60
            shown = {each["key"]: line for each, line in zip(told["indicators"], first.rows[1:], strict=True)}
            definitions = {each["key"]: each for each in told["definitions"]}
            for key, value in expected.items():
                assert shown[key][2] == printed(value(), int(definitions[key]["decimals"])), key
            within = Decimal(shown["median_clearance"][2]) * 60
            assert sum(each.cleared <= within for each in behind.lists()) * 2 >= len(behind.lists())


def judged(behind: Behind, told: Mapping[str, Any], table: Table, locale: str) -> int:
    """Judge a table cell by cell; return how many numbers it has."""
    columns: Sequence[str] = told["columns"]
    assert [plain(head) for head in table.rows[0][1:]] == [plain(say(each, "zh" if locale == "zh" else "en")) for each in columns]
    lines = [line for line in table.rows[1:] if plain(line[0]) != plain(say("growth", "zh" if locale == "zh" else "en"))]
    assert all(set(line[1:]) == {"—"} for line in table.rows[1:] if line not in lines)  # nothing to compare with a year before
    assert len(lines) == len(told["rows"]) + 1
    for line, each in zip(lines, told["rows"], strict=False):
        assert plain(line[0]) == plain(each[locale])
        assert line[1:] == [money(str(behind.cell(told["name"], each["key"], _flow(column)))) for column in columns], line
    assert lines[-1][1:] == [money(str(behind.worth("flow", _flow(column)))) for column in columns]
    return len(lines) * len(columns)


def _flow(column: str) -> str:
    """The flow of a column; in January the year so far is the month."""
    return _LETTERS[column.removesuffix("_year")]


def printed(value: Decimal | int | None, decimals: int) -> str:
    return "—" if value is None else f"{round_half_up(Decimal(value), Decimal(1).scaleb(-decimals)):,}"


def plain(text: str) -> str:
    """A text without what a line's end swallows."""
    return "".join(text.split())
