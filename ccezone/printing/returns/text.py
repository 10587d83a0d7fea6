"""The text of a return, made of its figures by rules: what stands in no table is not said."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccezone.kernel.money import round_half_up
from ccezone.printing.documents import Locale
from ccezone.printing.returns.movers import movers
from ccezone.printing.returns.words import TABLES, Snapshot, laid_out_since, money, number, period_words, say

_LEADERS = 3
Line = Mapping[str, Any]


def overview(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Return the paragraphs of the overview."""
    figures = {each["key"]: each for each in snapshot["indicators"]}
    if not int(figures["lists"]["value"]) and not Decimal(figures["total"]["value"]):
        return [say("empty", locale)]
    told = _zh(snapshot, figures) if locale == "zh" else _en(snapshot, figures)
    return [paragraph for paragraph in told if paragraph]


def _zh(snapshot: Snapshot, figures: Mapping[str, Line]) -> Sequence[str]:
    total = _table(snapshot, "mode")["total"]["cells"]
    side = "顺差" if Decimal(figures["balance"]["value"]) >= 0 else "逆差"
    whole = (
        f"{period_words(snapshot, 'zh')}，全区跨境电子商务进出口 "
        f"{money(figures['total']['value'])} 元{_grown_zh(figures['total'])}。"
        f"其中，出口 {money(figures['export']['value'])} 元{_grown_zh(figures['export'])}；"
        f"进口 {money(figures['import']['value'])} 元{_grown_zh(figures['import'])}；"
        f"贸易{side} {money(abs(Decimal(figures['balance']['value'])))} 元。"
    )
    year = (
        f"年初至今，出口 {money(total['export_year']['value'])} 元{_grown_zh(total['export_year'])}，"
        f"进口 {money(total['import_year']['value'])} 元{_grown_zh(total['import_year'])}。"
        if "export_year" in total
        else ""
    )
    firms = (
        f"计入统计的清单 {number(figures['lists']['value'])} 份，出口 {_lists(snapshot, 'export'):,} 份、进口 "
        f"{_lists(snapshot, 'import'):,} 份；有业务的企业 {number(figures['enterprises']['value'])} 家，"
        f"涉及 {number(figures['countries']['value'])} 个国家（地区）。"
    )
    leaders = "".join(_led_zh(snapshot, name) for name in _told(snapshot))
    return [whole + year, firms, leaders, *movers(snapshot, "zh"), _orders_zh(figures)]


def _told(snapshot: Snapshot) -> Sequence[str]:
    """The tables whose first rows are named: of those that are printed."""
    return [name for name in ("mode", "country", "section") if name in TABLES[snapshot["kind"]]]


def _led_zh(snapshot: Snapshot, name: str) -> str:
    parts = [
        f"{say(flow, 'zh')}居前的是{_leaders_zh(snapshot, name, flow)}"
        for flow in ("export", "import")
        if _leading(snapshot, name, flow)
    ]
    return f"{say(name, 'zh')}，{'；'.join(parts)}。" if parts else ""


def _led_en(snapshot: Snapshot, name: str) -> str:
    parts = [
        f"{say(flow, 'en').lower()}s are led by {_leaders_en(snapshot, name, flow)}"
        for flow in ("export", "import")
        if _leading(snapshot, name, flow)
    ]
    return f"{say(name, 'en')}, {'; '.join(parts)}." if parts else ""


def _orders_zh(figures: Mapping[str, Line]) -> str:
    parts = []
    if (median := figures["median_clearance"]["value"]) is not None:
        parts.append(f"半数清单从申报到放行不超过 {number(median)} 分钟")
    if (rate := figures["match_rate"]["value"]) is not None:
        parts.append(f"本期收到的订单中，单据比对通过的占 {number(rate)}%，已放行的占 {number(figures['release_rate']['value'])}%")
    if (progress := figures["target_progress"]["value"]) is not None:
        parts.append(f"完成年度进出口额目标的 {number(progress)}%")
    return "；".join(parts) + "。" if parts else ""


