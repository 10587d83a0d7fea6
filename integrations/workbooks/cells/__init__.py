"""What one cell says: taken as it stands, mended where only one meaning is possible, spoiled where more than one is.

Spreadsheets turn numbers of orders into floating point, drop leading zeros, make dates of fractions. Each rule here has a
test that shows it mending, and one that shows it refusing.
"""

from integrations.workbooks.cells.column import Reader, reader
from integrations.workbooks.cells.outcome import Mended, Read, Spoiled, shown

__all__ = ["Mended", "Read", "Reader", "Spoiled", "reader", "shown"]
