"""Which way goods go: three plain questions, and the supervision mode that follows from the answers, with its law."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.declarations.rules.modes import MODE
from ccezone.web.firm.declaring import words

QUESTIONS: Mapping[str, tuple[LazyString, Mapping[str, LazyString]]] = {
    "flow": (_l("货物往哪里去？"), {"E": _l("从境内到境外（出口）"), "I": _l("从境外到境内（进口）")}),
    "buyer": (
        _l("卖给谁？"),
        {"person": _l("个人消费者"), "company": _l("企业买家"), "warehouse": _l("还没有卖出，先运到仓库备货")},
    ),
    "place": (
        _l("货物现在在哪里？"),
        {"zone": _l("综合保税区等海关特殊监管区域内"), "elsewhere": _l("其他地方（境内仓库、工厂，或境外）")},
    ),
}
_EXPORTS = {"company": ("9710", "E"), "warehouse": ("9810", "E")}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mode, or none when the goods go by general declaration; why, and by which law."""

    mode: tuple[str, str] | None
    reason: LazyString
    source: str


def propose(flow: str, buyer: str, place: str) -> Proposal | None:
    """Propose a mode; ``None`` until all three questions are answered."""
    said = {"flow": flow, "buyer": buyer, "place": place}
    if any(answer not in QUESTIONS[name][1] for name, answer in said.items()):
        return None
    if flow == "I" and buyer != "person":
        return Proposal(None, _l("零售进口清单只适用于境内个人消费者；其他进口按一般货物报关。"), "Caiguanshui 2016 No.18")
    mode = _EXPORTS.get(buyer) if flow == "E" else None
    mode = mode or ("1210" if place == "zone" else "9610", flow)
    return Proposal(mode, words.MODE_NOTES[mode], MODE[mode].source)
