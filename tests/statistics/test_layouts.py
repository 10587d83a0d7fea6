"""A return frozen for an earlier layout is laid out as it was: what later layouts add or mend touches no file of it."""

import hashlib
import re
from pathlib import Path

import orjson
import pytest

from ccezone.printing.documents import Locale
from ccezone.printing.render import fill
from ccezone.printing.returns.document import values
from ccezone.statistics.rules.returns import canonical

_KEPT = Path(__file__).parent / "layouts" / "3.json"
_PICTURES = re.compile(r'src="data:[^"]*"')  # their bytes follow the tools that draw them


def laid_out(document: bytes, locale: Locale) -> str:
    """Return the digest of the page that a snapshot fills, without its pictures, whatever its white space."""
    page = fill("return.html", values(orjson.loads(document), hashlib.sha256(document).hexdigest(), locale))
    return hashlib.sha256(" ".join(_PICTURES.sub("", page).split()).encode()).hexdigest()


@pytest.mark.parametrize(
    ("locale", "as_it_was"),
    [
        ("zh", "ab3e8a80da06bc3529a1ad1bb8c2d75003abfb41fcc49f9c0c5d080185d205f5"),
        ("en", "20a73e1d29140f088a7f0362802276d53137f23500cca8aa64dffb5bc5ddce5d"),
    ],
)
def test_a_snapshot_of_layout_three_fills_the_page_that_layout_three_filled(locale: Locale, as_it_was: str) -> None:
    document = _KEPT.read_bytes()
    assert laid_out(document, locale) == as_it_was
    told = orjson.loads(document)
    assert laid_out(canonical(told | {"layout": "4"}), locale) != as_it_was


@pytest.mark.parametrize(
    "revised", [(), ({"period": "2026-10", "return": "TJ-000001", "column": "export", "was": "1.00", "now": "2.00"},)]
)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_tables_are_numbered_in_the_order_in_which_they_stand(locale: Locale, revised: tuple[dict[str, str], ...]) -> None:
    told = orjson.loads(_KEPT.read_bytes()) | {"layout": "4", "revisions": list(revised)}
    page = fill("return.html", values(told, "", locale))
    numbers = [int(number) for number in re.findall(r"<caption>(?:表|Table) ?(\d+)", page)]
    assert len(numbers) == 5 + len(revised)
    assert numbers == list(range(1, len(numbers) + 1))
