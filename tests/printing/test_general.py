"""The record of a general declaration on paper: what was recorded, in both languages, to its merchant and the office only."""

import io
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from ccezone.declarations.service import amend_general, remove_general
from ccezone.enterprises.queries import paper
from ccezone.printing.documents import Locale, Source
from ccezone.printing.papers import Letter, Printed, fact_rows, prepare, present_facts, to_pdf
from tests.declarations.test_general import ENTRY, record
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def printed(hub: Hub, number: UUID, by: str | None = "furniture", locale: Locale = "zh") -> Printed | None:
    """The record as somebody prints it; ``None``: the office."""
    viewer = hub.party(by).id if by else None
    with hub.database.begin() as uow:
        source = Source(uow.connection, hub.vault, hub.deliveries, viewer)
        return prepare(uow, source, "general", str(number), "user:x", hub.clock, locale, clear=False)


def text(one: Printed, locale: Locale) -> str:
    """What stands on its pages, without the blanks of line breaks."""
    laid = to_pdf(one, Letter("综试区", locale, lambda code: f"http://hub.example/verify/{code}"))
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(laid)).pages).split())


def differences(hub: Hub, one: Printed) -> list[str]:
    """What the verification page says has changed since."""
    with hub.database.reading() as connection:
        found = paper(connection, one.code)
        assert found is not None
        now = present_facts(connection, hub.vault, hub.deliveries, found)
    return [label for label, _then, _now, differs in fact_rows(found.facts, now, "en") if differs]


@pytest.mark.parametrize(("locale", "words"), [("zh", ("木椅", "美国", "出口")), ("en", ("木椅", "UnitedStates", "Export"))])
def test_it_prints_what_was_recorded_in_both_languages(hub: Hub, locale: Locale, words: tuple[str, ...]) -> None:
    one = printed(hub, record(hub), locale=locale)
    assert one is not None
    shown = text(one, locale)
    for expected in (ENTRY.declaration_no, "9403609990", "60,000", "2026-01-04", "B-1", one.code, *words):
        assert expected in shown, expected


def test_only_its_merchant_and_the_office_print_it(hub: Hub) -> None:
    number = record(hub)
    assert [printed(hub, number, by) is not None for by in ("furniture", None, "oranges")] == [True, True, False]
    assert printed(hub, uuid4()) is None


def test_the_code_stays_until_the_record_changes_and_the_old_paper_then_says_so(hub: Hub) -> None:
    number = record(hub)
    first, again = printed(hub, number), printed(hub, number, locale="en")
    assert first is not None
    assert again is not None
    assert (again.code, again.issued_at) == (first.code, first.issued_at)
    assert differences(hub, first) == []
    merchant = hub.party("furniture").id
    amend_general(hub.database, hub.clock, merchant, number, replace(ENTRY, declared_on=ENTRY.declared_on.replace(day=3)), 1, "x")
    amended = printed(hub, number)
    assert amended is not None
    assert amended.code != first.code
    assert differences(hub, first) == ["Declared on", "Version"]
    remove_general(hub.database, hub.clock, merchant, number, 2, "x")
    assert "Record removed" in differences(hub, amended)
