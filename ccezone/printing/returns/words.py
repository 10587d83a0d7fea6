"""Words of printed returns in both languages, and how they write amounts, growth and periods."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ccezone.printing.documents import Locale

Snapshot = Mapping[str, Any]
TABLES: Mapping[str, Sequence[str]] = {
    "weekly": ("mode", "country", "origin"),
    "monthly": ("mode", "country", "section", "chapter", "node", "park", "enterprise", "origin"),
    "quarterly": ("mode", "country", "section", "chapter", "node", "park", "enterprise", "origin"),
    "half_year": ("mode", "country", "section", "chapter", "node", "park", "enterprise", "origin"),
    "yearly": ("mode", "country", "section", "chapter", "node", "park", "enterprise", "origin"),
}
"""Which tables each kind of return prints; its snapshot and workbook hold all of them."""
WORDS: Mapping[str, tuple[str, str]] = {
    "weekly": ("统计周报", "Weekly Statistical Brief"),
    "monthly": ("统计月报", "Monthly Statistical Return"),
    "quarterly": ("统计季报", "Quarterly Statistical Return"),
    "half_year": ("统计半年报", "Half-year Statistical Return"),
    "yearly": ("统计年报", "Annual Statistical Return"),
    "trade": ("跨境电子商务进出口", "Cross-border E-commerce Imports and Exports"),
    "preliminary": ("初步数", "Preliminary figures"),
    "final": ("最终数", "Final figures"),
    "edition": ("第 {n} 版", "Edition {n}"),
    "period": ("报告期", "Period"),
    "series": ("数据性质", "Series"),
    "edition_label": ("版次", "Edition"),
    "compiled": ("编制时间", "Compiled at"),
    "code": ("核验码", "Verification code"),
    "digest": ("数据摘要（SHA-256）", "Digest of the figures (SHA-256)"),
    "verify": (
        "扫描二维码或打开 {address} 核验本报表。签章由电子签名实现，签署后任何改动均可被发现。",
        "Scan the code or open {address} to verify this return. The seal is an electronic signature: any later change shows.",
    ),
    "qr": ("核验地址二维码", "QR code of the address for verification"),
    "seal": ("电子签章", "Electronic seal"),
    "contents": ("目录", "Contents"),
    "overview": ("总体情况", "Overview"),
    "indicators": ("主要指标", "Main indicators"),
    "charts": ("图示", "Charts"),
    "mode": ("按监管方式分", "By customs procedure"),
    "country": ("按国家（地区）分", "By country or region"),
    "section": ("按商品类分", "By section of goods"),
    "chapter": ("按商品章分", "By chapter of goods"),
    "node": ("按节点分", "By node"),
    "park": ("按园区分", "By park"),
    "enterprise": ("按企业分", "By enterprise"),
    "origin": ("按数据来源分", "By source of data"),
    "notes": ("编制说明", "Notes"),
    "coverage": ("统计范围", "Coverage"),
    "revisions": ("修订情况", "Revisions"),
    "method": ("统计方法", "Method"),
    "quality": ("数据质量", "Quality"),
    "definitions": ("指标解释", "Definitions"),
    "export": ("出口", "Export"),
    "import": ("进口", "Import"),
    "export_year": ("出口年初至今", "Export since January"),
    "import_year": ("进口年初至今", "Import since January"),
    "row_mode": ("监管方式", "Procedure"),
    "row_country": ("国家（地区）", "Country or region"),
    "row_section": ("商品类", "Section"),
    "row_chapter": ("商品章", "Chapter"),
    "row_node": ("节点", "Node"),
    "row_park": ("园区", "Park"),
    "row_enterprise": ("企业", "Enterprise"),
    "row_origin": ("数据来源", "Source of data"),
    "total": ("合计", "Total"),
    "growth": ("同比（%）", "Year on year (%)"),
    "table": ("表 {n}　", "Table {n}. "),
    "figure": ("图 {n}　", "Figure {n}. "),
    "unit_yuan": ("单位：元", "Unit: CNY"),
    "unit": ("计量单位", "Unit"),
    "see_definitions": ("见指标解释", "see the definitions"),
    "see_column": ("单位见表内", "Units: see column"),
    "source": ("来源", "Source"),
    "source_lists": ("已放行或结关的申报清单", "declaration lists released or completed"),
    "source_all": ("申报清单及其他来源，见“按数据来源分”", "declaration lists and other sources, see “By source of data”"),
    "source_others": ("申报清单及其他来源，见“按数据来源分”", "declaration lists and others, see the table by source of data"),
    "indicator": ("指标", "Indicator"),
    "value": ("数值", "Value"),
    "formula": ("计算方法", "Formula"),
    "methods": ("方法", "Method"),
    "roll-up": ("汇总", "roll-up"),
    "model": ("模型推算", "model"),
    "sample": ("抽样推算", "sample"),
    "marks": ("可得·可信·可释", "Marks"),
    "trend_days": ("每日进出口额", "Imports and exports by day"),
    "trend_months": ("各月进出口额", "Imports and exports by month"),
    "modes_chart": ("各监管方式进出口额", "Imports and exports by procedure"),
    "countries_chart": ("主要国家（地区）进出口额", "Imports and exports of the main countries"),
    "chart_alt": ("图：{title}，数字见各表", "Chart: {title}; the figures stand in the tables"),
    "wan": ("万元", "10,000 CNY"),
    "page": ("第 ", "Page "),
    "of": (" 页，共 ", " of "),
    "pages": (" 页", ""),
    "none": ("无。", "None."),
    "revised_return": ("原报表", "Return"),
    "item": ("项目", "Item"),
    "was": ("原数", "As told"),
    "now": ("现数", "Now"),
    "reason": ("更正原因：{reason}", "Reason for this edition: {reason}"),
    "against_before": ("与上年同期相比，", "Against the same period of the year before, "),
    "against_former": ("与上一报告期相比，", "Against the period before this one, "),
    "stop": ("。", "."),
    "empty": ("本期没有数据。", "Nothing counts in this period."),
}


def sources(snapshot: Snapshot, locale: Locale) -> str:
    """Name what the tables are made of."""
    told = "source_all" if counting(snapshot) else "source_lists"
    return say("source_others" if told == "source_all" and laid_out_since(snapshot, 4) else told, locale)


def laid_out_since(snapshot: Snapshot, layout: int) -> bool:
    """Say whether a snapshot was frozen for this layout or a later one: a mended page may change no file of an older one."""
    return int(snapshot["layout"]) >= layout


def counting(snapshot: Snapshot) -> Sequence[Mapping[str, Any]]:
    """Return what counts beyond lists, by source and method."""
    return [each for each in snapshot["coverage"].get("others", ()) if each["standing"] == "counted"]


def say(name: str, locale: Locale, **values: object) -> str:
    """Return words in a language, filled in."""
    text = WORDS[name][0 if locale == "zh" else 1]
    return text.format(**values) if values else text


def money(value: str | Decimal) -> str:
    """Write an amount with separators, to the cent."""
    return f"{Decimal(value):,.2f}"


def number(value: str | None) -> str:
    """Write a figure as precise as it is, with separators; a dash where there is none."""
    return "—" if value is None else f"{Decimal(value):,}"


def grown(value: str | None) -> str:
    """Write a growth in per cent with its sign; a dash where there is no base."""
    return "—" if value is None else f"{Decimal(value):+,.1f}"


def period_words(snapshot: Snapshot, locale: Locale) -> str:
    """Write the period of a return."""
    period = snapshot["period"]
    since, until = date.fromisoformat(period["since"]), date.fromisoformat(period["until"])
    name: str = period["name"]
    year = name[:4]
    if locale == "zh":
        return {
            "weekly": f"{year}年第{name[-2:]}周（{since.month}月{since.day}日至{until.month}月{until.day}日）",
            "monthly": f"{year}年{since.month}月",
            "quarterly": f"{year}年第{'一二三四'[(since.month - 1) // 3]}季度",
            "half_year": f"{year}年{'上' if since.month == 1 else '下'}半年",
            "yearly": f"{year}年",
        }[snapshot["kind"]]
    return {
        "weekly": f"week {name[-2:]} of {year} ({_day(since)} to {_day(until)})",
        "monthly": f"{_MONTHS[since.month - 1]} {year}",
        "quarterly": f"quarter {name[-1]} of {year}",
        "half_year": f"{'first' if since.month == 1 else 'second'} half of {year}",
        "yearly": year,
    }[snapshot["kind"]]


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
