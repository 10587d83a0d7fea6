"""Exporting all an enterprise's data in the background: a zip of CSV and JSON with a data dictionary.

Rows come through a server-side cursor of one snapshot and the archive leaves in sealed parts, so that memory stays bounded
whatever its size. An interrupted export starts again from the beginning.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from ccezone.background.ports import LeaseLost, Outcome, Work
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.statistics.service.exports import KEPT
from ccezone.statistics.sources import SOURCES, Source
from ccezone.statistics.tables import ExportPart
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import driver, fetch, run
from ccezone.storage.personal import PersonalVault, mask
from schemas.derive.labels import labels

_PART, _TOGETHER = 4 * 1024 * 1024, 2_000  # bytes of a stored part; rows fetched at once
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_OPEN = frozenset({"buyer_id_type", "payer_id_type"})
_PERSONAL = "personal"
_README = """本压缩包含企业在平台上的全部数据。
每张表有两份：.csv（UTF-8，可用 Excel 打开）与 .json（原值）。dictionary.csv 是数据字典。
时间均为北京时间。以 = + - @ 开头的文字在 CSV 中前加单引号，以免被当作公式；JSON 中为原值。{privacy}

This archive holds all data of the enterprise on the platform. Each table comes twice: .csv (UTF-8, opens in Excel) and .json
(exact values). dictionary.csv is the data dictionary. Times are of Asia/Shanghai. In CSV an apostrophe stands before = + - @, lest
a program take the text for a formula. {privacy_en}
"""


@dataclass
class _Parts(io.RawIOBase):
    """A file that is written from front to back, and handed on in parts."""

    keep: Callable[[bytes], None]
    written: int = 0
    _pending: bytearray = field(default_factory=bytearray)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # whatever has a buffer
        taken = bytes(data)
        self._pending += taken
        self.written += len(taken)
        while len(self._pending) >= _PART:
            self.keep(bytes(self._pending[:_PART]))
            del self._pending[:_PART]
        return len(taken)

    def finish(self) -> None:
        """Hand on what is left."""
        if self._pending:
            self.keep(bytes(self._pending))
            self._pending.clear()


@dataclass
class _Progress:
    """Rows written; each table is written twice."""

    database: Database
    work: Work
    of: int | None = None
    done: int = 0

    def add(self, rows: int) -> None:
        self.done += rows
        with self.database.begin() as uow:
            self.note(uow)

    def note(self, uow: UnitOfWork) -> None:
        self.work.reached(uow, self.done, self.of)


@dataclass(frozen=True, slots=True)
class ExportData:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``)."""

    database: Database
    vault: PersonalVault
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Write the archive anew. Whatever an earlier attempt left is dropped first."""
        if work.enterprise_id is None:
            raise Refused(Fault("", "job_not_found"))
        clear = bool(work.arguments.get("clear"))
        expires_at = self.clock.now() + KEPT
        with self.database.begin() as uow:
            work.reached(uow, 0)
            run(uow.connection, "DELETE FROM export_part WHERE job_id = %(job)s", {"job": work.job_id})
        progress = _Progress(self.database, work)
        parts = _Parts(self._keeper(progress, expires_at))
        snapshot = self.database.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with snapshot as connection:
                counts = self._write(connection, progress, work.enterprise_id, parts, clear=clear)
            parts.finish()
        except LeaseLost:
            raise  # what is there now is the other worker's
        except BaseException:
            self._forget(work.job_id)
            raise
        name = f"export-{self.clock.now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}.zip"
        return Outcome({"name": name, "size": parts.written, "expires_at": expires_at.isoformat(), "tables": counts})

    def _keeper(self, progress: _Progress, expires_at: datetime) -> Callable[[bytes], None]:
        number = 0

        def keep(content: bytes) -> None:
            nonlocal number
            sealed = self.vault.seal_bytes(content)
            with self.database.begin() as uow:
                progress.note(uow)  # whoever lost the job writes nothing more
                uow.session.add(ExportPart(job_id=progress.work.job_id, number=number, content=sealed, expires_at=expires_at))
            number += 1

        return keep

    def _forget(self, job_id: UUID) -> None:
        with self.database.begin() as uow:
            run(uow.connection, "DELETE FROM export_part WHERE job_id = %(job)s", {"job": job_id})

    def _write(self, connection: Connection, progress: _Progress, firm: UUID, parts: _Parts, *, clear: bool) -> dict[str, int]:
        counts = {source.name: int(fetch(connection, source.count, {"firm": firm})[0][0]) for source in SOURCES}
        progress.of = 2 * sum(counts.values())
        progress.add(0)
        with zipfile.ZipFile(parts, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            _put(archive, "README.txt", _readme(clear=clear))
            _put(archive, "dictionary.csv", _dictionary())
            for source in SOURCES:
                for ending, writer in (("csv", _as_csv), ("json", _as_json)):
                    with archive.open(f"{source.name}.{ending}", "w", force_zip64=True) as member:
                        for stretch in self._rows(connection, source, firm, clear=clear):
                            member.write(writer(source, stretch.rows, first=stretch.first))
                            progress.add(len(stretch.rows))
                        member.write(b"\n]\n" if ending == "json" else b"")
        return counts

    def _rows(self, connection: Connection, source: Source, firm: UUID, *, clear: bool) -> Iterator["_Stretch"]:
        """Yield rows by the thousand, at least one (empty) stretch."""
        first = True
        with driver(connection).cursor(name="export") as cursor:
            cursor.execute(source.statement.encode(), {"firm": firm})
            while (rows := cursor.fetchmany(_TOGETHER)) or first:
                yield _Stretch([self._opened(source, row, clear=clear) for row in rows], first)
                first = False

    def _opened(self, source: Source, row: Sequence[Any], *, clear: bool) -> dict[str, object]:
        values = dict(zip(source.columns, row, strict=False))
        if source.sealed:
            opened = self.vault.open(bytes(row[-1])) if row[-1] else {}
            values[_PERSONAL] = opened if clear else {name: _covered(name, value) for name, value in opened.items()}
        return values


@dataclass(frozen=True, slots=True)
class _Stretch:
    rows: Sequence[Mapping[str, object]]
    first: bool


def _covered(name: str, value: str) -> str:
    return value if name in _OPEN or not value else mask(value)


def _columns(source: Source) -> list[str]:
    return [*source.columns, *([_PERSONAL] if source.sealed else [])]


def _as_csv(source: Source, rows: Sequence[Mapping[str, object]], *, first: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    if first:
        text.write("\ufeff")
        writer.writerow(_columns(source))
    writer.writerows([_cell(row[name]) for name in _columns(source)] for row in rows)
    return text.getvalue().encode()


def _as_json(_source: Source, rows: Sequence[Mapping[str, object]], *, first: bool) -> bytes:
    """One row a line of one array, exact: amounts are texts."""
    lines = (orjson.dumps(dict(row), default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME) for row in rows)
    body = b",\n".join(lines)
    if first:
        return b"[\n" + body
    return b",\n" + body if body else b""


def _plain(value: object) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S%:z}" if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=_plain).decode()
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _readme(*, clear: bool) -> bytes:
    zh, en = ("含个人信息明文，请妥善保管。", "Personal values are in clear: keep it safe.") if clear else ("", "")
    masked = ("个人信息已遮盖。", "Personal values are masked.")
    return _README.format(privacy=zh or masked[0], privacy_en=en or masked[1]).encode()


def _dictionary() -> bytes:
    """Every column of every table, and what it is called in the official message it comes from."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(["table", "table_zh", "table_en", "column", "label_zh", "label_en", "message"])
    for source in SOURCES:
        head = labels(source.message).head if source.message else {}
        line = labels(source.message).line if source.message else {}
        for name in _columns(source):
            known = head.get(name) or line.get(name) or None
            words = (known.label_zh, known.label_en) if known else _OWN_WORDS.get(name, ("", ""))
            writer.writerow([source.name, source.label_zh, source.label_en, name, *words, source.message if known else ""])
    return text.getvalue().encode()


