"""While a document is made the garbage collector rests; afterwards it is as it was, and the document is gone."""

import gc
import weakref

import pytest

from ccezone.printing.resting import collector_at_rest


class Page:
    """Something that only the collector takes away."""

    def __init__(self) -> None:
        self.itself = self


def test_the_collector_rests_until_the_last_document_is_made() -> None:
    with collector_at_rest():
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_document_that_fails_does_not_leave_the_collector_off() -> None:
    with pytest.raises(ValueError, match="no page"), collector_at_rest():
        raise ValueError("no page")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_made_is_swept_away_at_once() -> None:
    with collector_at_rest():
        page = weakref.ref(Page())
        assert page() is not None
    assert page() is None
