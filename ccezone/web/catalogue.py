"""The English catalogue of interface text: ``python -m ccezone.web.catalogue`` brings it up to the sources and compiles it.

Source strings are Chinese; English stands in ``translations/en/LC_MESSAGES/messages.po``. Prints what still lacks English.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent
FOLDER = ROOT / "translations" / "en" / "LC_MESSAGES"
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # the same texts compile to the same bytes
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return every interface text of the site's sources."""
    catalog = Catalog(locale="en", project="ccezone", charset="utf-8")
    options = {"**.html": {"trimmed": "true", "extensions": "jinja2.ext.i18n", "silent": "false"}}
    found = extract_from_dir(ROOT, _METHODS, options, keywords=_KEYWORDS, strip_comment_tags=True)
    for _place, _line, message, _comments, _context in found:
        catalog.add(message)
    return catalog


def stored() -> Catalog:
    """Return the catalogue as it is kept."""
    with (FOLDER / "messages.po").open("rb") as source:
        catalog = read_po(source, locale="en")
    catalog.creation_date = catalog.revision_date = _NO_DATE
    return catalog


def untranslated(catalog: Catalog) -> Iterator[str]:
    """Return the texts without English."""
    return (str(message.id) for message in catalog if message.id and (not message.string or message.fuzzy))


def update() -> list[str]:
    """Bring the catalogue up to the sources, keep what is translated, compile; return what lacks English."""
    catalog = stored()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = _NO_DATE
    with (FOLDER / "messages.po").open("wb") as target:
        write_po(target, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    with (FOLDER / "messages.mo").open("wb") as target:
        write_mo(target, catalog)
    return list(untranslated(catalog))


if __name__ == "__main__":
    missing = update()
    sys.stdout.writelines(f"{text}\n" for text in missing)
    sys.exit(1 if missing else 0)
