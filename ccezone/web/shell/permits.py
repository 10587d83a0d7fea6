"""Which permission the pages of a firm need, by group of pages: reading, and writing (every request but GET).

Whoever adds a group of pages for firms adds a line. What stands in no line is open to everybody of the firm, and closed to
agents who act for it.
"""

from collections.abc import Mapping

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.enterprises.rules.authority import MODES

Needs = tuple[Permission | None, Permission | None]

PERMITS: Mapping[str, Needs] = {
    "bills": (Permission.BILLS_READ, Permission.BILLS_WRITE),
    "batches": (Permission.BILLS_READ, Permission.BILLS_WRITE),
    "workbooks": (Permission.BILLS_WRITE, Permission.BILLS_WRITE),
    "matches": (Permission.BILLS_READ, Permission.BILLS_WRITE),
    "trace": (Permission.BILLS_READ, Permission.BILLS_READ),
    "declarations": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "declaring": (Permission.DECLARATIONS_WRITE, Permission.DECLARATIONS_WRITE),
    "general": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "summaries": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "goods_returns": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "clawbacks": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "prerefunds": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "special_area": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "vouchers": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "refund_claims": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "exemption": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "refund_packs": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_READ),
    "goods_ledger": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "fx": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "papers": (None, Permission.DECLARATIONS_READ),
    "products": (Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE),
    "product_sheets": (Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE),
    "defaults": (Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE),
    "parties": (Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE),
    "credentials": (Permission.CREDENTIALS_WRITE, Permission.CREDENTIALS_WRITE),
    "webhooks": (Permission.WEBHOOKS_WRITE, Permission.WEBHOOKS_WRITE),
    "figures": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_READ),
    "own_explorer": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_READ),
    "reports": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "report_sheets": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE),
    "own_cases": (Permission.BILLS_READ, Permission.BILLS_WRITE),
    "jobs": (None, None),
    "registration": (None, Permission.REGISTRATION_WRITE),
    "own_inspections": (Permission.DECLARATIONS_READ, Permission.DECLARATIONS_READ),
    "my_credit": (None, Permission.REGISTRATION_WRITE),
    "pledges": (None, Permission.STAFF_WRITE),
    "consents": (None, Permission.STAFF_WRITE),
    "staff": (Permission.STAFF_WRITE, Permission.STAFF_WRITE),
    "authorities": (None, Permission.STAFF_WRITE),
}
READING_POSTS = frozenset(
    {
        *("batches.raw", "declarations.raw", "declarations.download", "authorities.act"),
        *("batches.paper", "bills.paper", "declarations.paper", "matches.paper", "general.paper", "own_inspections.paper"),
        "exemption.paper",
    }
)
"""Requests that change nothing of the firm's, though they are no GET."""
OPEN_WHEN_ACTING = frozenset(
    {
        "home",
        "profile",
        "sign_in",
        "reveal",
        "guide",
        "developer",
        "standard",
        "tariff",
        "verify",
        "credit",
        "draws",
        "statistics",
        "register",
        "health",
        "status",
        "centre",
        "choices",
        "calculators",
    }
)
"""Pages about oneself and public ones: they show nothing of the firm one acts for beyond what is permitted there."""
WHOLE_SCOPE = frozenset(
    {
        *("workbooks", "figures", "own_cases", "own_inspections", "trace", "goods_ledger", "refund_claims", "exemption"),
        *("refund_packs", "fx", "summaries", "goods_returns", "clawbacks", "prerefunds", "reports", "report_sheets"),
        *("special_area", "vouchers", "own_explorer"),
    }
)
"""Pages that take or show both flows and all modes at once: an agent needs an authority that does too."""
WHOLE_ZONE = frozenset(
    {
        *(
            "credit_persons",
            "receipts",
            "mail",
            "evidence_import",
            "refund_claims.parked",
            "reconciliation",
            "returns",
            "supplements",
            "provider_credentials",
            "return_indicators",
        ),
        *("exchange_rates.blank", "exchange_rates.enter", "nodes.blank", "nodes.add", "nodes.edit", "nodes.change"),
        *("parameters.blank", "parameters.propose", "parameters.decide", "parameters.show"),
        *(f"risk_rules.{page}" for page in ("blank", "draft", "edit", "change", "trial", "publish", "stop", "drop")),
        *(f"inspection_plans.{page}" for page in ("blank", "create", "drop", "fix", "take")),
        *(f"inspectors.{page}" for page in ("blank", "add", "edit", "change")),
        *(f"upstream.{page}" for page in ("blank", "publish", "end", "withdraw")),
        *("evidence_sources.add", "evidence_sources.end", "reporting_orders.order", "reporting_orders.end"),
    }
)
"""Groups of pages, and pages, about the zone as a whole: rules, registers, what nobody can attribute to a firm. Somebody of a
node does not open them; what firms have to do with is narrowed to the node's firms instead (``storage.reach``)."""
_EVERY_FLOW = frozenset({"E", "I"})


def about_the_firm(endpoint: str) -> bool:
    """Say whether a page works for the firm one acts for, rather than for oneself or everybody."""
    return endpoint.split(".")[0] not in OPEN_WHEN_ACTING and endpoint != "authorities.act"


def permitted(principal: Principal, endpoint: str, *, reading: bool) -> bool:
    """Say whether a firm's person may do this; the office is judged by role, and its nodes' people by ``WHOLE_ZONE``."""
    if principal.role != Role.FIRM:
        return not principal.node or WHOLE_ZONE.isdisjoint((endpoint, endpoint.split(".")[0]))
    if not about_the_firm(endpoint):
        return True
    blueprint = endpoint.split(".")[0]
    needs = PERMITS.get(blueprint)
    if principal.scope is not None:
        whole = principal.scope.flows >= _EVERY_FLOW and principal.scope.modes >= frozenset(MODES)
        if needs is None or needs[0] is None or (blueprint in WHOLE_SCOPE and not whole):
            return False
    needed = None if needs is None else needs[0 if reading or endpoint in READING_POSTS else 1]
    return needed is None or principal.may(needed)
