"""``GET /api/v1/sandbox``: outcomes that a firm can try by the order number it gives, while the single window is a simulation.

Orders whose number fits a pattern travel the normal way to the end: the mock customs answers their lists as asked. In production
there is no mock, so nothing of this holds.
"""

from collections.abc import Mapping, Sequence

from ccezone.api.operations import Resource
from ccezone.api.problems import locale
from ccezone.api.services import Caller, services
from schemas.codes import rows
from schemas.rest.reference import Sandbox
from schemas.rest.words import Words

RESOURCE = Resource("试运行", "Sandbox")


@RESOURCE.get(
    "/sandbox",
    "getSandbox",
    Words("可以试的结果", "Outcomes to try"),
    details=Words(
        "订单编号符合式样时，模拟海关按所列结果答复其清单；正式环境没有此项。",
        "Where an order number fits a pattern, the simulated customs answers its lists as listed; there is no such thing in "
        "production.",
    ),
    answer=Sandbox,
)
def get_sandbox(_by: Caller) -> dict[str, object]:
    """Whether the sandbox is on, and what can be tried."""
    on = services().sandbox
    return {"on": on, "outcomes": outcomes() if on else []}


def outcomes() -> Sequence[Mapping[str, object]]:
    """Return what order numbers can ask for."""
    return [
        {
            "pattern": row["pattern"],
            "example": row["example"],
            "outcome": row[f"label_{locale()}"],
            "codes": row["codes"].split(),
        }
        for row in rows("sandbox_outcomes")
    ]
