"""HTML to PDF/UA by WeasyPrint: Chinese fonts, no network, and equal bytes for equal input.

WeasyPrint is imported by the first page that is laid out: it takes a fifth of a process's start, and few processes print.

A paper's template is HTML under ``templates``, bilingual in itself; it extends ``paper.html``. Nothing in it may be
fetched: pictures are data addresses (``qr``), fonts are the system's.
"""

import base64
import io
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from weasyprint import HTML, Document

VARIANT = "pdf/ua-1"


def render(template: str, values: Mapping[str, object], identifier: bytes) -> bytes:
    """Return a paper as PDF. ``identifier`` (16 bytes or more) names its content: the same input gives the same bytes."""
    return pdf(fill(template, values), identifier)


def fill(template: str, values: Mapping[str, object]) -> str:
    """Return a template filled in, as HTML."""
    return _environment().get_template(template).render(values)


def lay_out(html: str) -> "Document":
    """Return HTML laid out on pages. Raises ``ValueError`` for a page that wants to fetch something."""
    from weasyprint.text.fonts import FontConfiguration

    return _source(html).render(pdf_variant=VARIANT, font_config=FontConfiguration())


def pdf(html: str, identifier: bytes) -> bytes:
    """Return HTML as PDF. Raises ``ValueError`` for a page that wants to fetch something."""
    from weasyprint.text.fonts import FontConfiguration

    made: bytes = _source(html).write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier[:16], font_config=FontConfiguration())
    return made


def _source(html: str) -> "HTML":
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",), fail_on_errors=True))


def qr(text: str) -> Markup:
    """Return a QR code of a text as a picture's address."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=4, border=2, xmldecl=False, svgns=True, nl=False)
    return Markup("data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode())  # noqa: S704  # base64 is safe


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("ccezone.printing"), autoescape=True, undefined=StrictUndefined)
    environment.globals["qr"] = qr
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment
