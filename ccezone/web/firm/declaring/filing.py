"""Filing a form: its bills and its wish go the way of every bill and wish; the draft is closed in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort

from ccezone.declarations.service.drafts import close_draft
from ccezone.declarations.service.forming import file_form
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault
from ccezone.web.firm.declaring.documents import form_of
from ccezone.web.firm.declaring.opening import Opened, agent_named, whose
from ccezone.web.firm.declaring.watching import faults_of, of_list
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a form: the order it is filed as, or what is wrong with it."""

    order_key: int | None
    faults: Sequence[Fault] = ()


def file_draft(page: Opened, firm: EnterpriseView) -> Filed:
    """File a draft; nothing is filed when anything is wrong. Raises ``Stale`` when it was changed meanwhile."""
    surroundings = hub()
    table = surroundings.forms
    if table is None:
        abort(503)
    page = replace(page, typed={**page.typed, **agent_named(page.shape)})
    faults = of_list(page.shape, page.typed)
    if faults:
        return Filed(None, faults)
    with surroundings.database.begin() as uow:
        inside = replace(table, database=surroundings.database.joined(uow))
        filed = file_form(inside, firm, form_of(page.shape, page.typed), current_principal().actor)
        if filed.faults or filed.order_key is None:
            return Filed(None, faults_of(page.shape, filed.faults))
        close_draft(uow, whose(), page.row.id, page.row.version, filed.order_key, surroundings.clock)
    return Filed(filed.order_key)
