"""The enterprises that the documents of one batch name, and whether these may stand where they stand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.ports import Values
from ccezone.bills.rules import SENDERS, BillKind, may_send
from ccezone.enterprises.queries import Directory, EnterpriseView
from ccezone.enterprises.queries.authorities import authorities_in_force
from ccezone.enterprises.rules.authority import AGENTS
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault

_MERCHANT = "merchant_code"


class Parties:
    """Looks each constellation of codes up once: the documents of a batch name few."""

    def __init__(self, known: Directory, sender: EnterpriseView, kind: BillKind, flow: str, owners: Collection[UUID] = ()) -> None:
        """``owners`` are the enterprises that authorised the sender to send such bills in their name."""
        self._known = known
        self._owners = owners
        self._sender = sender
        self._kind, self._flow = kind, flow
        self._fields = (*(name for name, _ in SENDERS[kind, flow]), _MERCHANT)
        self._needs_merchant = kind in (BillKind.ORDER, BillKind.LINK) or (kind == BillKind.PAYMENT and flow == "E")
        self._judged: dict[tuple[object, ...], Sequence[Fault]] = {}
        self._ids: dict[object, str | None] = {}
        self._canonical: dict[str, str] = {}

    def canonical(self, code: str) -> str:
        """Customs and credit codes of one enterprise are one enterprise."""
        own = self._canonical.get(code)
        if own is None:
            found = self._known.find(code)
            own = self._canonical[code] = found.uscc if found else code
        return own

    def is_sender(self, code: str) -> bool:
        """Say whether a code is the sender's own."""
        return bool(code) and self.canonical(code) == self._sender.uscc

    @property
    def entrusted(self) -> bool:
        """Whether the sender may send in other firms' names."""
        return bool(self._owners)

    def transmitter(self, values: Values) -> str:
        """Return the code in whose name a document travels on: the sender's, or that of the firm it sends for, as the
        document spells it, for customs compares letter by letter."""
        stated = [str(values.get(name) or "") for name, _role in SENDERS[self._kind, self._flow]]
        own = next((code for code in stated if self.is_sender(code)), "")
        return own or self._entrusting(values) or self._sender.uscc

    def merchant_id(self, values: Values) -> str | None:
        """Return the id of the merchant a document names, as text."""
        code = values.get(_MERCHANT)
        if code not in self._ids:
            merchant = self._known.find(str(code))
            self._ids[code] = str(merchant.id) if merchant else None
        return self._ids[code]

    def faults(self, values: Values) -> Sequence[Fault]:
        """Say what is wrong with a document's parties: a sender without the right, an unknown merchant."""
        stated = tuple(map(values.get, self._fields))
        faults = self._judged.get(stated)
        if faults is None:
            faults = self._judged[stated] = self._faults(values)
        return faults

    def _faults(self, values: Values) -> Sequence[Fault]:
        faults = []
        entitled = may_send(self._kind, self._flow, values, self._sender.roles, self.is_sender)
        if not entitled and not self._entrusting(values):
            faults.append(Fault("", "sender_not_entitled", {"sender": self._sender.name}))
        if self._needs_merchant:
            code = str(values.get(_MERCHANT) or "")
            merchant = self._known.find(code)
            if merchant is None or not merchant.active or "merchant" not in merchant.roles:
                faults.append(Fault("/merchant_code", "party_not_registered", {"code": code}))
        return faults

    def _entrusting(self, values: Values) -> str:
        """Return the code, as stated, of a firm that may send this document and lets the sender do it; else nothing."""
        for name, role in SENDERS[self._kind, self._flow] if self._owners else ():
            code = str(values.get(name) or "")
            found = self._known.find(code)
            if found is not None and found.id in self._owners and found.active and role in found.roles:
                return code
        return ""


def owners_of(connection: Connection, sender: EnterpriseView, flow: str, at: datetime) -> frozenset[UUID]:
    """Return the enterprises in whose name an agent may send bills of this flow at this moment."""
    if not sender.roles & AGENTS:
        return frozenset()
    held = authorities_in_force(connection, sender.id, at.astimezone(SHANGHAI).date())
    return frozenset(each.owner_id for each in held if "bills:write" in each.actions and flow in each.flows)
