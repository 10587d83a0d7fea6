"""In which states customs' systems allow cancelling and changing: every state, both acts."""

import pytest

from ccezone.declarations.rules.windows import may_cancel, may_change, may_file_anew

_OWN, _EARLY = ("held", "incomplete", "ready", "queued", "sent"), ("1", "2", "3", "4", "120", "300", "399", "400")
_LATE = ("430", "500", "501", "502", "503", "505", "599", "600", "700", "800", "899", "100", "-621012")
EVERY = (*_OWN, *_EARLY, *_LATE)


@pytest.mark.parametrize("state", EVERY)
def test_what_customs_holds_unreleased_and_not_under_inspection_may_be_cancelled(state: str) -> None:
    assert may_cancel(state, "40172026E000000001", pending=False).allowed == (state in ("120", "300", "399", "400"))


@pytest.mark.parametrize("state", EVERY)
def test_what_is_rejected_or_not_yet_reviewed_may_be_changed(state: str) -> None:
    assert may_change(state, pending=False).allowed == (state in ("2", "3", "4", "120", "100", "-621012"))


def test_without_a_number_and_while_an_application_is_on_its_way_there_is_no_cancelling() -> None:
    assert may_cancel("120", None, pending=False).reason == "declaration_has_no_number"
    assert may_cancel("120", "4", pending=True).reason == "cancellation_pending"
    assert may_change("120", pending=True).reason == "cancellation_pending"


@pytest.mark.parametrize("state", EVERY)
def test_in_place_of_a_cancelled_list_alone_a_fresh_one_may_be_filed_once(state: str) -> None:
    assert may_file_anew(state, replaced=False).allowed == (state == "430")
    assert not may_file_anew(state, replaced=True).allowed
