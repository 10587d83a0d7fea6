"""The terms that orders' money is judged by today."""

from datetime import date

from ccezone.credit.queries.fx_standing import class_a_firms
from ccezone.fx.queries.orders import Terms
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.web.hub import hub


def money_terms(connection: Connection, rules: ParameterBook, day: date) -> Terms:
    """Return when money is overdue, by the classes of the day."""
    tolerance = rules.decimal("fx.match_tolerance", day)
    days = (rules.integer("fx.collection_days.A", day), rules.integer("fx.collection_days.BC", day))
    return Terms(tolerance, *days, class_a_firms(connection, day, hub().clock.now()), day)
