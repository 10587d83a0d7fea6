"""Use cases of consents: a bank asks or a firm grants, the firm answers and withdraws, a bank looks and decides."""

from ccezone.consents.service.agreeing import answer_consent, ask_consent, grant_consent, withdraw_consent
from ccezone.consents.service.deciding import Decision, decide
from ccezone.consents.service.looking import Look, look, note_competent_look
from ccezone.consents.service.news import ConsentMoved, DecisionMade

__all__ = [
    "ConsentMoved",
    "Decision",
    "DecisionMade",
    "Look",
    "answer_consent",
    "ask_consent",
    "decide",
    "grant_consent",
    "look",
    "note_competent_look",
    "withdraw_consent",
]
