"""What a list's state means: the official label, our own plain words, and whether customs' documents expect the step.

Official labels are ``status_codes.csv``, expected steps ``status_transitions.csv`` (edition 202205, each with its
confidence); the plain words are this product's own and say so in ``status_plain_words.csv``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.codes import Locale, Row, code_list, rows

NEGATIVE = "<0"
NOTHING_YET = "(none)"


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A state in words. ``actor`` must move next: firm, eport, customs, hub or nobody; ``tone`` colours it."""

    state: str
    labels: tuple[str, str]
    meanings: tuple[str, str]
    nexts: tuple[str, str]
    actor: str
    tone: str

    def label(self, locale: Locale) -> str:
        return self.labels[locale == "en"]

    def meaning(self, locale: Locale) -> str:
        return self.meanings[locale == "en"]

    def next(self, locale: Locale) -> str:
        return self.nexts[locale == "en"]


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that public documents or systems show. ``confidence`` says how well it is known."""

    trigger: str
    confidence: str
    source: str


@cache
def _words() -> Mapping[str, Row]:
    return {row["code"]: row for row in rows("status_plain_words")}


def status_words(state: str) -> StatusWords:
    """Return the words of a state: an official code as text, or one of the hub's own (``held`` … ``sent``).

    A code nobody has published a meaning for speaks for itself.
    """
    row = _words().get(NEGATIVE if _negative(state) else state)
    official = code_list("status_codes").codes.get(NEGATIVE if _negative(state) else state)
    if row is None:
        labels = (official.label_zh, official.label_en) if official else (state, state)
        return StatusWords(state, labels, ("", ""), ("", ""), "nobody", "neutral")
    labels = (row["label_zh"], row["label_en"]) if row["label_zh"] or official is None else (official.label_zh, official.label_en)
    meanings, nexts = (row["what_zh"], row["what_en"]), (row["next_zh"], row["next_en"])
    return StatusWords(state, labels, meanings, nexts, row["actor"], row["tone"])


@dataclass(frozen=True, slots=True)
class Reason:
    """The published text of a processing error; ``*`` stands for what the receipt fills in."""

    code: str
    text_zh: str
    text_en: str
    source: str
    edition: str

    def text(self, locale: Locale) -> str:
        return self.text_zh if locale == "zh" else self.text_en or self.text_zh


def reason_of(code: int) -> Reason | None:
    """Return the published text of a negative code (``rejection_reasons.csv``), if there is one."""
    return _reasons().get(str(code))


@cache
def _reasons() -> Mapping[str, Reason]:
    return {
        row["code"]: Reason(row["code"], row["text_zh"], row["label_en"], row["source"], row["edition"])
        for row in rows("rejection_reasons")
        if _negative(row["code"])
    }


def expected_step(message_type: str, former: str, code: int) -> Transition | None:
    """Return how a document comes from ``former`` (empty: from nothing) to ``code``; ``None``: nobody has published such a step.

    ``message_type`` is the message that declared it (``CEB621Message``).
    """
    step = (former or NOTHING_YET, NEGATIVE if code < 0 else str(code))
    return _transitions().get((message_type[:6], *step)) or _transitions().get(("any", *step))


@cache
def _transitions() -> Mapping[tuple[str, str, str], Transition]:
    found = {}
    for row in rows("status_transitions"):
        found[row["document"], row["from"], row["to"]] = Transition(row["trigger"], row["confidence"], row["source"])
    return found


def _negative(state: str) -> bool:
    return state.startswith("-") and state[1:].isdigit()
