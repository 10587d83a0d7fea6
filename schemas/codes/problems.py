"""The words of a fault: message and remedy, Chinese and English, from ``problems.csv``, the one place of such texts."""

from collections import defaultdict
from functools import cache

from ccezone.kernel.errors import Fault
from schemas.codes import Locale, Row, rows


@cache
def _texts() -> dict[str, Row]:
    return {row["code"]: row for row in rows("problems")}


def text(fault: Fault, locale: Locale = "zh") -> tuple[str, str]:
    """Return ``(message, remedy)`` of a fault; a code without a row speaks for itself, so nothing is ever hidden."""
    row = _texts().get(fault.code)
    if row is None:
        return fault.code, ""
    params: dict[str, str] = defaultdict(lambda: "…", fault.params)
    return row[f"message_{locale}"].format_map(params), row[f"remedy_{locale}"].format_map(params)
