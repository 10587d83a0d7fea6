"""Use cases of credit: record evidence, judge days, treat, list and repair, look up."""

from ccezone.credit.service.agencies import authorise_source, end_source
from ccezone.credit.service.evidence import (
    Inspected,
    Reported,
    Statement,
    inspected,
    reported,
    state,
    stated_already,
    statement_faults,
    take_back,
)
from ccezone.credit.service.judging import keep_credit, redraw, rejudge
from ccezone.credit.service.listings import Proposal, end_expired, open_listing, take_step
from ccezone.credit.service.looking import Look, look_up, note_look
from ccezone.credit.service.news import ListingMoved, StandingChanged
from ccezone.credit.service.treating import send_treatments

__all__ = [
    "Inspected",
    "ListingMoved",
    "Look",
    "Proposal",
    "Reported",
    "StandingChanged",
    "Statement",
    "authorise_source",
    "end_expired",
    "end_source",
    "inspected",
    "keep_credit",
    "look_up",
    "note_look",
    "open_listing",
    "redraw",
    "rejudge",
    "reported",
    "send_treatments",
    "state",
    "stated_already",
    "statement_faults",
    "take_back",
    "take_step",
]
