"""Exporting released goods in the background: a workbook of totals by every criterion, and of the very rows they count.

Rows are fetched page by page as a reader would turn them; the file is built beside the database and leaves in sealed parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ccezone.background.ports import Outcome, Work
from ccezone.kernel.clock import Clock
from ccezone.statistics.archives import Parts
from ccezone.statistics.queries.monitor import Goods, GoodsRow, counted, goods_rows
from ccezone.statistics.rules import COUNTED, YUAN
from ccezone.statistics.service.exports import KEPT
from ccezone.statistics.tables import ExportPart
from ccezone.storage import Database
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault
from ccezone.storage.reach import reach_spelled

_TOGETHER = 5_000
_ROWS_OF_A_SHEET = 1_000_000
_PART = 4 * 1024 * 1024
_TOTALS = ("统计方式 By", "代码 Key", "币种 Currency", "清单 Lists", "货值 Value")
_ROWS = (
    *(
        "清单 List",
        "订单编号 Order",
        "企业 Enterprise",
        "计入日 Day",
        "进出口 Flow",
        "监管方式 Mode",
        "国家（地区） Country",
        "章 Chapter",
    ),
    *("币种 Currency", "货值 Value", "海关汇率 Rate", "折合人民币 CNY", "通关秒数 Seconds to clear"),
)


@dataclass(frozen=True, slots=True)
class ExportGoods:
    """Does the jobs of kind ``service.GOODS_JOB`` (``background.ports.Handler``)."""

    database: Database
    vault: PersonalVault
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Write the workbook anew. Whatever an earlier attempt left is dropped first."""
        goods = goods_of(work.arguments)
        seen = self.database.within(reach_spelled(str(work.arguments.get("nodes", ""))))
        with self.database.begin() as uow:
            work.reached(uow, 0)
            run(uow.connection, "DELETE FROM export_part WHERE job_id = %(job)s", {"job": work.job_id})
        with TemporaryFile() as file:
            with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
                self._totals(seen, book.add_worksheet("汇总 Totals"), goods)
                rows = self._rows(seen, book, work, goods)
            size = self._keep(work, file)
        name = f"goods-{goods.since:%Y%m%d}-{goods.until:%Y%m%d}.xlsx"
        expires_at = (self.clock.now() + KEPT).isoformat()
        return Outcome({"name": name, "size": size, "expires_at": expires_at, "tables": {"放行商品 Goods": rows}})

    def _totals(self, seen: Database, sheet: Worksheet, goods: Goods) -> None:
        sheet.write_row(0, 0, _TOTALS)
        line = 1
        with seen.reading() as connection:
            for by in COUNTED:
                for total in counted(connection, goods.since, goods.until, by):
                    for currency, value in total.values.items():
                        sheet.write_row(line, 0, (by, total.key, "CNY" if currency == YUAN else currency, total.lists, value))
                        line += 1

    def _rows(self, seen: Database, book: xlsxwriter.Workbook, work: Work, goods: Goods) -> int:
        number = 0
        sheet = book.add_worksheet("明细 Rows")
        for stretch in self._pages(seen, goods):
            for row in stretch:
                line = number % _ROWS_OF_A_SHEET
                if number and not line:
                    sheet = book.add_worksheet(f"明细 Rows {number // _ROWS_OF_A_SHEET + 1}")
                if not line:
                    sheet.write_row(0, 0, _ROWS)
                sheet.write_row(line + 1, 0, _cells(row))
                number += 1
            with self.database.begin() as uow:
                work.reached(uow, number)
        return number

    def _pages(self, seen: Database, goods: Goods) -> Iterator[Sequence[GoodsRow]]:
        after = ""
        while True:
            with seen.reading() as connection:
                rows = goods_rows(connection, goods, after, _TOGETHER)
            yield rows
            if len(rows) < _TOGETHER:
                return
            after = rows[-1].cursor

    def _keep(self, work: Work, file: IO[bytes]) -> int:
        expires_at, number = self.clock.now() + KEPT, 0

        def keep(content: bytes) -> None:
            nonlocal number
            with self.database.begin() as uow:
                work.reached(uow, 0)  # whoever lost the job writes nothing more
                part = ExportPart(job_id=work.job_id, number=number, content=self.vault.seal_bytes(content), expires_at=expires_at)
                uow.session.add(part)
            number += 1

        parts = Parts(keep)
        file.seek(0)
        while content := file.read(_PART):
            parts.write(content)
        parts.finish()
        return parts.written


def goods_of(arguments: Any) -> Goods:
    """Read what a job was asked for."""
    since, until = (date.fromisoformat(arguments[name]) for name in ("since", "until"))
    return Goods(since, until, arguments["by"], arguments["key"], arguments["bucket"], arguments["before"])


def _cells(row: GoodsRow) -> Sequence[str | int | Decimal | None]:
    return (
        *(str(row.id), row.order_no, row.merchant, row.counted_on.isoformat(), row.flow, row.trade_mode, row.country, row.chapter),
        *(row.currency, row.worth, row.rate, row.cny, row.cleared),
    )
