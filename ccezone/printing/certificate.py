"""The certificate of registration (备案证书), drawn from what was certified and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ccezone.kernel.clock import SHANGHAI
from ccezone.printing.render import render

Named = Mapping[str, tuple[str, str]]
"""Words by code: Chinese and English."""


@dataclass(frozen=True, slots=True)
class CertificateFrame:
    """What surrounds the facts: who issues it, and words for codes."""

    zone_zh: str
    zone_en: str
    address: str
    roles: Named
    node: tuple[str, str]


def registration_certificate(
    code: str, digest: bytes, facts: Mapping[str, Any], issued_at: datetime, frame: CertificateFrame
) -> bytes:
    """Return the certificate as PDF/UA; the same facts under the same code give the same bytes."""
    day = f"{issued_at.astimezone(SHANGHAI):%Y-%m-%d}"
    values = {
        "title": f"备案证书 Certificate of Registration {code}",
        "issuer": f"{frame.zone_zh} {frame.zone_en}",
        "zone_zh": frame.zone_zh,
        "zone_en": frame.zone_en,
        "rows": _rows(facts, frame),
        "address": frame.address,
        "code": code,
        "issued_on": day,
    }
    return render("registration.html", values, digest)


def _rows(facts: Mapping[str, Any], frame: CertificateFrame) -> Sequence[tuple[str, str, str]]:
    roles = [" ".join(frame.roles.get(role, (role, ""))).strip() for role in facts.get("roles", [])]
    rows = [
        ("企业名称", "Name", facts["name"]),
        ("英文名称", "Name in English", facts.get("name_en", "")),
        ("统一社会信用代码", "Unified social credit code", facts["uscc"]),
        ("海关注册编码", "Customs registration code", facts.get("customs_code", "")),
        ("企业类型", "Roles", "；".join(roles)),
        ("所属节点", "Node", " ".join(frame.node).strip()),
        ("备案日期", "Registered on", facts["registered_on"]),
    ]
    return [row for row in rows if row[2]]