def _en(snapshot: Snapshot, figures: Mapping[str, Line]) -> Sequence[str]:
    total = _table(snapshot, "mode")["total"]["cells"]
    side = "surplus" if Decimal(figures["balance"]["value"]) >= 0 else "deficit"
    period = period_words(snapshot, "en")
    after_the = ("quarter", "first", "second") if laid_out_since(snapshot, 4) else ("week", "quarter", "first", "second")
    whole = (f"In the {period}" if period.startswith(after_the) else f"In {period}") + (
        f", cross-border e-commerce imports and exports of the zone came to CNY {money(figures['total']['value'])}"
        f"{_grown_en(figures['total'])}: exports CNY {money(figures['export']['value'])}{_grown_en(figures['export'])}, "
        f"imports CNY {money(figures['import']['value'])}{_grown_en(figures['import'])}, "
        f"a {side} of CNY {money(abs(Decimal(figures['balance']['value'])))}."
    )
    year = (
        f" Since the beginning of the year, exports came to CNY {money(total['export_year']['value'])}"
        f"{_grown_en(total['export_year'])} and imports to CNY {money(total['import_year']['value'])}"
        f"{_grown_en(total['import_year'])}."
        if "export_year" in total
        else ""
    )
    firms = (
        f"{number(figures['lists']['value'])} declaration lists count, {_lists(snapshot, 'export'):,} of exports and "
        f"{_lists(snapshot, 'import'):,} of imports, of {number(figures['enterprises']['value'])} enterprises, with "
        f"{number(figures['countries']['value'])} countries and regions."
    )
    leaders = " ".join(_led_en(snapshot, name) for name in _told(snapshot))
    return [whole + year, firms, leaders, *movers(snapshot, "en"), _orders_en(figures)]


def _orders_en(figures: Mapping[str, Line]) -> str:
    parts = []
    if (median := figures["median_clearance"]["value"]) is not None:
        parts.append(f"Half of the lists passed from filing to release within {number(median)} minutes.")
    if (rate := figures["match_rate"]["value"]) is not None:
        released = number(figures["release_rate"]["value"])
        parts.append(f"Of the orders that arrived, {number(rate)}% were matched and {released}% released.")
    if (progress := figures["target_progress"]["value"]) is not None:
        parts.append(f"{number(progress)}% of the year's target is reached.")
    return " ".join(parts)


def _grown_zh(cell: Line) -> str:
    if cell["growth"] is None:
        return ""
    grown = Decimal(cell["growth"])
    return f"，同比{'增长' if grown >= 0 else '下降'} {abs(grown)}%"


def _grown_en(cell: Line) -> str:
    if cell["growth"] is None:
        return ""
    grown = Decimal(cell["growth"])
    return f" ({'up' if grown >= 0 else 'down'} {abs(grown)}% on the year before)"


def _leading(snapshot: Snapshot, name: str, flow: str) -> Sequence[tuple[Line, Decimal, Decimal]]:
    """Return the first rows of a table by a column, with value and share."""
    table = _table(snapshot, name)
    whole = Decimal(table["total"]["cells"][flow]["value"])
    named = [row for row in table["rows"] if row["key"] or not laid_out_since(snapshot, 4)]  # what is not stated leads nothing
    rows = [(row, Decimal(row["cells"][flow]["value"])) for row in named]
    found = sorted((each for each in rows if each[1] > 0), key=lambda each: -each[1])[:_LEADERS]
    return [(row, value, round_half_up(value * 100 / whole, Decimal("0.1"))) for row, value in found]


def _leaders_zh(snapshot: Snapshot, name: str, flow: str) -> str:
    found = _leading(snapshot, name, flow)
    return "、".join(f"{row['zh']}（{money(value)} 元，占 {share}%）" for row, value, share in found)


def _leaders_en(snapshot: Snapshot, name: str, flow: str) -> str:
    return ", ".join(f"{row['en']} (CNY {money(value)}, {share}%)" for row, value, share in _leading(snapshot, name, flow))


def _lists(snapshot: Snapshot, column: str) -> int:
    """Return how many lists a column counts: of all that counts, where nothing tells sources apart."""
    origin = next((each for each in snapshot["tables"] if each["name"] == "origin"), None)
    if origin is None:
        return int(_table(snapshot, "mode")["total"]["cells"][column]["lists"])
    return next((int(row["cells"][column]["lists"]) for row in origin["rows"] if row["key"] == "lists"), 0)


def _table(snapshot: Snapshot, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(each for each in snapshot["tables"] if each["name"] == name)
    return found
