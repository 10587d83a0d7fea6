"""An inspection order on paper: in both languages, for the office and its firm, with a code that tells when it has a result."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from ccezone.printing.documents import Locale, Source
from ccezone.printing.papers import Letter, Printed, prepare, to_pdf
from tests.hub.harness import Hub
from tests.inspection.test_orders import concluded, opened, signed
from tests.printing.test_general import differences

pytestmark = pytest.mark.storage


def printed(hub: Hub, number: UUID, by: str | None = None, locale: Locale = "zh") -> Printed | None:
    """The order as somebody prints it; ``None``: the office."""
    with hub.database.begin() as uow:
        source = Source(uow.connection, hub.vault, hub.deliveries, hub.party(by).id if by else None)
        return prepare(uow, source, "inspection", str(number), "user:x", hub.clock, locale, clear=False)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", ("联合查验单", "市场监管", "标签标识")),
        ("en", ("JointInspectionOrder", "Marketsupervision", "Faultylabels")),
    ],
)
def test_it_prints_who_found_what(hub: Hub, locale: Locale, words: tuple[str, ...]) -> None:
    number = opened(hub, hub.party("furniture").uscc, ["customs", "market_supervision"], "firm")
    signed(hub, number, "market_supervision", "fail", ["label_faulty"])
    one = printed(hub, number, locale=locale)
    assert one is not None
    laid = to_pdf(one, Letter("综试区", locale, lambda code: f"http://hub.example/verify/{code}"))
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(laid)).pages).split())
    assert all(word in text for word in (*words, "CY-000001"))


def test_its_firm_prints_it_and_nobody_else(hub: Hub) -> None:
    number = opened(hub, hub.party("furniture").uscc, kind="firm")
    assert printed(hub, number, "furniture") is not None
    assert printed(hub, number, "textiles") is None


def test_a_code_tells_that_there_is_a_result_now(hub: Hub) -> None:
    number = opened(hub, hub.party("furniture").uscc, kind="firm")
    one = printed(hub, number)
    assert one is not None
    signed(hub, number, "customs")
    concluded(hub, number, "pass")
    assert {"Result", "Closed at"} <= set(differences(hub, one))
