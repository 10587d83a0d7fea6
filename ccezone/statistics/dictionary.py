"""What lies beside the tables of an export: what it is, and the data dictionary."""

from ccezone.kernel.csv_text import csv_text
from ccezone.statistics.archives import columns_of
from ccezone.statistics.queries.column_words import OWN_WORDS
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


def readme(*, clear: bool) -> bytes:
    """Say what the archive holds, and whether personal values are in clear."""
    zh, en = _CLEAR if clear else _MASKED
    return _README.format(privacy=zh, privacy_en=en).encode()


def dictionary() -> bytes:
    """List every column of every table, and what it is called in the official message it comes from."""
    told = [["table", "table_zh", "table_en", "column", "label_zh", "label_en", "message"]]
    for source in SOURCES:
        head = labels(source.message).head if source.message else {}
        line = labels(source.message).line if source.message else {}
        for name in columns_of(source):
            known = head.get(name) or line.get(name)
            words = (known.label_zh, known.label_en) if known else OWN_WORDS.get(name, ("", ""))
            told.append([source.name, source.label_zh, source.label_en, name, *words, source.message if known else ""])
    return csv_text(told)
