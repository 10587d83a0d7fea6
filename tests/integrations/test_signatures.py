"""SM2 keys, certificates and the enveloped signature: what is signed verifies, what was touched does not."""

import stat
import threading
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography import x509
from gmssl_pyx import sm2_sign, sm2_verify, sm3_hash
from lxml import etree

from integrations.signatures import KeyRing, Sm2KeyPair, Sm2Signer, Verdict, verify
from integrations.signatures.keys import PublicKeys
from integrations.signatures.sm2 import sm2_signature
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import decode
from tests.integrations.trades import message

MERCHANT = "360796Y001"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
UPSTREAM = [each for each in MESSAGE_TYPES if definition(each).signature]


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def trusted(ring: KeyRing) -> dict[str, bytes]:
    return {MERCHANT: ring.pair(MERCHANT).public_key}


@pytest.fixture(scope="module")
def signer(ring: KeyRing) -> Sm2Signer:
    return Sm2Signer(ring.pair(MERCHANT))


GOOD = Verdict(signed=True, valid=True, key_name=MERCHANT)


@pytest.mark.parametrize("message_type", UPSTREAM)
def test_every_upstream_message_signed_is_valid_by_schema_and_verifies(
    message_type: str, signer: Sm2Signer, trusted: dict[str, bytes]
) -> None:
    signed = signer.sign(message(message_type))
    assert verify(signed, trusted) == GOOD
    assert decode(signed).envelope.signed


