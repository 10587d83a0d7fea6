"""What a hub must know to reach the single window."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SingleWindowSettings:
    """Address and the two transport ids; both ids are allotted by the exchange platform, the defaults are the mock's.

    ``verify`` is a certificate bundle, or empty for the machine's own.
    """

    base_url: str
    hub_dxp_id: str = "DXPCCEZONEHUB001"
    window_dxp_id: str = "DXPCHINAPORT0001"
    verify: str = ""

    @classmethod
    def from_environment(cls, base_url: str, environment: Mapping[str, str]) -> "SingleWindowSettings":
        """Read ``CCEZONE_HUB_DXP_ID``, ``CCEZONE_SINGLE_WINDOW_DXP_ID`` and ``CCEZONE_SINGLE_WINDOW_CA``."""
        return cls(
            base_url,
            environment.get("CCEZONE_HUB_DXP_ID") or cls("").hub_dxp_id,
            environment.get("CCEZONE_SINGLE_WINDOW_DXP_ID") or cls("").window_dxp_id,
            environment.get("CCEZONE_SINGLE_WINDOW_CA", ""),
        )
