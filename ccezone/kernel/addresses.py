"""Which IP addresses lie in the public internet (RFC 6890): what the hub may call on somebody's word."""

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Say whether an IP address is public, also behind the forms that wrap IPv4 in IPv6. Raises ``ValueError``: no address."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.teredo:
            return False
        wrapped = found.ipv4_mapped or found.sixtofour or _behind_nat64(found)
        if wrapped is not None:
            return is_public(str(wrapped))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _behind_nat64(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None
