"""The enveloped XML signature of customs messages: SM2 over SM3 digests, as the official samples of edition 202205 carry it.

Canonical XML 1.0, reference URI "" with the enveloped-signature transform. The signature value is ``r || s`` (64 bytes), as
XML signatures spell every elliptic-curve signature (RFC 4051, 2.3.6); the signer id of SM2 is the standard's default.
Removing the signature gives back the signed document, so nothing is signed twice and white space around it counts.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from gmssl_pyx import sm2_verify, sm3_hash
from lxml import etree

from integrations.signatures.certificates import holds, key_in
from integrations.signatures.keys import Sm2KeyPair
from integrations.signatures.sm2 import sm2_signature
from schemas.messages.ceb.definition import definition

XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = XMLDSIG + "enveloped-signature"
SM2_SM3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
SM3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"

_SIGNATURE = f"{{{XMLDSIG}}}Signature"
_DS = {"ds": XMLDSIG}
_HALF = 32
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_EXTENSION = b"ExtendMessage"
_XMLNS = re.compile(rb'\sxmlns:?([^\s=]*)="([^"]*)"')
_SIGNED_INFO = (
    f'<ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
    f'<ds:SignatureMethod Algorithm="{SM2_SM3}"></ds:SignatureMethod>'
    '<ds:Reference URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
    f'</ds:Transforms><ds:DigestMethod Algorithm="{SM3}"></ds:DigestMethod>'
    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a signature is worth. ``reason`` says in one word why a signed message is not valid.

    Reasons: ``several``, ``algorithm``, ``incomplete``, ``digest``, ``untrusted``, ``certificate``, ``signature``.
    """

    signed: bool
    valid: bool
    key_name: str = ""
    reason: str = ""


