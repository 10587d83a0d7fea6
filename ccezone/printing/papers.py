"""Printing documents under a code, and saying later whether what was printed still holds.

A document that has not changed since it was last printed keeps its code and its time, so that it has the same bytes again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from markupsafe import Markup

from ccezone.bills.ports import Deliveries
from ccezone.enterprises.queries import PaperView, paper
from ccezone.enterprises.queries.papers import live_paper
from ccezone.enterprises.service.papers import facts_digest, issue_paper
from ccezone.kernel.clock import Clock
from ccezone.printing.batches import compose_batch
from ccezone.printing.bills import compose_bill, compose_merge
from ccezone.printing.cases import compose_case
from ccezone.printing.documents import Composer, Document, Locale, Source
from ccezone.printing.general import compose_general
from ccezone.printing.income_tax import compose_income_tax
from ccezone.printing.inspections import compose_inspection
from ccezone.printing.lists import compose_list
from ccezone.printing.refunds import compose_refund
from ccezone.printing.render import VARIANT, fill, lay_out, qr
from ccezone.printing.words import moment, money, named, say
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.personal import PersonalVault
from schemas.codes.statuses import status_words

if TYPE_CHECKING:
    from weasyprint import Document as LaidOut

COMPOSERS: Mapping[str, Composer] = {
    "list": compose_list,
    "bill": compose_bill,
    "merge": compose_merge,
    "batch": compose_batch,
    "general": compose_general,
    "case": compose_case,
    "inspection": compose_inspection,
    "income_tax": compose_income_tax,
    "refund_claim": compose_refund,
}
"""Kinds of documents that can be printed, and what reads each by its subject."""
_OFFICE = "office"
_AMOUNTS = frozenset({"value", "income", "taxable_income", "income_tax_due", "claimed", "approved", "paid"})
_SPOKEN = frozenset({"flow", "refund_method", "kind", "verdict", "fileable", "removed", "standing"})
_PAGES: Mapping[Locale, tuple[str, str, str]] = {"zh": ("第 ", " 页，共 ", " 页"), "en": ("Page ", " of ", "")}


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands around every document: who issues it, the language, and where a code leads (``{code}`` in ``address``)."""

    issuer: str
    locale: Locale
    address: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Printed:
    """A document with its code, ready to be laid out."""

    document: Document
    code: str
    issued_at: datetime
    clear: bool


def prepare(
    uow: UnitOfWork, source: Source, kind: str, subject: str, by: str, clock: Clock, locale: Locale, *, clear: bool
) -> Printed | None:
    """Read a document as it stands and give it a code: the one it had when it was printed before, if it has not changed.

    ``None`` when there is none for this viewer. With ``clear`` it holds personal values: judge and record that before.
    """
    composed = COMPOSERS[kind](source, subject)
    if composed is None:
        return None
    viewed = f"{source.viewer or _OFFICE}:{subject}"
    sworn = composed.sworn
    before = live_paper(uow.connection, kind, viewed)
    if before is not None and before.digest == facts_digest(sworn):
        return Printed(composed.document(locale, clear), before.code, before.issued_at, clear)
    code = issue_paper(uow, kind, viewed, sworn, by, clock, source.viewer)
    issued = paper(uow.connection, code)
    return Printed(composed.document(locale, clear), code, issued.issued_at if issued else clock.now(), clear)


def present_facts(
    connection: Connection, vault: PersonalVault, deliveries: Deliveries, found: PaperView
) -> Mapping[str, str] | None:
    """Return what a paper would say if it were printed now; ``None`` when its document is no longer there."""
    _viewer, _colon, subject = found.subject.partition(":")
    composed = COMPOSERS[found.kind](Source(connection, vault, deliveries, found.enterprise_id), subject)
    return composed.sworn if composed else None


def fact_rows(then: Mapping[str, object], now: Mapping[str, str] | None, locale: Locale) -> list[tuple[str, str, str, bool]]:
    """Write facts as label, value then, value now, and whether they differ."""
    present = now or {}
    names = list(dict.fromkeys([*present, *then]))  # what was kept has lost its order
    return [
        (
            say(name, locale),
            _fact(name, str(then.get(name, "")), locale),
            _fact(name, present.get(name, ""), locale),
            then.get(name) != present.get(name),
        )
        for name in names
        if name != "content"
    ]


def _fact(name: str, value: str, locale: Locale) -> str:
    if name == "state":
        return f"{value} {status_words(value).label(locale)}" if value else ""
    if name == "trade_mode":
        return named(value, "supervision_modes", locale)
    if name == "case_kind":
        return named(value, "case_kinds", locale, bare=True)
    if name == "inspection_result":
        return named(value, "inspection_results", locale, bare=True)
    if name == "inspected":
        return say(f"inspect_{value}", locale)
    if name == "app_type":
        return named(value, "app_type", locale)
    if name == "refund_state":
        return say(f"refund_{value}", locale)
    if name in _AMOUNTS:
        amount, _space, currency = value.partition(" ")
        return money(Decimal(amount), currency, locale) if amount else ""
    return say(value, locale) if name in _SPOKEN and value else value


def to_pdf(printed: Printed, letter: Letter) -> bytes:
    """Return one document as PDF/UA; the same document under the same code gives the same bytes."""
    html = _html(printed, letter)
    return _written(lay_out(html), [html])


def pack(documents: Sequence[Printed], letter: Letter, reached: Callable[[int], None]) -> bytes:
    """Return several documents as one PDF, each counting its own pages; tell ``reached`` how many are laid out."""
    pages, texts, first = [], [], None
    for number, printed in enumerate(documents, 1):
        html = _html(printed, letter)
        laid_out = lay_out(html)
        first = first or laid_out
        pages += laid_out.pages
        texts.append(html)
        reached(number)
    if first is None:
        raise ValueError("nothing to print")
    return _written(first.copy(pages), texts)


def _written(laid_out: "LaidOut", texts: Sequence[str]) -> bytes:
    identifier = hashlib.sha256("\0".join(texts).encode()).digest()[:16]
    made: bytes = laid_out.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
    return made


def _html(printed: Printed, letter: Letter) -> str:
    locale, address = letter.locale, letter.address(printed.code)
    values = {
        "lang": "zh-CN" if locale == "zh" else "en",
        "document": printed.document,
        "issuer": letter.issuer,
        "code": printed.code,
        "address": address,
        "how": say("verify_how", locale, address=address, at=moment(printed.issued_at)),
        "privacy": say("clear" if printed.clear else "masked", locale),
        "page_words": _page_words(locale),
        "say": lambda name: say(name, locale),
        "css": _css,
        "qr": qr,
    }
    return fill("document.html", values)


def _page_words(locale: Locale) -> Markup:
    before, between, after = (_css(text) for text in _PAGES[locale])
    return Markup(f"{before} counter(page) {between} counter(pages) {after}")  # noqa: S704  # escaped by _css


def _css(text: str) -> Markup:
    """Spell a text as a CSS string that nothing can break out of."""
    plain = "".join(letter if letter.isalnum() else f"\\{ord(letter):x} " for letter in text)
    return Markup(f'"{plain}"')  # noqa: S704  # letters, digits and escapes only
