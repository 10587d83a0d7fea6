"""The month the demo's tests look at: one block of orders, which holds every story, and some days of January 2026."""

from collections import defaultdict
from datetime import UTC, datetime

from ccezone.demo.span import Span, span_of
from ccezone.demo.stories import BLOCK, Story, story_of
from ccezone.demo.telling import Bill, tell
from ccezone.demo.trading import Deal, deal

SEED = 7
NOW = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
SPAN: Span = span_of(None, NOW)


def numbers_of(story: Story, flow: str = "") -> list[int]:
    """The orders of the block that live this story."""
    return [at for at in range(BLOCK) if story_of(SEED, at)[1] == story and flow in ("", story_of(SEED, at)[0])]


def deal_of(story: Story, flow: str = "") -> Deal:
    """The first order of this story."""
    return deal(SEED, numbers_of(story, flow)[0], SPAN)


def told(story: Story, flow: str = "") -> dict[str, list[Bill]]:
    """The bills of the first order of this story, by message type."""
    bills: dict[str, list[Bill]] = defaultdict(list)
    for bill in tell(SEED, numbers_of(story, flow)[0], SPAN):
        bills[bill.message_type].append(bill)
    return bills
