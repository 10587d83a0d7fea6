"""Opening a draft: whose it is, what stands in it, and saving what was typed without running over anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from flask import abort, request

from ccezone.accounts.rules import Permission
from ccezone.declarations.queries.drafts import DraftRow, draft
from ccezone.declarations.service.drafts import Whose, save_draft
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Stale
from ccezone.web.firm.declaring.shape import Shape, shape_of
from ccezone.web.firm.declaring.typed import Typed, known
from ccezone.web.firm.viewer import acting_agent, sender
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.forms import posted_version


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft, its questions, and what stands in it as it is kept."""

    row: DraftRow
    shape: Shape
    typed: Mapping[str, str]
    deleted: bool

    @property
    def filed(self) -> bool:
        return self.row.filed_key is not None


class Diverged(Exception):
    """Somebody saved another version of the draft since this one was opened: what is kept now, what was typed here."""

    def __init__(self, kept: Opened, mine: Typed, base: Mapping[str, str]) -> None:
        super().__init__("two people changed one draft")
        self.kept, self.mine, self.base = kept, mine, base


def whose() -> Whose:
    """Return for whom this person keeps drafts. 403 without the right to declare."""
    principal = current_principal()
    if not principal.may(Permission.DECLARATIONS_WRITE):
        abort(403)
    return Whose(current_enterprise_id(), principal.name or principal.login)


def declarant() -> EnterpriseView:
    """Return the enterprise for which is declared. 403 without the rights; raises ``Refused`` while it is suspended."""
    whose()
    return sender()


def agent_named(shape: Shape) -> Typed:
    """Return the agent who fills the form in for another firm, as the form names its declarant; nothing at home."""
    agent = acting_agent()
    if agent is None:
        return {}
    named = {"agent_code": agent.customs_code or agent.uscc, "agent_name": agent.name}
    return {asked.name: named[asked.attribute] for asked in shape.part("list") if asked.attribute in named}


def opened(draft_id: UUID) -> Opened:
    """Return a draft or template of this person's enterprise; 404 for any other."""
    owner = whose()
    with hub().database.reading() as connection:
        found = draft(connection, hub().vault, owner.enterprise_id, draft_id)
    if found is None or not reaches(current_principal(), found.row.flow, found.row.trade_mode):
        abort(404)
    return Opened(found.row, shape_of(found.row.trade_mode, found.row.flow), found.typed, found.deleted)


def posted(page: Opened) -> Typed:
    """Return what was typed, as far as the form asks it."""
    return known(page.shape, request.form.to_dict())


def save(page: Opened, typed: Typed) -> Opened:
    """Keep what was typed; return the draft as it is kept then. Raises ``Diverged``, ``NotFound``, ``Refused``.

    What comes a second time, as after an answer that was lost, differs from nobody.
    """
    try:
        with hub().database.begin() as uow:
            save_draft(uow, hub().vault, whose(), page.row.id, posted_version(), typed, hub().clock)
    except Stale:
        stands = opened(page.row.id)
        if stands.typed == typed:
            return stands
        raise Diverged(stands, typed, stated("base")) from None
    return opened(page.row.id)


def spelled_base(typed: Mapping[str, str]) -> str:
    """Spell what a form started from: sent back with it, so that both sides' changes can be told apart."""
    return orjson.dumps(dict(typed), option=orjson.OPT_SORT_KEYS).decode()


def stated(name: str) -> Typed:
    """Read a mapping of texts that a page sent along; nothing when it makes no sense."""
    try:
        found = orjson.loads(request.form.get(name, "{}"))
    except orjson.JSONDecodeError:
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def changed(first: Mapping[str, str], second: Mapping[str, str]) -> Sequence[str]:
    """Return the fields in which two forms differ, in order."""
    return [name for name in dict.fromkeys((*first, *second)) if first.get(name, "") != second.get(name, "")]
