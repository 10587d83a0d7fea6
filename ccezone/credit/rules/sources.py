"""Agencies that state evidence through a connection of their own: what each source may speak of, and the term of its word."""

from collections.abc import Collection
from datetime import date

from ccezone.credit.rules.scoring import SOURCES, Factor, Source
from ccezone.kernel.errors import Fault

AGENCIES = (Source.CUSTOMS, Source.TAX, Source.FX, Source.MARKET)
"""Sources an agency may be authorised for; raters are registered as such, and the platform speaks for itself."""


def source_faults(source: str, document: str, valid_from: date, valid_to: date | None) -> list[Fault]:
    """Judge an authorisation: a known source, the document it rests on, days in order."""
    faults = []
    if source not in {each.value for each in AGENCIES}:
        faults.append(Fault("/source", "credit_source_unknown", {"value": source}))
    if not document.strip():
        faults.append(Fault("/document", "required"))
    if valid_to is not None and valid_to < valid_from:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults


def may_state(sources: Collection[str], factor: str) -> bool:
    """Say whether whoever is authorised for these sources may state evidence of a factor."""
    return factor in {each.value for each in Factor} and SOURCES[Factor(factor)] in sources
