"""The cross-check rules in words: official formula and source (``cross_check_rules.csv``), our wording (``rule_texts.csv``).

Where a rule comes from and how sure it is are kept in English; ``citation_words.csv`` has them in Chinese.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.codes import Locale, Row, rows


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule. ``stage``: where the hub holds it.

    ``merge``: compared when bills meet; ``gate``: which bills must be there, by dated parameter; ``built``: holds because
    lists are made from bills; ``list``: checked before filing; ``off``: left to customs.
    """

    id: str
    stage: str
    text_zh: str
    text_en: str
    remedy_zh: str
    remedy_en: str
    formula: str
    confidence: str
    source: str
    edition: str

    def text(self, locale: Locale) -> str:
        return self.text_zh if locale == "zh" else self.text_en

    def remedy(self, locale: Locale) -> str:
        return self.remedy_zh if locale == "zh" else self.remedy_en

    def cited(self, locale: Locale) -> str:
        """Return where the rule is stated, and the edition."""
        if locale == "en":
            return f"{self.source} {self.edition}"
        words = _citation_words()
        return f"{'；'.join(words[part] for part in self.source.split('; '))} {words.get(self.edition, self.edition)}"

    def certainty(self, locale: Locale) -> str:
        """Return how well the rule is known; empty for the hub's own."""
        return self.confidence if locale == "en" or not self.confidence else _citation_words()[self.confidence]


@cache
def rule_texts() -> Mapping[str, RuleText]:
    """Return all rules by id, import first."""
    official = {row["rule"]: row for row in rows("cross_check_rules")}
    return {row["rule"]: _rule(row, official.get(row["rule"])) for row in rows("rule_texts")}


@cache
def _citation_words() -> Mapping[str, str]:
    return {row["text_en"]: row["text_zh"] for row in rows("citation_words")}


def _rule(row: Row, official: Row | None) -> RuleText:
    formula = f"{official['left']} — {official['comparison']} — {official['right']}" if official else ""
    known = official or {"confidence": "", "source": row["source"], "edition": row["edition"]}
    return RuleText(
        row["rule"], row["stage"], row["text_zh"], row["text_en"], row["remedy_zh"], row["remedy_en"],
        formula, known["confidence"], known["source"], known["edition"],
    )  # fmt: skip
