"""How legal sources are cited: tables keep them in English, Chinese pages cite a document as it cites itself."""

import re

from ccezone.web.shell.i18n import Language

_ISSUERS = {"GACC": "海关总署", "MOF": "财政部", "STA": "税务总局"}
_NAMED = "|".join(_ISSUERS)
_CITED = (
    (re.compile(r"Caishui (\d{4}) No\. ?(\d+)"), r"财税〔\1〕\2号"),
    (re.compile(r"Huifa (\d{4}) No\. ?(\d+)"), r"汇发〔\1〕\2号"),
    (re.compile(r"Caiguanshui (\d{4}) No\. ?(\d+)"), r"财关税〔\1〕\2号"),
    (re.compile(r" ?Announcement (?=\d{4} No)"), "公告"),
    (re.compile(r"(\d{4}) No\. ?(\d+)"), r"\1年第\2号"),
    (re.compile(r" specification and error (?=-\d)"), "规范，错误代码 "),
    (re.compile(r" errors? (?=-\d)"), "错误代码 "),
    (re.compile(r"^goods-trade FX rules$"), "货物贸易外汇管理规定"),
    (re.compile(r"^zone decision$"), "本区自定"),
    (re.compile(r"^zone plans$"), "综试区实施方案"),
    (re.compile(r" ?\(timing unverified\)"), "（时限未核实）"),
    (re.compile(r" ?\(exact states unverified\)"), "（具体状态未核实）"),
    (re.compile(r"; "), "；"),
)


def cited(source: str, language: Language) -> str:
    """Write a source in the reader's language; what is no known form of citation stays as it is."""
    if language == "en":
        return source
    named = re.sub(rf"\b({_NAMED})(/(?:{_NAMED}))*(?= Announcement)", _issuers, source)
    for form, chinese in _CITED:
        named = form.sub(chinese, named)
    return named


def _issuers(found: re.Match[str]) -> str:
    return " ".join(_ISSUERS[each] for each in found[0].split("/"))
