"""What an application for registration asks of each role, and what makes it complete (备案; GACC 2018 No. 194).

Only what a role needs is asked of it (PIPL art. 6). Which licences a role must show is a dated parameter.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ccezone.enterprises.rules.parties import Role, identity_faults
from ccezone.kernel.errors import Fault

Facts = Mapping[str, str | Sequence[str]]
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_PHONE = re.compile(r"[0-9+()\- ]{6,20}\Z")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+\Z")


class ApplicationState(StrEnum):
    """Standing of an application."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
DECIDED = frozenset({ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN})


class Section(StrEnum):
    """The pages of an application, in order."""

    IDENTITY = "identity"
    CONTACT = "contact"
    BUSINESS = "business"
    LICENCES = "licences"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the application: which roles must give it, which may. ``several``: any number of options."""

    name: str
    section: Section
    needed: frozenset[Role] = frozenset()
    allowed: frozenset[Role] = frozenset()
    personal: bool = False
    several: bool = False
    most: int = 200

    def concerns(self, roles: Collection[str]) -> bool:
        """Say whether it is asked of somebody with these roles."""
        return bool((self.needed | self.allowed) & set(roles))

    def required(self, roles: Collection[str]) -> bool:
        """Say whether it must be given by somebody with these roles."""
        return bool(self.needed & set(roles))


_ALL = frozenset(Role)
_TRADING = frozenset({Role.MERCHANT, Role.TRADER, Role.FOREIGN_TRADE_SERVICE})
_CUSTOMS = frozenset(
    {Role.MERCHANT, Role.PLATFORM, Role.PAYMENT, Role.CARRIER, Role.EXPRESS, Role.AGENT, Role.BONDED, Role.FOREIGN_TRADE_SERVICE}
)
_SENDING = _CUSTOMS | {Role.TRADER}
_WAREHOUSE = frozenset({Role.OVERSEAS_WAREHOUSE})
_PLACES = frozenset({Role.PARK, Role.SITE})

ASKED: tuple[Asked, ...] = (
    Asked("uscc", Section.IDENTITY, _ALL, most=18),
    Asked("name", Section.IDENTITY, _ALL, most=100),
    Asked("name_en", Section.IDENTITY, _WAREHOUSE, _ALL, most=200),
    Asked("customs_code", Section.IDENTITY, _CUSTOMS, frozenset({Role.TRADER, Role.SITE, Role.OVERSEAS_WAREHOUSE}), most=10),
    Asked("dxp_id", Section.IDENTITY, allowed=_SENDING, most=30),
    Asked("node", Section.IDENTITY, _ALL, most=20),
    Asked("registered_address", Section.IDENTITY, _ALL),
    Asked("legal_representative", Section.CONTACT, _ALL, personal=True, most=60),
    Asked("contact_name", Section.CONTACT, _ALL, personal=True, most=60),
    Asked("contact_phone", Section.CONTACT, _ALL, personal=True, most=20),
    Asked("contact_mail", Section.CONTACT, _ALL, personal=True),
    Asked("trade_modes", Section.BUSINESS, _TRADING, frozenset({Role.PLATFORM}), several=True),
    Asked("goods_categories", Section.BUSINESS, _TRADING),
    Asked("shops", Section.BUSINESS, allowed=_TRADING, most=500),
    Asked("settlement_bank", Section.BUSINESS, frozenset({Role.TRADER}), frozenset({Role.MERCHANT})),
    Asked("website", Section.BUSINESS, frozenset({Role.PLATFORM}), frozenset({Role.OVERSEAS_WAREHOUSE})),
    Asked("icp_no", Section.BUSINESS, frozenset({Role.PLATFORM}), most=60),
    Asked("payment_scope", Section.BUSINESS, frozenset({Role.PAYMENT})),
    Asked("transport_scope", Section.BUSINESS, frozenset({Role.CARRIER, Role.EXPRESS})),
    Asked("broker_customs", Section.BUSINESS, frozenset({Role.AGENT}), most=100),
    Asked("clients_scope", Section.BUSINESS, frozenset({Role.FOREIGN_TRADE_SERVICE}), most=500),
    Asked("bonded_area", Section.BUSINESS, frozenset({Role.BONDED}), most=100),
    Asked("ems_no", Section.BUSINESS, allowed=frozenset({Role.BONDED}), most=30),
    Asked("bank_code", Section.BUSINESS, frozenset({Role.BANK}), most=30),
    Asked("rating_scope", Section.BUSINESS, frozenset({Role.RATING})),
    Asked("inspection_scope", Section.BUSINESS, frozenset({Role.INSPECTION})),
    Asked("site_address", Section.BUSINESS, _PLACES),
    Asked("site_code", Section.BUSINESS, frozenset({Role.SITE}), most=20),
    Asked("area_m2", Section.BUSINESS, _PLACES | _WAREHOUSE, most=12),
    Asked("warehouse_country", Section.BUSINESS, _WAREHOUSE, most=3),
    Asked("warehouse_address", Section.BUSINESS, _WAREHOUSE),
    Asked("warehouse_tenure", Section.BUSINESS, _WAREHOUSE, most=20),
)
BY_NAME = {asked.name: asked for asked in ASKED}
PERSONAL = frozenset(asked.name for asked in ASKED if asked.personal)
ON_THE_ENTERPRISE = ("uscc", "name", "name_en", "customs_code", "dxp_id", "node")
"""Facts that are columns of the enterprise; the others are its profile."""
TENURES = ("owned", "leased", "partner")
MODES = ("9610", "1210", "9710", "9810")
LICENCE_KINDS = "licence_kinds"
"""The code list of kinds of licences."""


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence as stated. ``kind`` is of ``LICENCE_KINDS``; without ``expires_on`` it runs for good; ``file_id`` is its scan."""

    kind: str
    number: str
    issued_by: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    file_id: str = ""

    def expired(self, today: date) -> bool:
        """Say whether it no longer runs; it still does on its last day."""
        return self.expires_on is not None and self.expires_on < today


