"""Which declaration defaults a list cannot do without (CEB603 and CEB621 field tables, edition 202205)."""

from collections.abc import Mapping

from ccezone.enterprises.rules.parties import Flow, TradeMode
from ccezone.kernel.errors import Fault

_ALWAYS = ("customs_code", "port_code", "agent_code", "agent_name", "transport_mode")
_BONDED = ("bonded_enterprise_code", "bonded_enterprise_name", "ems_no")
NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (TradeMode.DIRECT, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type"),
    (TradeMode.BONDED, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type", *_BONDED),
    (TradeMode.BETWEEN_FIRMS, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type"),
    (TradeMode.WAREHOUSE, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type"),
    (TradeMode.DIRECT, Flow.IMPORT): (*_ALWAYS, "assure_code", "country", "transport_name", "voyage_no", "bill_no"),
    (TradeMode.BONDED, Flow.IMPORT): (*_ALWAYS, "assure_code", "country", *_BONDED),
}
"""Defaults that a list of this mode and flow cannot do without (CEB603 and CEB621 field tables, edition 202205)."""


def defaults_faults(values: Mapping[str, str]) -> list[Fault]:
    """Judge declaration defaults: mode and flow known, and every default that they need given."""
    needed = NEEDED.get((values["trade_mode"], values["flow"]))
    if needed is None:
        return [Fault("/trade_mode", "unknown_mode", {"value": values["trade_mode"], "flow": values["flow"]})]
    faults = [Fault(f"/{name}", "required") for name in needed if not values[name].strip()]
    if values["declaration_path"] not in ("A", "B"):
        faults.append(Fault("/declaration_path", "unknown_code", {"value": values["declaration_path"]}))
    return faults
