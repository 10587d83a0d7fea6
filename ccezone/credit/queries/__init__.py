"""Read models of credit."""

from ccezone.credit.queries.listings import (
    ListingView,
    StepView,
    count_due,
    count_states,
    listing,
    listings_in_force,
    listings_of,
    search_listings,
    steps_taken,
)
from ccezone.credit.queries.records import (
    CreditRecord,
    EvidenceView,
    FirmCredit,
    LookupView,
    TreatmentView,
    count_standings,
    credit_record,
    evidence_of,
    lookups_of,
    search_firms,
    treatments_of,
)
from ccezone.credit.queries.scores import Recomputed, StoredScore, latest_scores, recomputed, scores_of
from ccezone.credit.queries.terms import CreditTerms, credit_terms, published_weights

__all__ = [
    "CreditRecord",
    "CreditTerms",
    "EvidenceView",
    "FirmCredit",
    "ListingView",
    "LookupView",
    "Recomputed",
    "StepView",
    "StoredScore",
    "TreatmentView",
    "count_due",
    "count_standings",
    "count_states",
    "credit_record",
    "credit_terms",
    "evidence_of",
    "latest_scores",
    "listing",
    "listings_in_force",
    "listings_of",
    "lookups_of",
    "published_weights",
    "recomputed",
    "scores_of",
    "search_firms",
    "search_listings",
    "steps_taken",
    "treatments_of",
]