_OWN_WORDS: Mapping[str, tuple[str, str]] = {
    "flow": ("进出口（E 出口，I 进口）", "E export, I import"),
    "merchant_code": ("电商企业代码", "Merchant code"),
    "platform_code": ("电商平台代码", "Platform code"),
    "gross_weight": ("毛重（千克）", "Gross weight, kg"),
    "declaration_path": ("申报业务类型（A、B）", "Declaration path (A or B)"),
    "assure_code": ("担保企业编号", "Guarantor code"),
    "version": ("版次", "Version of the bill, from 1"),
    "batch_id": ("报送批次", "Delivery it came in"),
    "id": ("平台编号", "Number given by the platform"),
    "list_id": ("清单的平台编号", "id of the list"),
    "order_type": ("订单类型", "Order type"),
    "lines": ("商品明细（JSON）", "Lines of goods, as JSON"),
    "personal": ("个人信息（JSON）", "Personal values, as JSON"),
    "content": ("申报内容（JSON）", "What is declared, as JSON"),
    "tax": ("税款测算（JSON）", "Computed tax, as JSON"),
    "state": ("状态", "State: an official code or one of the platform's"),
    "submission": ("申报次数", "Filing, from 1"),
    "message_type": ("报文类型", "Message type"),
    "total_value": ("货值", "Value of the goods"),
    "created_at": ("生成时间", "Made at"),
    "updated_at": ("最近变化", "Last change"),
    "returned_at": ("回执时间", "Time of the receipt"),
    "received_at": ("接收时间", "Received at"),
    "kind": ("种类", "Kind"),
    "code": ("代码", "Code"),
    "info": ("回执原文", "Text of the receipt"),
    "actor": ("操作者", "Who sent it"),
    "source": ("方式", "How it came"),
    "message_guid": ("报文编号", "Message id"),
    "documents": ("份数", "Documents"),
    "accepted": ("已接收", "Accepted"),
    "replayed": ("重复", "Replayed"),
    "rejected": ("有问题", "Rejected"),
    "signed": ("已签名", "Signed"),
    "position": ("序号，从 0 起", "Position, from 0"),
    "document": ("单证编号", "Number of the document"),
    "pointer": ("位置", "Place"),
    "params": ("说明参数（JSON）", "Details, as JSON"),
    "name": ("商品名称", "Name"),
    "declared_name": ("申报品名", "Declared name"),
    "qty1_per_unit": ("每申报单位第一法定数量", "First legal quantity per unit"),
    "qty2_per_unit": ("每申报单位第二法定数量", "Second legal quantity per unit"),
    "barcode": ("条形码", "Bar code"),
    "origin_country": ("原产国", "Country of origin"),
    "price_low": ("价格下限（元）", "Lowest price, yuan"),
    "price_high": ("价格上限（元）", "Highest price, yuan"),
    "declaration_no": ("报关单号", "Declaration number"),
    "declared_on": ("申报日期", "Declared on"),
    "released_on": ("放行日期", "Released on"),
    "order_nos": ("涉及的订单编号", "Orders concerned"),
    "removed_at": ("删除时间", "Removed at"),
    "actual_paid": ("实付金额", "Actually paid"),
    "transport_name": ("运输工具名称", "Means of transport"),
}


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(name, content)
