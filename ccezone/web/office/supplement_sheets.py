"""Feeds to take away: all that a filter shows, and one feed line by line with what became of each; as CSV and as a workbook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import Response
from flask_babel import gettext as _

from ccezone.kernel.csv_text import csv_text
from ccezone.kernel.errors import Fault
from ccezone.printing.explored import Value, table_workbook
from ccezone.statistics.queries.supplements import BatchView, LineView
from ccezone.web.office import supplement_words as words
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.rendering import code_name, moment, problem

MOST_BATCHES = 10_000
FORMS = ("csv", "xlsx")


def batches_file(rows: Sequence[BatchView], form: str) -> Response:
    """Return feeds as a file, one row a feed."""
    heads = [_("批次"), _("来源"), _("方法"), _("报送单位"), _("所属期"), _("文件"), _("行数"), _("退回"), _("接收时间"),
             _("接收人"), _("状态"), _("撤销时间"), _("撤销原因")]  # fmt: skip
    body = [
        [
            row.spelled, str(words.SOURCES[row.source]), str(words.METHODS[row.method]), row.sender, row.period, row.name,
            row.lines, row.refused, moment(row.taken_at), row.taken_by, _("已撤销") if row.undone_at else _("有效"),
            moment(row.undone_at), row.undo_reason,
        ]
        for row in rows
    ]  # fmt: skip
    return _file(_("补充统计数据"), heads, body, form)


def lines_file(batch: BatchView, lines: Sequence[LineView], refused: Sequence[Mapping[str, object]], form: str) -> Response:
    """Return a feed's lines as a file: as reported, how each counts, and at the end those that were refused, with why."""
    heads = [_("行"), _("日期"), _("方向"), _("监管方式"), _("国家（地区）"), _("商品编码"), _("币制"), _("金额"), _("件数"),
             _("扩展系数"), _("运单号"), _("凭证号"), _("订单编号"), _("海关加标"), _("企业"), _("节点"), _("状态"),
             _("认定依据"), _("重复于"), _("折合人民币"), _("退回原因")]  # fmt: skip
    body = [*(_line(line) for line in lines), *(_refused(each, len(heads)) for each in refused)]
    title = f"{batch.spelled} {words.SOURCES[batch.source]} {batch.sender} {batch.period}"
    return _file(title, heads, body, form, batch.spelled)


def _line(line: LineView) -> list[Value]:
    standing = str(words.STANDINGS[line.standing][0]) if line.standing else _("待计入")
    sign = str(words.SIGNS[line.sign]) if line.sign else ""
    return [
        line.position, str(line.day), str(words.FLOWS[line.flow]), code_name(line.trade_mode, "supervision_modes"),
        code_name(line.country, "countries"), line.hs_code, code_name(line.currency, "currencies"), _plain(line.amount),
        line.parcels, _plain(line.weight), line.waybill_no, line.document_no, line.order_no, line.mark,
        line.enterprise or line.enterprise_code, line.node, standing, sign, line.repeats, line.cny, "",
    ]  # fmt: skip


def _plain(value: Decimal) -> Decimal:
    """Drop noughts a column keeps behind the cents."""
    short = value.normalize()
    return short if int(short.as_tuple().exponent) < -2 else value.quantize(Decimal("0.01"))


def _refused(each: Mapping[str, object], width: int) -> list[Value]:
    found = each["faults"]
    faults = [Fault(one["pointer"], one["code"], one["params"]) for one in found] if isinstance(found, list) else []
    told = "；".join(f"{fault.pointer[1:]}：{'，'.join(problem(fault))}" for fault in faults)
    row: list[Value] = [None] * width
    row[0], row[16], row[-1] = int(str(each["row"])), _("退回"), told
    return row


def _file(title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], form: str, name: str = "") -> Response:
    named = f"{name or title}.{form}"
    if form == "csv":
        return attachment(csv_text([heads, *rows]), named, "text/csv")
    return attachment(table_workbook(title, heads, rows), named, XLSX)
