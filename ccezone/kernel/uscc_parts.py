"""What a unified social credit code says of its holder (GB 32100-2015): who registered it, as what, and where."""

import re
from dataclasses import dataclass

from stdnum import numdb

_YEARS = re.compile(r"\[(\d*)-(\d*)\]")


@dataclass(frozen=True, slots=True)
class UsccParts:
    """The parts of a code. ``place`` is Chinese (GB/T 2260), empty for a region that is not known."""

    authority: str
    kind: str
    region: str
    place: str


def parts_of(uscc: str) -> UsccParts:
    """Take a well-formed code apart: positions 1, 2 and 3-8."""
    region = uscc[2:8]
    return UsccParts(uscc[:1], uscc[1:2], region, place_of(region))


def place_of(region: str) -> str:
    """Name a six-digit region: province, prefecture and county as far as they are known, else nothing.

    A region that was renamed or merged is named as it was last: registrations keep the code they were given.
    """
    known = numdb.get("cn/loc")
    names: list[str] = []
    for code in (region[:2] + "0000", region[:4] + "00", region):
        found = {key: value for _part, facts in known.info(code) for key, value in facts.items()}
        for name in (found.get("province", ""), _last(found.get("county", ""))):
            if name and name not in names and name != "市辖区":
                names.append(name)
    return "".join(names)


def _last(county: str) -> str:
    return _YEARS.split(county)[-1].strip(" ;,，；") if county else ""
