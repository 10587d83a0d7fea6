"""The notes of a return: what it covers, by which method, how good it is, what was revised; facts of the snapshot in words."""

from collections.abc import Sequence
from decimal import Decimal

from ccezone.printing.documents import Locale
from ccezone.printing.returns.coverage import beyond_lists, made_by
from ccezone.printing.returns.words import Snapshot, counting, money, say
from schemas.codes import code_list

_BASES = {"completion": ("结关", "completed"), "release": ("放行", "released")}


def coverage(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Say what counts, since when, and up to when changes are in the figures."""
    known = snapshot["coverage"]
    at = 0 if locale == "zh" else 1
    export, imported = (_BASES[known["basis"][flow]][at] for flow in ("export", "import"))
    told = (
        f"本报表统计在本平台申报的跨境电子商务零售清单：出口按{export}日计入，进口按{imported}日计入（海关回执时间，北京时间）。",
        f"This return counts retail lists declared through this platform: exports on the day they were {export}, imports on the "
        f"day they were {imported}, by customs' receipts, in Beijing time.",
    )
    left_out = (
        "不含未经本平台申报的报关单、邮件和快件。",
        "General declarations, mail and express that did not pass through the platform are not included.",
    )
    found = [told[at], *(beyond_lists(snapshot, locale) if "others" in known else [left_out[at]])]
    if known["as_of"]:
        moment = known["as_of"][:19].replace("T", " ")
        found.append((f"数据截至 {moment}。", f"Changes up to {moment} are in the figures.")[at])
    if snapshot["open"]:
        found.append(("编制时报告期尚未结束，为期内已发生数。", "The period was not over: these are its figures so far.")[at])
    return found


def method(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Say how it is counted and compared."""
    zh = [
        "出口按离岸价、进口按到岸价计，按计入当月的海关汇率折算为人民币；每张清单只计一次。各表为同一批清单的不同分组，合计一致。",
        "数据由清单逐级汇总取得，未使用模型推算或抽样。节点、园区按企业最近所属归集，商品按清单第一项商品归类。",
    ]
    en = [
        "Exports are worth their FOB and imports their CIF value, in yuan at customs' rate of the month they count in; each list "
        "counts once. All tables lay out the same lists: their totals are equal.",
        "Figures are added up from lists; nothing is modelled or sampled. A list counts for the node and park its merchant last "
        "belonged to, and under the heading of its first line of goods.",
    ]
    if counting(snapshot):
        zh[1], en[1] = made_by(snapshot)
    if snapshot["coverage"]["base_known"]:
        zh.append("同比基期为上年同期数，与本期数在同一时点、按同一口径汇总，不与其他口径混用。")
        en.append("Growth compares with the same days of the year before, counted at the same moment by the same rules.")
    else:
        zh.append("平台没有完整的上年同期数据，不计算同比，以“—”表示。")
        en.append("The platform has no complete figures of the year before: growth is not computed and shown as a dash.")
    return zh if locale == "zh" else en


def quality(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Say what is missing, and how the parts were checked."""
    at = 0 if locale == "zh" else 1
    found = [
        (
            "编制时逐表核对：各行之和等于合计，各表合计相等。",
            "Checked when compiled: rows add up to their total, and the totals of all tables agree.",
        )[at]
    ]
    for each in snapshot["coverage"]["unpriced"]:
        currency = code_list("currencies").label(each["currency"], locale)
        zh = f"另有 {each['lists']:,} 份清单计 {money(each['value'])} {currency}，当月海关汇率未知，只计份数，未计入金额。"
        en = f"{each['lists']:,} lists worth {money(each['value'])} {currency} have no known rate: their worth is left out."
        found.append((zh, en)[at])
    for each in snapshot["coverage"].get("unpriced_others", ()):
        currency = code_list("currencies").label(each["currency"], locale)
        zh = f"其他来源另有 {each['parcels']:,} 件计 {money(each['value'])} {currency}，当月海关汇率未知，未计入金额。"
        en = f"{each['parcels']:,} parcels of other sources worth {money(each['value'])} {currency} have no known rate."
        found.append((zh, en)[at])
    return found


def revisions(snapshot: Snapshot, locale: Locale) -> Sequence[tuple[str, ...]]:
    """Return what differs from what was published: period, return, column, as told, now."""
    return [
        (each["period"], each["return"], say(each["column"], locale), money(Decimal(each["was"])), money(Decimal(each["now"])))
        for each in snapshot["revisions"]
    ]
