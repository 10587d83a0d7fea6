"""What lies beside the tables of an export: what it is, and the data dictionary."""

import csv
import io
from collections.abc import Mapping

from ccezone.statistics.archives import columns_of
from ccezone.statistics.sources import SOURCES
from schemas.derive.labels import labels

_README = """本压缩包含企业在平台上的全部数据。
每张表有两份：.csv（UTF-8，可用 Excel 打开）与 .json（原值）。dictionary.csv 是数据字典。
时间均为北京时间。以 = + - @ 开头的文字在 CSV 中前加单引号，以免被当作公式；JSON 中为原值。{privacy}

This archive holds all data of the enterprise on the platform. Each table comes twice: .csv (UTF-8, opens in Excel) and .json
(exact values). dictionary.csv is the data dictionary. Times are of Asia/Shanghai. In CSV an apostrophe stands before = + - @, lest
a program take the text for a formula. {privacy_en}
"""
_CLEAR = ("含个人信息明文，请妥善保管。", "Personal values are in clear: keep it safe.")
_MASKED = ("个人信息已遮盖。", "Personal values are masked.")
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


def readme(*, clear: bool) -> bytes:
    """Say what the archive holds, and whether personal values are in clear."""
    zh, en = _CLEAR if clear else _MASKED
    return _README.format(privacy=zh, privacy_en=en).encode()


def dictionary() -> bytes:
    """List every column of every table, and what it is called in the official message it comes from."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(["table", "table_zh", "table_en", "column", "label_zh", "label_en", "message"])
    for source in SOURCES:
        head = labels(source.message).head if source.message else {}
        line = labels(source.message).line if source.message else {}
        for name in columns_of(source):
            known = head.get(name) or line.get(name)
            words = (known.label_zh, known.label_en) if known else _OWN_WORDS.get(name, ("", ""))
            writer.writerow([source.name, source.label_zh, source.label_en, name, *words, source.message if known else ""])
    return text.getvalue().encode()
