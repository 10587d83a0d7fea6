"""A return as PDF/A-3a: cover, contents, text, tables, charts, notes; the snapshot it is drawn from travels in it as a file.

Whoever holds the file can take the snapshot out, render it again, and compare every byte before the signature.
"""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from ccezone.printing.documents import Locale
from ccezone.printing.render import fill, qr
from ccezone.printing.returns import notes
from ccezone.printing.returns.charts import Chart, charts
from ccezone.printing.returns.coverage import taken_off
from ccezone.printing.returns.long_tables import with_sheets
from ccezone.printing.returns.printed import Cell, Line, Printed
from ccezone.printing.returns.text import overview
from ccezone.printing.returns.universal import universal
from ccezone.printing.returns.words import TABLES, Snapshot, grown, laid_out_since, money, number, period_words, say, sources
from ccezone.printing.ruled.drawing import drawn

VARIANT = "pdf/a-3a"
ATTACHED = "snapshot.json"
MOST_ROWS = {"enterprise": 20}


def render_return(document: bytes, locale: Locale) -> bytes:
    """Return a snapshot as PDF/A-3a, unsigned: the same snapshot gives the same bytes."""
    from weasyprint import HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    snapshot: Snapshot = orjson.loads(document)
    moment = datetime.fromisoformat(snapshot["compiled_at"])
    attached = Attachment(
        string=document, name=ATTACHED, description="Snapshot", created=moment, modified=moment, relationship="Source"
    )
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    filled = values(snapshot, hashlib.sha256(document).hexdigest(), locale)
    html = HTML(string=fill("return.html", filled), url_fetcher=fetcher)
    identifier = hashlib.sha256(locale.encode() + document).digest()[:16]
    laid_out = html.render(pdf_variant=VARIANT, font_config=FontConfiguration())
    laid_out.metadata = universal(laid_out.metadata)
    laid_out.metadata.attachments = [attached]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves the file of its colour profile to the collector
        finisher = drawn([sheet for table in filled["tables"] for sheet in table.sheets])
        made: bytes = laid_out.write_pdf(finisher=finisher, pdf_variant=VARIANT, pdf_identifier=identifier)
    return made


def values(snapshot: Snapshot, digest: str, locale: Locale) -> Mapping[str, Any]:
    """Return what the template is filled with."""
    period = period_words(snapshot, locale)
    held = {each["name"] for each in snapshot["tables"]}
    names = [name for name in TABLES[snapshot["kind"]] if name in held]
    tables = [
        with_sheets(_table(snapshot, name, number_of, period, locale), say("growth", locale))
        for number_of, name in enumerate(names, 2)
    ]
    revised, mended = notes.revisions(snapshot, locale), laid_out_since(snapshot, 4)
    following = len(tables) + 2
    return {
        "lang": "zh-CN" if locale == "zh" else "en",
        "locale": locale,
        "say": lambda name, **filled: say(name, locale, **filled),
        "issuer": snapshot["zone"][locale],
        "title": say(snapshot["kind"], locale),
        "period": period[:1].upper() + period[1:],
        "snapshot": snapshot,
        "stamp": snapshot["compiled_at"][:19].replace("T", " "),
        "digest": digest,
        "qr": qr,
        "paragraphs": overview(snapshot, locale),
        "indicators": _indicators(snapshot, locale),
        "tables": tables,
        "charts": _charts(snapshot, locale),
        "notes": notes,
        "definitions": snapshot["definitions"],
        "revisions_table": following if mended else following + 1,
        "definitions_table": following + bool(revised) if mended else following,
        "revisions": revised,
        "taken_off": taken_off(snapshot, locale),
        "mended": mended,
    }


def _charts(snapshot: Snapshot, locale: Locale) -> Sequence[Chart]:
    return charts(snapshot, locale)


def _indicators(snapshot: Snapshot, locale: Locale) -> Sequence[tuple[str, str, str, str]]:
    known = {row["key"]: row for row in snapshot["definitions"]}
    return [
        (
            known[each["key"]][f"label_{locale}"],
            known[each["key"]][f"unit_{locale}"],
            number(each["value"]),
            grown(each["growth"]),
        )
        for each in snapshot["indicators"]
    ]


def _table(snapshot: Snapshot, name: str, position: int, period: str, locale: Locale) -> Printed:
    found: Mapping[str, Any] = next(each for each in snapshot["tables"] if each["name"] == name)
    columns: Sequence[str] = found["columns"]
    most = MOST_ROWS.get(name, len(found["rows"]))
    caption = (
        f"{say('table', locale, n=position)}{say(name, locale)}"
        f"（{say('unit_yuan', locale)}；{say('period', locale)}：{period}；{say('source', locale)}：{sources(snapshot, locale)}）"
    )
    if locale == "en":
        caption = (
            f"{say('table', locale, n=position)}{say(name, locale)} ({say('unit_yuan', locale)}; "
            f"{say('period', locale).lower()}: {period}; {say('source', locale).lower()}: {sources(snapshot, locale)})"
        )
    rows = found["rows"][:most]
    return Printed(
        name,
        caption,
        say(f"row_{name}", locale),
        [say(column, locale) for column in columns],
        [_line(row[locale], row, columns) for row in rows],
        _line(say("total", locale), found["total"], columns),
        any(row["cells"][column]["growth"] is not None for row in (*rows, found["total"]) for column in columns),
        _left_out(found["rows"][most:], columns, locale),
    )


def _left_out(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], locale: Locale) -> str:
    """Say what rows beyond the most that are printed come to, so that the table still adds up."""
    if not rows:
        return ""
    sums = [money(sum((Decimal(row["cells"][column]["value"]) for row in rows), Decimal(0))) for column in columns]
    if locale == "zh":
        told = "，".join(f"{say(c, 'zh')} {s} 元" for c, s in zip(columns, sums, strict=True))
        return f"其余 {len(rows)} 家合计：{told}。"
    told = ", ".join(f"{say(c, 'en').lower()} CNY {s}" for c, s in zip(columns, sums, strict=True))
    return f"The other {len(rows)} together: {told}."


def _line(label: str, row: Mapping[str, Any], columns: Sequence[str]) -> Line:
    cells = [row["cells"][column] for column in columns]
    return Line(label, [Cell(money(cell["value"]), grown(cell["growth"])) for cell in cells])
