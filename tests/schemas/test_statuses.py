"""Every state a list can be in has words in both languages."""

import pytest

from schemas.codes import code_list, rows
from schemas.codes.statuses import expected_step, reason_of, status_words

WITHOUT_PUBLISHED_MEANING = {"18", "23", "99"}
OWN = {"held", "incomplete", "ready", "queued", "sent"}


@pytest.mark.parametrize("state", sorted({*code_list("status_codes").codes, *OWN} - WITHOUT_PUBLISHED_MEANING))
def test_every_state_says_what_it_means_and_what_comes_next(state: str) -> None:
    words = status_words(state)
    for language in ("zh", "en"):
        assert words.label(language)
        assert words.meaning(language)
        assert words.next(language)
    assert words.actor in ("firm", "eport", "customs", "hub", "nobody")


def test_the_plain_words_are_marked_as_ours() -> None:
    assert {row["source"] for row in rows("status_plain_words")} == {"own wording of this product, not an official text"}


def test_every_negative_code_is_a_processing_error() -> None:
    assert status_words("-621003").tone == status_words("-1").tone == "bad"


def test_a_code_without_meaning_speaks_for_itself() -> None:
    assert status_words("777").label("zh") == "777"


def test_a_step_is_judged_by_the_document_it_belongs_to() -> None:
    assert expected_step("CEB621Message", "", 2) is not None
    assert expected_step("CEB603Message", "399", 400) is not None
    assert expected_step("CEB621Message", "399", 400) is None
    assert expected_step("CEB603Message", "120", 899) is None


def test_a_processing_error_has_its_published_text() -> None:
    reason = reason_of(-621003)
    assert reason is not None
    assert reason.text("zh").startswith("清单申报失败")
    assert reason_of(-1) is None
