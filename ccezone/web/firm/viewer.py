"""Who looks at pages that firms and the office share: an enterprise sees its own rows, the office all."""

from uuid import UUID

from flask import abort

from ccezone.accounts.rules import Permission, Role
from ccezone.enterprises.queries import EnterpriseView, enterprise
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal


def viewer() -> UUID | None:
    """Return the enterprise whose rows may be seen, ``None`` for the office; 403 for a firm's user without a firm."""
    principal = current_principal()
    return current_enterprise_id() if principal.role == Role.FIRM else None


def sender() -> EnterpriseView:
    """Return the enterprise that sends bills here. 403 without the right; raises ``Refused`` while it is suspended."""
    if not current_principal().may(Permission.BILLS_WRITE):
        abort(403)
    with hub().database.reading() as connection:
        found = enterprise(connection, current_enterprise_id())
    if found is None:
        abort(403)
    if not found.active:
        raise Refused(Fault("", "party_not_registered", {"code": found.uscc}))
    return found


def acting_agent() -> EnterpriseView | None:
    """Return the agent whose person works for another firm just now; documents name it as their declarant."""
    home = current_principal().home_id
    if home is None:
        return None
    with hub().database.reading() as connection:
        return enterprise(connection, home)
