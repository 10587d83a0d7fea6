"""An exception case on paper: for the office alone, in both languages, with a code that tells when it has moved on."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from ccezone.cases.queries import search_cases
from ccezone.cases.service import By, close_case
from ccezone.printing.documents import Locale, Source
from ccezone.printing.papers import Letter, Printed, prepare, to_pdf
from tests.declarations.filing import filed
from tests.hub.harness import Hub
from tests.printing.test_general import differences

pytestmark = pytest.mark.storage


def contradiction(hub: Hub) -> UUID:
    """A case about a list that customs first released and then cancelled."""
    filed(hub, 120, 800, 430)
    with hub.database.reading() as connection:
        (found,) = search_cases(connection)
    return found.id


def printed(hub: Hub, number: UUID, by: str | None = None, locale: Locale = "zh") -> Printed | None:
    """The case as somebody prints it; ``None``: the office."""
    with hub.database.begin() as uow:
        source = Source(uow.connection, hub.vault, hub.deliveries, hub.party(by).id if by else None)
        return prepare(uow, source, "case", str(number), "user:x", hub.clock, locale, clear=False)


@pytest.mark.parametrize(("locale", "words"), [("zh", ("海关回执相互矛盾", "待处理")), ("en", ("Contradictoryreceipts", "Open"))])
def test_it_prints_what_happened_to_which_document(hub: Hub, locale: Locale, words: tuple[str, ...]) -> None:
    one = printed(hub, contradiction(hub), locale=locale)
    assert one is not None
    laid = to_pdf(one, Letter("综试区", locale, lambda code: f"http://hub.example/verify/{code}"))
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(laid)).pages).split())
    for expected in (hub.only_list().order_no, hub.only_list().waybill_no, one.code, *words):
        assert expected in text, expected


def test_only_the_office_prints_it(hub: Hub) -> None:
    assert printed(hub, contradiction(hub), "furniture") is None


def test_the_paper_says_when_the_case_was_closed_since(hub: Hub) -> None:
    number = contradiction(hub)
    one = printed(hub, number)
    assert one is not None
    assert differences(hub, one) == []
    with hub.database.begin() as uow:
        close_case(uow, number, By("user:x", "X"), "explained", "已核实", hub.clock.now())
    assert differences(hub, one) == ["Standing", "Closed at"]
    again = printed(hub, number)
    assert again is not None
    assert again.code != one.code
