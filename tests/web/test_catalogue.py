"""No interface text is without English, and the compiled catalogue is the written one."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from ccezone.web.catalogue import FOLDER, ROOT, extracted, stored, untranslated
from schemas.codes import rows

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MARKED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BY_LANGUAGE = ("help_zh.html",)
_SWITCH = 'lang="zh-CN"'


def test_every_text_of_the_sources_has_english() -> None:
    english = {str(message.id): message.string for message in stored()}
    missing = [str(message.id) for message in extracted() if message.id and not english.get(str(message.id))]
    assert missing == [], "run: python -m ccezone.web.catalogue, and fill in what it prints"


def test_english_is_complete_and_holds_no_chinese_beyond_quoted_values() -> None:
    catalog = stored()
    assert list(untranslated(catalog)) == []
    assert [str(m.string) for m in catalog if _CHINESE.search(str(m.string).replace("无", ""))] == []


def test_placeholders_survive_translation() -> None:
    found = re.compile(r"%\(\w+\)[sd]")
    for message in stored():
        assert sorted(found.findall(str(message.id))) == sorted(found.findall(str(message.string)))


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = BytesIO()
    write_mo(compiled, stored())
    assert (FOLDER / "messages.mo").read_bytes() == compiled.getvalue(), "run: python -m ccezone.web.catalogue"


@pytest.mark.parametrize("page", sorted((ROOT / "templates").rglob("*.html")), ids=lambda page: page.name)
def test_no_template_holds_chinese_that_is_not_marked_for_translation(page: Path) -> None:
    if page.name in _BY_LANGUAGE:
        return
    lines = _MARKED.sub("", page.read_text(encoding="utf-8")).splitlines()
    assert [line.strip() for line in lines if _CHINESE.search(line) and _SWITCH not in line] == []


def test_every_problem_has_both_languages() -> None:
    for row in rows("problems"):
        assert all(row[column] for column in ("message_zh", "message_en", "remedy_zh", "remedy_en")), row["code"]


def test_problem_codes_are_unique() -> None:
    codes = [row["code"] for row in rows("problems")]
    assert sorted(set(codes)) == sorted(codes)
