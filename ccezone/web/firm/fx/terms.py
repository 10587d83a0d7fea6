"""The terms that orders' money is judged by today."""

from datetime import date

from ccezone.credit.queries import fx_standing
from ccezone.fx.queries.orders import Terms
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.web.hub import hub


def money_terms(connection: Connection, rules: ParameterBook, day: date) -> Terms:
    """Return when money is overdue, by the classes of the day."""
    return fx_standing.money_terms(connection, rules, day, hub().clock.now())
