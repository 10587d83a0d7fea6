"""Legal sources are cited in the reader's language, the same everywhere."""

import re

import pytest

from ccezone.declarations.rules.modes import MODES
from ccezone.declarations.rules.windows import CANCEL_SOURCE, UNREVIEWED_SOURCE
from ccezone.web.firm.declaring.words import HELP
from ccezone.web.shell.laws import cited

SHOWN = {
    *(mode.source for mode in MODES),
    *(each.source for by_flow in HELP.values() for each in by_flow.values()),
    *(CANCEL_SOURCE, UNREVIEWED_SOURCE),
}


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        ("GACC Announcement 2018 No.194", "海关总署公告2018年第194号"),
        ("Caiguanshui 2016 No.18; GACC Announcement 2018 No.194", "财关税〔2016〕18号；海关总署公告2018年第194号"),
        ("MOF/GACC/STA Announcement 2023 No.4", "财政部 海关总署 税务总局公告2023年第4号"),
        ("CEB603, 202205", "CEB603, 202205"),
        (CANCEL_SOURCE, "CEB623规范，错误代码 -623005（时限未核实）"),
    ],
)
def test_a_source_is_cited_in_chinese_as_it_cites_itself_and_in_english_as_it_is_kept(source: str, chinese: str) -> None:
    assert cited(source, "zh") == chinese
    assert cited(source, "en") == source


@pytest.mark.parametrize("source", sorted(SHOWN))
def test_no_source_of_a_page_keeps_english_words_in_chinese(source: str) -> None:
    words = re.findall(r"[A-Za-z]{2,}", cited(source, "zh"))
    assert [word for word in words if word not in ("CEB", "statisticsFlag")] == []