def asked_of(roles: Collection[str], section: Section | None = None) -> list[Asked]:
    """Return what is asked of somebody with these roles, of one section or of all."""
    return [asked for asked in ASKED if asked.concerns(roles) and section in (None, asked.section)]


def fact_faults(facts: Facts, roles: Collection[str], section: Section | None = None) -> list[Fault]:
    """Judge the fields of a section (or all): given where needed, not too long, of the right form."""
    faults = []
    for asked in asked_of(roles, section):
        value = facts.get(asked.name, "")
        if not value:
            faults += [Fault(f"/{asked.name}", "required")] if asked.required(roles) else []
        elif isinstance(value, str):
            faults += _form_faults(asked, value)
    if section in (None, Section.IDENTITY):
        uscc, customs = str(facts.get("uscc", "")), str(facts.get("customs_code", "")) or None
        faults += [fault for fault in identity_faults(uscc, customs, roles) if fault.pointer != "/uscc" or uscc]
    return faults


def licence_faults(licences: Sequence[Licence], required: Collection[str], today: date) -> list[Fault]:
    """Judge the licences: those required are there with a scan and still run; numbers given; dates in order."""
    faults = []
    for at, licence in enumerate(licences):
        if not licence.number.strip():
            faults.append(Fault(f"/licences/{at}/number", "required"))
        if licence.issued_on and licence.expires_on and licence.expires_on < licence.issued_on:
            faults.append(Fault(f"/licences/{at}/expires_on", "ends_before_begin"))
        if licence.issued_on and licence.issued_on > today:
            faults.append(Fault(f"/licences/{at}/issued_on", "issued_in_future", {"day": licence.issued_on.isoformat()}))
        if licence.kind in required and licence.expired(today):
            faults.append(Fault(f"/licences/{at}/expires_on", "licence_expired", {"day": str(licence.expires_on)}))
        if licence.kind in required and not licence.file_id:
            faults.append(Fault(f"/licences/{at}/file", "licence_scan_needed"))
    held = {licence.kind for licence in licences}
    return faults + [Fault("/licences", "licence_needed", {"kind": kind}) for kind in sorted(set(required) - held)]


def _form_faults(asked: Asked, value: str) -> list[Fault]:
    pointer = f"/{asked.name}"
    if len(value) > asked.most:
        return [Fault(pointer, "too_long", {"max": str(asked.most), "actual": str(len(value))})]
    forms = {"contact_mail": (_MAIL, "bad_login"), "contact_phone": (_PHONE, "bad_phone"), "website": (_WEB, "bad_web_address")}
    if asked.name in forms and not forms[asked.name][0].match(value):
        return [Fault(pointer, forms[asked.name][1], {"value": value})]
    if asked.name == "area_m2" and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", value):
        return [Fault(pointer, "not_a_number", {"value": value})]
    return []
