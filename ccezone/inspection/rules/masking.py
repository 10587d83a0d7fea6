"""How objects of a draw are named in public: firms by name where everybody may see name and grade, lists never whole."""

from collections.abc import Collection


def firm_label(name: str, uscc: str, fields: Collection[str]) -> str:
    """Name a firm; ``fields`` are those of a credit record that everybody sees."""
    return f"{name} {uscc}" if {"identity", "grade"} <= set(fields) else f"{uscc[:2]}************{uscc[-4:]}"


def list_label(number: str) -> str:
    """Name a list by the end of its number: whose it is tells of trade, which is not for everybody."""
    return f"****{number[-4:]}"
