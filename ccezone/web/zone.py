"""The name of the zone a site serves, by the setting ``CCEZONE_ZONE`` (State Council approvals of 2018 and 2019)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ZoneName:
    """Official and short name of a zone, in both languages."""

    zh: str
    en: str
    short_zh: str
    short_en: str

    def full(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def short(self, language: str) -> str:
        return self.short_zh if language == "zh" else self.short_en


def _named(zh: str, en: str) -> ZoneName:
    return ZoneName(
        f"中国（{zh}）跨境电子商务综合试验区",
        f"China ({en}) Cross-border E-commerce Comprehensive Pilot Zone",
        f"{zh}跨境电商综试区",
        f"{en} pilot zone",
    )


_ZONES = {"GZ": _named("赣州", "Ganzhou"), "NC": _named("南昌", "Nanchang")}
_UNNAMED = ZoneName("跨境电子商务综合试验区", "Cross-border E-commerce Comprehensive Pilot Zone", "跨境电商综试区", "Pilot zone")


def zone_name(code: str) -> ZoneName:
    """Return the names of a zone; a zone without a row is called by its kind."""
    return _ZONES.get(code, _UNNAMED)
