"""Official words: receipt texts and codes from ``schemas/codes``, with their blanks filled."""

import re
from functools import cache

from schemas.codes import rows

_BLANK = re.compile(r"\*")
_CUSTOMS_WORDS = ("1800", "2600", "1200")  # the logic check passed, released, waiting for manual review


@cache
def reason(code: int | str) -> str:
    """Return the published text of a rejection code; a code inside a published range has the range's text.

    Raises ``LookupError`` when nothing is published about it.
    """
    wanted = str(code)
    for row in rows("rejection_reasons"):
        if row["code"] == wanted:
            return row["text_zh"]
    for row in rows("rejection_reasons"):
        low, dots, high = row["code"].partition("..")
        if dots and row["category"] == "eport_business" and int(low) <= int(wanted) <= int(high):
            return row["text_zh"]
    raise LookupError(wanted)


def filled(text: str, *values: str) -> str:
    """Put values in place of the stars of a published text; stars left over become dots."""
    waiting = iter(values)
    return _BLANK.sub(lambda _: next(waiting, "…"), text)


@cache
def status_text(code: int) -> str:
    """Return what customs says with a status: its logged words where some are published, the status name otherwise."""
    for row in rows("rejection_reasons"):
        if row["category"] == "customs_logic" and row["code"] in _CUSTOMS_WORDS and row["return_status"] == str(code):
            return row["text_zh"]
    return next(row["label_zh"] for row in rows("status_codes") if row["code"] == str(code))


@cache
def rule_text(rule: str) -> str:
    """Return a cross-check in words: both sides and how they compare."""
    row = next(row for row in rows("cross_check_rules") if row["rule"] == rule)
    return f"[{rule}]{row['left']} 与 {row['right']} 不符({row['comparison']})"
