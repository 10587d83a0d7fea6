"""What returns say: tables agree, every number in the PDF is the sum of the lists behind it, nothing changes once frozen."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ccezone.kernel.errors import Refused
from ccezone.printing.returns.document import render_return
from ccezone.printing.returns.universal import UA
from ccezone.printing.returns.workbook import return_workbook
from ccezone.statistics.queries import Goods, goods_rows
from ccezone.statistics.queries.returns import CRITERIA, files, return_by_id
from ccezone.statistics.rules.returns import digest
from ccezone.statistics.service import refresh_figures
from ccezone.statistics.service.returns import (
    FILES,
    approve_return,
    keep_signed,
    publish_return,
)
from ccezone.storage.copying import run
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.statistics.returned import FIRST, SECOND, compiled, frozen, order, render, told, traded
from tests.statistics.tagged import Tagged

pytestmark = pytest.mark.storage
_AMOUNT = re.compile(r"\d[\d,]*\.\d\d(?!\d)")


def behind(hub: Hub, by: str, key: str) -> list[tuple[Decimal, int]]:
    with hub.database.reading() as connection:
        rows = goods_rows(connection, Goods(date(2026, 1, 1), date(2026, 1, 31), by, key), limit=500)
    return [(row.cny or Decimal(0), row.id) for row in rows]


def test_tables_agree_and_every_amount_is_the_sum_of_the_lists_behind_it(hub: Hub) -> None:
    traded(hub)
    document = told(hub, compiled(hub))
    totals = {
        (table["total"]["cells"]["export"]["value"], table["total"]["cells"]["import"]["value"]) for table in document["tables"]
    }
    assert len(totals) == 1
    for table in document["tables"]:
        for row in table["rows"]:
            for flow, letter in (("export", "E"), ("import", "I")):
                if table["name"] in ("section", "origin"):
                    continue
                rows = behind(hub, CRITERIA[table["name"]], row["key"] + letter)
                assert Decimal(row["cells"][flow]["value"]) == sum(value for value, _id in rows), (table["name"], row["key"])
                assert row["cells"][flow]["lists"] == len(rows)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_amount_printed_is_a_sum_of_lists(hub: Hub, locale: str) -> None:
    traded(hub)
    document = frozen(hub, compiled(hub))
    pdf = render_return(document, "zh" if locale == "zh" else "en")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    printed = {Decimal(found.replace(",", "")) for page in pages for found in _AMOUNT.findall(page)}
    lists = behind(hub, "every", "")
    sums = {sum((value for value, _id in lists), Decimal(0))}
    by_flow = {flow: sum((value for value, _id in behind(hub, "flow", flow)), Decimal(0)) for flow in "EI"}
    sums |= {*by_flow.values(), by_flow["E"] - by_flow["I"], Decimal(0)}
    for criterion in CRITERIA.values():
        keys = {row for (row,) in hub.rows("SELECT DISTINCT key FROM list_total WHERE criterion = %(by)s", by=criterion)}
        sums |= {sum((value for value, _id in behind(hub, criterion, key)), Decimal(0)) for key in keys}
    average = (sum((value for value, _id in lists), Decimal(0)) / len(lists)).quantize(Decimal("0.01"))
    assert len(printed) > 5
    assert printed - {average} <= {value.quantize(Decimal("0.01")) for value in sums}
    assert not re.search(r"\{|\}|None(?!\.)|Undefined", "".join(pages))


def test_the_same_snapshot_gives_the_same_bytes_and_the_file_is_tagged_and_complete(hub: Hub) -> None:
    traded(hub)
    document = frozen(hub, compiled(hub))
    made = render_return(document, "en")
    assert made == render_return(document, "en")
    reader = PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"].startswith("en")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert metadata.count("<rdf:RDF") == 1
    assert f"<pdfaSchema:namespaceURI>{UA}</pdfaSchema:namespaceURI>" in metadata  # PDF/A asks that it is described
    accessible(Tagged(made))
    titles = [str(each.title) for each in reader.outline if not isinstance(each, list)]
    assert {"Contents", "Overview", "By customs procedure", "Notes"} <= set(titles)
    assert reader.attachments["snapshot.json"] == [document]
    pages: Any = reader.pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    described = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert described
    assert all("/FontFile" in "".join(each) for each in described)


def accessible(pdf: Tagged) -> None:
    """What PDF/UA asks and a program can tell: the title shows, figures and links speak, cells know their heads, no heading is
    left out."""
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert all(str(each["/Alt"]).strip() for each in pdf.elements("Figure"))
    links = [each.get_object() for page in pdf.reader.pages for each in page.get("/Annots", [])]
    assert links
    assert all(each["/Contents"] and "/StructParent" in each for each in links)
    assert all(page.get("/Tabs") == "/S" for page in pdf.reader.pages if "/Annots" in page)
    assert all(each["/A"]["/Headers"] for each in pdf.elements("TD"))
    assert len(list(pdf.elements("H1"))) == 1
    assert list(pdf.elements("H2"))


def test_the_workbook_holds_the_same_numbers(hub: Hub) -> None:
    traded(hub)
    return_id = compiled(hub)
    book = CalamineWorkbook.from_filelike(io.BytesIO(return_workbook(frozen(hub, return_id), "zh")))
    table = told(hub, return_id)["tables"][0]
    rows = book.get_sheet_by_name("按监管方式分").to_python()[3:]
    assert [row[1] for row in rows] == [float(row["cells"]["export"]["value"]) for row in (*table["rows"], table["total"])]


def test_what_is_frozen_cannot_be_changed(hub: Hub) -> None:
    return_id = compiled(hub)
    for table in ("return_snapshot", "return_step"):
        with pytest.raises(Exception, match="append-only"), hub.database.begin() as uow:
            run(uow.connection, f"DELETE FROM {table} WHERE return_id = %(id)s", {"id": return_id})  # noqa: S608  # our own names


def test_a_correction_supersedes_tells_what_changed_and_leaves_the_old_edition_as_it_is(hub: Hub) -> None:
    traded(hub)
    first = compiled(hub)
    before = frozen(hub, first)
    published(hub, first)
    late_export(hub)
    with pytest.raises(Refused) as refused:
        compiled(hub)
    assert refused.value.faults[0].code == "return_reason_needed"
    second = compiled(hub, order(reason="迟到的结关回执"))
    changed = told(hub, second)["revisions"]
    assert {each["column"] for each in changed} == {"export", "export_year"}
    published(hub, second)
    with hub.database.reading() as connection:
        states = [found.state if (found := return_by_id(connection, each)) else "" for each in (first, second)]
    assert states == ["superseded", "published"]
    assert frozen(hub, first) == before


def late_export(hub: Hub) -> None:
    """One more export completes after the return was published."""
    known = [row[0] for row in hub.rows("SELECT id FROM declaration_list")]
    hub.post(*export_bills(9))
    hub.merge()
    hub.dispatch()
    ((fresh,),) = hub.rows("SELECT id FROM declaration_list WHERE NOT id = ANY(%(known)s)", known=known)
    hub.clock.advance(minutes=7)
    hub.answer(fresh, 120, 399, 400, 800, 899)
    hub.clock.advance(minutes=7)
    refresh_figures(hub.database, hub.clock, "GZ")


def published(hub: Hub, return_id: UUID) -> None:
    """Let a return through all steps, with files that are not looked at here."""
    with hub.database.begin() as uow:
        for name in FILES:
            statement = """
                INSERT INTO return_file (return_id, name, stage, content, digest, made_at)
                VALUES (%(id)s, %(name)s, 'draft', ''::bytea, '', now())
            """
            run(uow.connection, statement, {"id": return_id, "name": name})
    for step in (approve, seal, publish):
        step(hub, return_id)


def approve(hub: Hub, return_id: UUID) -> None:
    with hub.database.begin() as uow:
        approve_return(uow, return_id, 1, SECOND, hub.clock)


def seal(hub: Hub, return_id: UUID) -> None:
    with hub.database.begin() as uow:
        keep_signed(uow, return_id, {"zh.pdf": b"sealed"}, "f" * 64, hub.clock)


def publish(hub: Hub, return_id: UUID) -> None:
    with hub.database.begin() as uow:
        publish_return(uow, return_id, 3, FIRST, hub.clock)


def test_files_are_kept_with_the_digest_that_rendering_again_arrives_at(hub: Hub) -> None:
    return_id = compiled(hub, order("weekly", "2026-W02"))
    render(hub)
    with hub.database.reading() as connection:
        kept = {each.name: each.digest for each in files(connection, return_id)}
    assert set(kept) == set(FILES)
    assert kept["en.pdf"] == digest(render_return(frozen(hub, return_id), "en"))