@pytest.mark.parametrize("message_type", UPSTREAM)
def test_our_own_encoder_writes_canonical_xml(message_type: str, signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    unsigned = message(message_type)
    canonical = etree.tostring(etree.fromstring(unsigned), method="c14n", with_comments=False)
    assert canonical in unsigned
    signed = signer.sign_canonical(unsigned)
    assert strictly_verified(signed)
    assert verify(signed, trusted) == GOOD


def strictly_verified(signed: bytes) -> bool:
    """Check the digest the long way: take the signature out of the tree, canonicalise what is left."""
    root = etree.fromstring(signed)
    (signature,) = root.findall(f"{DS}Signature")
    digest = signature.findtext(f".//{DS}DigestValue") or ""
    before, after = signature.getprevious(), signature.tail
    assert before is not None
    before.tail = (before.tail or "") + (after or "")
    signature.tail = None
    root.remove(signature)
    found: bytes = sm3_hash(etree.tostring(root, method="c14n", with_comments=False))
    return b64decode(digest) == found


def test_the_signature_of_an_export_stands_before_an_extension_and_of_an_import_after_it(signer: Sm2Signer) -> None:
    extension = (
        b"<ceb:ExtendMessage><ceb:name>n</ceb:name><ceb:version>1</ceb:version><ceb:Message>m</ceb:Message></ceb:ExtendMessage>"
    )
    for message_type, last in (("CEB303Message", "ExtendMessage"), ("CEB311Message", "Signature")):
        body = message(message_type)
        end = body.rindex(b"</")
        for sign in (signer.sign, signer.sign_canonical):
            signed = sign(body[:end] + extension + body[end:])
            assert etree.QName(etree.fromstring(signed)[-1]).localname == last
            assert strictly_verified(signed)


def test_white_space_and_other_spellings_of_the_same_document_verify(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    signed = signer.sign(message("CEB303Message"))
    respelled = signed.replace(b' version="1.0"', b"  version='1.0' ").replace(b"?>\n", b"?>\n\n<!-- on its way -->\n")
    assert respelled != signed
    assert verify(respelled, trusted) == GOOD


def test_a_message_in_another_prefix_is_signed_and_verified(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    plain = message("CEB303Message").replace(b"ceb:", b"").replace(b"xmlns:ceb=", b"xmlns=").replace(b"xmlns:", b"xmlns:")
    assert verify(signer.sign(plain), trusted) == GOOD
    assert verify(signer.sign_canonical(plain), trusted) == GOOD


def test_a_changed_document_does_not_verify(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    signed = signer.sign(message("CEB303Message"))
    assert verify(signed.replace(b"<ceb:qty>1<", b"<ceb:qty>2<"), trusted).reason == "digest"


def skeleton_of(signed: bytes) -> etree._Element:
    root = etree.fromstring(signed)
    for document in root.findall("{*}Order"):
        for part in list(document):
            document.remove(part)
    return root


def test_a_skeleton_is_enough_when_the_very_bytes_were_signed(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    signed = signer.sign(message("CEB303Message"))
    assert verify(signed, trusted, skeleton=skeleton_of(signed)) == GOOD
    changed = signed.replace(b"<ceb:qty>1<", b"<ceb:qty>2<")
    assert verify(changed, trusted, skeleton=skeleton_of(changed)).reason == "digest"


def test_another_spelling_verifies_by_its_whole_tree(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    signed = signer.sign(message("CEB303Message")).replace(b' version="1.0"', b"  version='1.0' ")
    assert verify(signed, trusted, skeleton=skeleton_of(signed)) == GOOD


def test_a_signature_of_the_skeleton_alone_covers_no_documents(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    """Who holds a signed message without goods must not be able to fill in goods."""
    full = message("CEB303Message")
    hollow = etree.tostring(skeleton_of(full))
    signed_hollow = signer.sign(hollow)
    start, end = signed_hollow.index(b"<ds:Signature "), signed_hollow.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    place = full.rindex(b"</")
    filled = full[:place] + signed_hollow[start:end] + full[place:]
    assert verify(signed_hollow, trusted, skeleton=etree.fromstring(signed_hollow)) == GOOD
    assert verify(filled, trusted, skeleton=skeleton_of(filled)).reason == "digest"


def test_a_digest_made_to_fit_does_not_verify(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    """A forger can compute a digest; signing it is another matter."""
    signed = signer.sign(message("CEB303Message"))
    forged = message("CEB303Message", number=2)
    digest = b64encode(sm3_hash(etree.tostring(etree.fromstring(forged), method="c14n", with_comments=False)))
    start, end = signed.index(b"<ds:Signature "), signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    root = etree.fromstring(signed[start:end])
    value = root.find(f".//{DS}DigestValue")
    assert value is not None
    value.text = digest.decode()
    place = forged.rindex(b"</")
    result = forged[:place] + etree.tostring(root) + forged[place:]
    assert verify(result, trusted).reason == "signature"


def test_nothing_hides_inside_the_signature(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    """What the digest leaves out must not carry business."""
    signed = signer.sign(message("CEB303Message"))
    smuggled = signed.replace(b"</ds:KeyInfo>", b"</ds:KeyInfo><ceb:Order></ceb:Order>")
    assert verify(smuggled, trusted).reason == "digest"


def test_two_signatures_are_one_too_many(signer: Sm2Signer, trusted: dict[str, bytes]) -> None:
    signed = signer.sign(message("CEB303Message"))
    start, end = signed.index(b"<ds:Signature "), signed.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert verify(signed[:end] + signed[start:end] + signed[end:], trusted).reason == "several"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"xmldsig#sm2-sm3", b"xmldsig#none", "algorithm"),
        (b'URI=""', b'URI="#part"', "algorithm"),
        (b"xmldsig#enveloped-signature", b"xmldsig#base64", "algorithm"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA", "incomplete"),
        (b"<ds:KeyName>360796Y001", b"<ds:KeyName>360796Y002", "untrusted"),
        (b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA", "certificate"),
    ],
)
def test_a_flawed_signature_says_what_is_wrong(
    signer: Sm2Signer, trusted: dict[str, bytes], old: bytes, new: bytes, reason: str
) -> None:
    signed = signer.sign(message("CEB303Message"))
    assert old in signed
    flawed = signed.replace(old, new)
    if reason == "certificate":
        start = flawed.index(b"<ds:X509Certificate>") + 20
        flawed = flawed[:start] + b64encode(b"another certificate") + flawed[flawed.index(b"</ds:X509Certificate>") :]
    verdict = verify(flawed, trusted)
    assert (verdict.valid, verdict.reason) == (False, reason)


@pytest.mark.parametrize("text", [b"", b"message", b"x" * 1000])
def test_our_signatures_hold_for_gmssl_and_are_never_the_same_twice(ring: KeyRing, text: bytes) -> None:
    pair = ring.pair(MERCHANT)
    ours, again = (sm2_signature(pair.private_key, pair.public_key, text) for _ in range(2))
    assert sm2_verify(pair.public_key, text, ours)
    assert sm2_verify(pair.public_key, text, sm2_sign(pair.private_key, pair.public_key, text))
    assert not sm2_verify(pair.public_key, text + b"!", ours)
    assert ours != again, "a nonce used twice gives the private key away"


def test_an_unsigned_message_says_so() -> None:
    assert verify(message("CEB303Message"), {}) == Verdict(signed=False, valid=False)


def test_a_signed_message_is_not_signed_again(signer: Sm2Signer) -> None:
    with pytest.raises(ValueError, match="signed already"):
        signer.sign(signer.sign(message("CEB303Message")))


@pytest.mark.parametrize("xml", [b"no", b"<!DOCTYPE a><a/>"])
def test_what_is_no_message_is_not_signed(signer: Sm2Signer, xml: bytes) -> None:
    with pytest.raises(ValueError, match=r"not XML|document type"):
        signer.sign(xml)


def test_the_certificate_is_one(ring: KeyRing) -> None:
    pair = ring.pair(MERCHANT)
    certificate = x509.load_der_x509_certificate(pair.certificate)
    assert certificate.subject.rfc4514_string() == f"CN={MERCHANT}"
    assert certificate.issuer == certificate.subject
    assert certificate.signature_algorithm_oid.dotted_string == "1.2.156.10197.1.501"
    assert pair.public_key in pair.certificate


def test_a_key_file_is_the_owners_alone_and_is_refused_otherwise(tmp_path: Path) -> None:
    path = tmp_path / f"{MERCHANT}.key"
    pair = Sm2KeyPair.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Sm2KeyPair.load(path) == pair
    path.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        Sm2KeyPair.load(path)


def test_a_key_does_not_print_itself(tmp_path: Path) -> None:
    pair = Sm2KeyPair.create(tmp_path / f"{MERCHANT}.key")
    assert pair.private_key.hex() not in repr(pair)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.key"
    path.write_text("abc\n")
    path.chmod(0o600)
    with pytest.raises(ValueError, match="not an SM2 key"):
        Sm2KeyPair.load(path)


@pytest.mark.parametrize("code", ["", "../x", "a/b", "无"])
def test_a_key_ring_keeps_to_its_folder(tmp_path: Path, code: str) -> None:
    with pytest.raises(ValueError, match="not an enterprise code"):
        KeyRing(tmp_path).pair(code)


def test_many_at_once_get_one_key(tmp_path: Path) -> None:
    found: set[bytes] = set()
    rings = [KeyRing(tmp_path) for _ in range(8)]
    threads = [threading.Thread(target=lambda each: found.add(each.pair(MERCHANT).public_key), args=(ring,)) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1


def test_public_keys_are_found_when_they_are_published_later(tmp_path: Path) -> None:
    ring, public = KeyRing(tmp_path), PublicKeys(tmp_path / "public")
    assert public.get(MERCHANT) is None
    pair = ring.pair(MERCHANT)
    assert public[MERCHANT] == pair.public_key
    assert list(public) == [MERCHANT]
    assert len(public) == 1
    assert "../keys" not in public
