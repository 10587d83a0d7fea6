"""What keeping master data needs from outside: products as rows of a table that people fill in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ccezone.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product as a sheet says it: its first row's number in the file, how many rows say so, values or what is wrong.

    ``values`` have the names and types of ``service.ProductEntry``; texts that were left blank are empty.
    """

    number: int
    rows: int
    values: Mapping[str, Any]
    faults: Sequence[Fault] = ()


class ProductSheet(Protocol):
    """An uploaded sheet of products, opened."""

    @property
    def rows(self) -> int:
        """Rows below the headings, blank ones counted in."""

    @property
    def blank(self) -> int:
        """Rows of these that hold no product: blank, totals, the template's example, headings once more."""

    def read(self) -> Iterator[ProductRow]:
        """Read the products, cells put right where one meaning is possible."""

    def result(self, refused: Mapping[int, Sequence[Fault]], counts: Mapping[str, int], locale: Literal["zh", "en"]) -> bytes:
        """Write the workbook that goes back: refused products by the number of their first row, with reasons and remedies."""


class ProductSheets(Protocol):
    """Reads uploaded sheets of products."""

    def open(self, content: bytes) -> ProductSheet:
        """Open an xlsx or csv file. Raises ``Refused``: unreadable, too large, headings unknown or mandatory ones missing."""
