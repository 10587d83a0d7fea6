"""An officer's word on whether an order is cross-border e-commerce, recorded over what the rules say, or withdrawn."""

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.matching.tables import OrderRecognition
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

LONGEST = 500
_KNOWN = "SELECT 1 FROM order_match WHERE order_key = %(key)s FOR SHARE"
_LAST = "SELECT recognised FROM order_recognition WHERE order_key = %(key)s ORDER BY id DESC LIMIT 1"


def override_recognition(
    uow: UnitOfWork, order_key: int, recognised: bool | None, reason: str, document: str, by: Principal, clock: Clock
) -> None:
    """Decide by hand, with a reason; ``None`` lets the rules decide again.

    Raises ``NotFound`` without such an order, ``Refused``: no reason, too long, or what holds already.
    """
    if not fetch(uow.connection, _KNOWN, {"key": order_key}):
        raise NotFound(Fault("", "not_found", {"value": str(order_key)}))
    faults = [Fault("/reason", "required")] if not reason.strip() else []
    if len(reason) > LONGEST:
        faults.append(Fault("/reason", "too_long", {"max": str(LONGEST), "actual": str(len(reason))}))
    last = fetch(uow.connection, _LAST, {"key": order_key})
    if (last[0][0] if last else None) is recognised:
        faults.append(Fault("/recognised", "recognition_same"))
    if faults:
        raise Refused(*faults)
    row = OrderRecognition(
        id=uuidv7(), order_key=order_key, recognised=recognised, reason=reason.strip(), document=document.strip(),
        at=clock.now(), actor=by.actor,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    decided = {True: "yes", False: "no", None: "rules"}[recognised]
    record(uow, by, "order.recognition", f"order:{order_key}", clock, {"decided": decided})
