"""What foreign exchange asks of a firm: its class by the evidence of the day, and what it is registered as."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.queries.scores import evidence_by_enterprise
from ccezone.credit.rules.scoring import Factor, in_force
from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role
from ccezone.fx.queries.orders import Terms
from ccezone.fx.rules.reports import DueTerms, ReportTerms
from ccezone.fx.rules.routing import Firm
from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.rules import ParameterBook


def fx_firm(connection: Connection, enterprise_id: UUID, day: date, now: datetime) -> Firm:
    """Return what decides where a firm's receipts go. A firm inside a special customs area is one registered as bonded."""
    party = directory(connection).by_id.get(enterprise_id)
    roles = party.roles if party else frozenset[str]()
    pieces = evidence_by_enterprise(connection, [enterprise_id]).get(enterprise_id, ())
    classes = [piece.value for piece in in_force(pieces, day, now).get(Factor.FX_CLASS, ())]
    return Firm(
        max(classes, default=""),  # the worst of them, should two issuers disagree
        individual=Role.TRADER in roles,
        service=Role.FOREIGN_TRADE_SERVICE in roles,
        special_area=Role.BONDED in roles,
    )


def class_a_firms(connection: Connection, day: date, now: datetime) -> frozenset[UUID]:
    """Return the enterprises of class A."""
    found = evidence_by_enterprise(connection, None)
    return frozenset(
        number
        for number, pieces in found.items()
        if {piece.value for piece in in_force(pieces, day, now).get(Factor.FX_CLASS, ())} == {"A"}
    )


def money_terms(connection: Connection, book: ParameterBook, day: date, now: datetime) -> Terms:
    """Return when orders' money is overdue, by the classes of the day."""
    tolerance = book.decimal("fx.match_tolerance", day)
    days = (book.integer("fx.collection_days.A", day), book.integer("fx.collection_days.BC", day))
    return Terms(tolerance, *days, class_a_firms(connection, day, now), day)


def report_terms(connection: Connection, book: ParameterBook, day: date, now: datetime) -> ReportTerms:
    """Return when trade credit is to be reported, by the classes of the day."""
    return ReportTerms(
        day,
        book.integer("fx.advance_report_days", day),
        book.integer("fx.collection_days.A", day),
        book.integer("fx.collection_days.BC", day),
        book.integer("fx.credit_report_days", day),
        book.integer("fx.report_remind_days", day),
        class_a_firms(connection, day, now),
    )


def due_terms(connection: Connection, book: ParameterBook, now: datetime) -> DueTerms:
    """Return by what firms are reminded."""
    day = now.astimezone(SHANGHAI).date()
    declared_in = book.integer("fx.declaration_working_days", day)
    return DueTerms(report_terms(connection, book, day, now), book.decimal("fx.match_tolerance", day), declared_in)
