"""The dated parameters of registration, as one value: what the zone asks for, and how long things take."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ccezone.enterprises.rules import Role
from ccezone.parameters.queries import book


@dataclass(frozen=True, slots=True)
class RegistrationTerms:
    """Terms in force on a day. ``licences`` are those each role must hold; ``place_prefix`` empty: any place will do."""

    decide_working_days: int
    file_most_mb: int
    draft_days: int
    remind_days: tuple[int, ...]
    expired_licence_blocks: bool
    place_prefix: str
    licences: Mapping[str, tuple[str, ...]]

    def required(self, roles: Collection[str]) -> frozenset[str]:
        """Return the licences that somebody with these roles must hold."""
        return frozenset(kind for role in roles for kind in self.licences.get(role, ()))


def registration_terms(connection: Connection, zone: str, day: date) -> RegistrationTerms:
    """Return the terms in force."""
    known = book(connection, zone)
    return RegistrationTerms(
        known.integer("registration.decide_working_days", day),
        known.integer("registration.file_most_mb", day),
        known.integer("registration.draft_days", day),
        tuple(sorted((int(days) for days in known.texts("registration.remind_days", day)), reverse=True)),
        known.flag("registration.expired_licence_blocks", day),
        known.text("registration.place_prefix", day),
        {role.value: known.texts(f"registration.licences.{role}", day) for role in Role},
    )