class Sm2Signer:
    """Signs messages with one enterprise's key."""

    def __init__(self, key: Sm2KeyPair) -> None:
        self._key = key
        self._certificate = b64encode(key.certificate).decode()

    def sign(self, xml: bytes) -> bytes:
        """Return the message with its signature in the place its type wants.

        Raises ``ValueError`` when it is no message or signed already.
        """
        root = _parse(xml)
        if root.find(_SIGNATURE) is not None:
            raise ValueError("the message is signed already")
        digest = sm3_hash(etree.tostring(root, method="c14n", with_comments=False))
        signature = self._signature(digest, _namespaces(root.nsmap)).encode()
        extension = _extension(root)
        if extension is not None:
            extension.addprevious(etree.fromstring(signature))
            return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return _with_signature(xml, signature)

    def sign_canonical(self, xml: bytes) -> bytes:
        """Sign what our own encoder wrote: it writes canonical XML, so nothing needs to be parsed first.

        The result is that of ``sign``, many times faster; on anything but canonical XML no verifier would accept it.
        """
        if _EXTENSION in xml:
            return self.sign(xml)
        body = _bare(xml)
        namespaces = {found[1].decode(): found[2].decode() for found in _XMLNS.finditer(body[: body.index(b">")])}
        return _with_signature(xml, self._signature(sm3_hash(body), _namespaces(namespaces)).encode())

    def _signature(self, digest: bytes, namespaces: str) -> str:
        rest = _SIGNED_INFO % b64encode(digest).decode()
        canonical = f"<ds:SignedInfo{namespaces}>{rest}"
        value = _raw(sm2_signature(self._key.private_key, self._key.public_key, canonical.encode()))
        return (
            f'<ds:Signature xmlns:ds="{XMLDSIG}"><ds:SignedInfo>{rest}'
            f"<ds:SignatureValue>{b64encode(value).decode()}</ds:SignatureValue>"
            f"<ds:KeyInfo><ds:KeyName>{self._key.name}</ds:KeyName><ds:X509Data>"
            f"<ds:X509Certificate>{self._certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        )


def verify(
    xml: bytes, trusted: Mapping[str, bytes], *, believe_certificate: bool = False, skeleton: etree._Element | None = None
) -> Verdict:
    """Judge the signature of a message against trusted 64-byte public keys by key name. Raises ``ValueError`` for no XML.

    With ``believe_certificate``, a key nobody has registered is taken from the message's own certificate: that proves the
    message unchanged, not who sent it (the official certificates hang below an authority that is not ours to ask).
    A ``skeleton``, the message's tree without some of its documents, spares parsing those when the very bytes were signed.
    """
    if skeleton is not None:
        verdict = _judged(skeleton, xml, trusted, believe_certificate, whole=False)
        if verdict.valid:
            return verdict
    return verify_tree(_parse(xml), xml, trusted, believe_certificate=believe_certificate)


def verify_tree(root: etree._Element, xml: bytes, trusted: Mapping[str, bytes], *, believe_certificate: bool = False) -> Verdict:
    """Judge the signature of a wholly parsed message, given with its bytes; the tree is left as it was. See ``verify``."""
    return _judged(root, xml, trusted, believe_certificate, whole=True)


def _judged(root: etree._Element, xml: bytes, trusted: Mapping[str, bytes], believe_certificate: bool, *, whole: bool) -> Verdict:
    found = root.findall(_SIGNATURE)
    if not found:
        return Verdict(signed=False, valid=False)
    key_name = (found[0].findtext("ds:KeyInfo/ds:KeyName", "", _DS)).strip()
    reason = "several" if len(found) > 1 else _flaw(root, xml, found[0], trusted.get(key_name), believe_certificate, whole)
    return Verdict(signed=True, valid=not reason, key_name=key_name, reason=reason)


def _flaw(
    root: etree._Element, xml: bytes, signature: etree._Element, public_key: bytes | None, believe_certificate: bool, whole: bool
) -> str:
    info = signature.find("ds:SignedInfo", _DS)
    if info is None or _algorithms(info) != [C14N, SM2_SM3, "", ENVELOPED, SM3]:
        return "algorithm"
    try:
        digest = b64decode(info.findtext("ds:Reference/ds:DigestValue", "", _DS))
        value = b64decode(signature.findtext("ds:SignatureValue", "", _DS))
        certificate = b64decode(signature.findtext("ds:KeyInfo/ds:X509Data/ds:X509Certificate", "", _DS))
    except NotBase64:
        return "incomplete"
    if len(digest) != _HALF or len(value) != 2 * _HALF:
        return "incomplete"
    canonical = etree.tostring(info, method="c14n", with_comments=False, with_tail=False)
    if not _digests(root, xml, signature, digest, whole):
        return "digest"
    if public_key is None and believe_certificate:
        public_key = key_in(certificate)
    if public_key is None:
        return "untrusted"
    if certificate and not holds(certificate, public_key):
        return "certificate"
    return "" if sm2_verify(public_key, canonical, _der(value)) else "signature"


def _digests(root: etree._Element, xml: bytes, signature: etree._Element, digest: bytes, whole: bool) -> bool:
    """Say whether the digest is that of the message without its signature.

    Most messages are written canonically; cutting the signature out of their bytes spares canonicalising them. Whoever
    signed those very bytes signed this message; when the bytes do not match, the canonical form of the whole tree decides.
    """
    if any(etree.QName(element).namespace != XMLDSIG for element in signature.iter()):
        return False  # nothing may hide in what the digest leaves out
    name = f"{signature.prefix}:Signature" if signature.prefix else "Signature"
    first, end = xml.find(f"<{name}".encode()), f"</{name}>".encode()
    starts = list(re.compile(rf"<{re.escape(name)}[\s>]".encode()).finditer(xml, first)) if first >= 0 else []
    if len(starts) == 1 == xml.count(end):
        rest = xml[xml.index(end) + len(end) :]
        if compare_digest(digest, sm3_hash(_bare(xml[: starts[0].start()] + rest))):
            return True
    return whole and compare_digest(digest, sm3_hash(_without(root, signature)))


def _algorithms(info: etree._Element) -> list[str | None]:
    """List everything that decides what is signed and how, in the one order and number that is allowed."""
    reference = info.findall("ds:Reference", _DS)
    named: Iterable[etree._Element] = (element for element in info.iter() if element.get("Algorithm") is not None)
    algorithms: list[str | None] = [element.get("Algorithm") for element in named]
    return algorithms[:2] + [element.get("URI") for element in reference] + algorithms[2:]


def _without(root: etree._Element, signature: etree._Element) -> bytes:
    """Canonicalise the document as it was before it was signed."""
    place, tail, before = root.index(signature), signature.tail, signature.getprevious()
    earlier = root.text if before is None else before.tail
    _set_text_before(root, before, (earlier or "") + (tail or ""))
    signature.tail = None
    root.remove(signature)
    try:
        return etree.tostring(root, method="c14n", with_comments=False)
    finally:
        _set_text_before(root, before, earlier)
        root.insert(place, signature)
        signature.tail = tail


def _set_text_before(root: etree._Element, before: etree._Element | None, text: str | None) -> None:
    if before is None:
        root.text = text
    else:
        before.tail = text


def _extension(root: etree._Element) -> etree._Element | None:
    """Return the ExtendMessage that the signature must precede: exports only, imports sign after it."""
    name = etree.QName(root)
    if not definition(name.localname).signature_before_extend:
        return None
    return root.find(f"{{{name.namespace}}}ExtendMessage")


def _namespaces(declared: Mapping[str | None, str] | Mapping[str, str]) -> str:
    """Spell the namespaces in scope as inclusive canonicalisation does on an element cut out of its document."""
    scope = {prefix or "": uri for prefix, uri in declared.items()} | {"ds": XMLDSIG}
    return "".join(f' xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in sorted(scope.items()))


def _with_signature(xml: bytes, signature: bytes) -> bytes:
    end = xml.rindex(b"</")
    return b"".join((xml[:end], signature, xml[end:]))


def _bare(xml: bytes) -> bytes:
    """Return the bytes of the root element alone, without byte-order mark, declaration and white space around."""
    body = xml.removeprefix(_BYTE_ORDER_MARK)
    if body.startswith(b"<?xml"):
        body = body[body.index(b"?>") + 2 :]
    return body.strip(b" \t\r\n")


def _raw(der: bytes) -> bytes:
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error.msg}") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):  # the type stubs do not know the attribute
        raise ValueError("a message has no document type declaration")
    return root
