"""How people write the numbers of orders and plans."""


def spelled(number: int) -> str:
    """Write the number of an order: ``CY-000012``."""
    return f"CY-{number:06d}"


def plan_spelled(number: int) -> str:
    """Write the number of a plan: ``SJ-0003``."""
    return f"SJ-{number:04d}"


def read_number(text: str) -> int | None:
    """Read either, or the bare number; ``None`` when it is none."""
    digits = text.strip().upper().removeprefix("CY-").removeprefix("SJ-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None
