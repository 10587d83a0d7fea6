"""Labels in both languages, as metadata of a marshmallow field."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the published interface description, in Chinese and English."""

    zh: str
    en: str


def labelled(zh: str, en: str, **more: object) -> dict[str, object]:
    """Return a field's metadata: its label and, with ``help`` (``Words``) or ``examples``, what else a reader wants to know."""
    return {"label_zh": zh, "label_en": en, **more}
