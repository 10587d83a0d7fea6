"""What a return says of sources beyond lists: what counts, what was reported and counts once only, what came back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccezone.printing.documents import Locale
from ccezone.printing.returns.words import Snapshot, counting, laid_out_since, money, say

_ORIGINS = {
    "general_declaration": ("报关单", "general declarations"),
    "mail": ("邮件渠道", "mail"),
    "express": ("快件渠道", "express"),
    "overseas_node": ("海外仓及境外节点", "overseas nodes"),
    "enterprise_report": ("企业直报", "reports of enterprises"),
    "park_report": ("园区直报", "reports of parks"),
    "sample": ("抽样推算", "samples"),
    "goods_return": ("退货冲减", "goods returned"),
}
_LEFT_OUT = {
    "declared": ("与已申报清单重复", "repeat parcels that lists declared"),
    "fed": ("与先前报送重复", "repeat what was reported before"),
    "unrecognised": ("未认定为跨境电商", "are not recognised as e-commerce trade"),
    "linked": ("由清单汇总申报形成，清单已计入", "were made by customs of lists that count"),
}


def beyond_lists(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Say what counts beside lists by source and method, and how much was reported and does not count."""
    at = 0 if locale == "zh" else 1
    found = []
    if counted := counting(snapshot):
        parts = [_part(each, locale) for each in counted]
        found.append(
            ("清单以外计入：" + "；".join(parts) + "。")
            if locale == "zh"
            else "Beside lists, the following counts: " + "; ".join(parts) + "."
        )
    else:
        found.append(("本期没有清单以外的数据计入。", "Nothing beside lists counts in this period.")[at])
    parts = [
        f"{number:,} 项{words[0]}" if locale == "zh" else f"{number:,} {words[1]}"
        for standing, words in _LEFT_OUT.items()
        if (number := _facts(snapshot, standing))
    ]
    if parts:
        told = (
            "另有报送数据未重复计入：" + "，".join(parts) + "。",
            "Of what was reported, and does not count, " + ", ".join(parts) + ".",
        )
        found.append(told[at])
    return found


def made_by(snapshot: Snapshot) -> tuple[str, str]:
    """Say by which methods the figures were made, zh and en."""
    worth: dict[str, Decimal] = {}
    for each in counting(snapshot):
        worth[each["method"]] = worth.get(each["method"], Decimal(0)) + Decimal(each["value"])
    made = [method for method in ("model", "sample") if worth.get(method)]
    zh = "，".join(f"其中{say(method, 'zh')} {money(worth[method])} 元" for method in made) or "未使用模型推算或抽样"
    en = " and ".join(f"CNY {money(worth[method])} by {say(method, 'en')}" for method in made) or "nothing is modelled or sampled"
    return (
        f"数据由清单及其他来源逐级汇总取得，{zh}。同一包裹只计一次：已申报清单优先，其次按报送先后。"
        "节点、园区按企业最近所属归集，商品按第一项商品归类；退货在放行当月按原计入汇率冲减。",
        f"Figures are added up from lists and other sources; {en}. A parcel counts once: a list stands before any report, an "
        "earlier report before a later one. It counts under the first line of its goods. Goods that come back are taken off in "
        "the month of their release, at the rate they had counted at.",
    )


def taken_off(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Say what goods returned took off in this period, by the month in which they had counted."""
    found = []
    for each in snapshot["coverage"].get("taken_off", ()):
        flow = say(each["flow"], locale)
        worth = money(-Decimal(each["value"]))
        zh = f"本期退货 {each['returns']:,} 单，冲减本期{flow} {worth} 元；所退货物原计入 {each['month']}，该月数字不变。"
        verb = "return of goods takes" if each["returns"] == 1 and laid_out_since(snapshot, 4) else "returns of goods take"
        en = (
            f"{each['returns']:,} {verb} CNY {worth} off this period's {flow.lower()}s; the goods had counted in "
            f"{each['month']}, whose figures stay as they are."
        )
        found.append(zh if locale == "zh" else en)
    return found


def _part(each: Mapping[str, Any], locale: Locale) -> str:
    zh, en = _ORIGINS[each["source"]]
    if locale == "zh":
        return f"{zh} {each['facts']:,} 项、{money(each['value'])} 元（{say(each['method'], 'zh')}）"
    return f"{en} {each['facts']:,}, CNY {money(each['value'])} ({say(each['method'], 'en')})"


def _facts(snapshot: Snapshot, standing: str) -> int:
    return sum(each["facts"] for each in snapshot["coverage"]["others"] if each["standing"] == standing)
