"""A bank's statement of a day: one definition, three formats (text after SWIFT MT940, CSV, JSON), each read and written here.

MT940 is followed in its field tags; what stands inside field 86 is ours, as it is every bank's own.
"""

from schemas.statements.definition import FORMATS, Entry, Statement
from schemas.statements.reading import read_statement
from schemas.statements.settlement import SettledOrder, read_settlement
from schemas.statements.writing import write_statement

__all__ = ["FORMATS", "Entry", "SettledOrder", "Statement", "read_settlement", "read_statement", "write_statement"]
