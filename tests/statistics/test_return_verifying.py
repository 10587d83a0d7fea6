"""Whoever holds a return's file can tell whether it is the one: a changed byte, a changed figure, a strange signer all show."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from ccezone.printing.documents import Locale
from ccezone.printing.returns.document import render_return
from ccezone.printing.returns.verifying import snapshot_in, verify_return
from ccezone.statistics.rules.returns import canonical
from integrations.signatures.pdf import PdfSeal, make_key
from tests.hub.harness import Hub
from tests.statistics.returned import compiled, frozen, order, traded

pytestmark = pytest.mark.storage
RENDER = cache(render_return)  # rendering takes longest, and is told apart by what it renders
_AT = datetime(2026, 1, 6, tzinfo=UTC)


def test_what_was_changed_shows(hub: Hub, tmp_path: Path) -> None:
    traded(hub)
    document = frozen(hub, compiled(hub, order("weekly", "2026-W02")))
    ours, theirs = (PdfSeal(tmp_path / f"{name}.p12", "", name) for name in ("ours", "theirs"))
    plain = RENDER(document, "zh")
    sealed = ours.sign(plain, "TJ-000001", _AT)
    assert sealed.startswith(plain)
    assert snapshot_in(sealed) == document
    assert failing(sealed, ours, document) == set()

    at = len(plain) // 2
    changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    assert {"every byte before the seal equals a fresh rendering", "no sealed byte was changed"} <= failing(changed, ours, document)

    assert failing(theirs.sign(plain, "TJ-000001", _AT), ours, document) == {"signer"}
    assert failing(plain, ours, document) == {"seal"}
    assert "the seal covers the whole file" in failing(sealed + b"\n% more", ours, document)

    forged = json.loads(document)
    forged["tables"][0]["total"]["cells"]["export"]["value"] = "999999.00"
    other = ours.sign(RENDER(canonical(forged), "zh"), "TJ-000001", _AT)
    found = verify_return(other, ours, document, told=True, render=RENDER)
    assert [each.detail for each in found if not each.holds] == ["/tables/0/total/cells/export/value"]
    assert failing(b"%PDF-1.7 nothing", ours, document) == {"the file carries a snapshot"}

    forged = json.loads(document) | {"layout": "1"}
    old = ours.sign(RENDER(canonical(forged), "zh"), "TJ-000001", _AT)
    (told,) = [each.detail for each in verify_return(old, ours, canonical(forged), told=True, render=newer) if not each.holds]
    assert "made by layout 1, while this version renders layout 4" in told
    assert "first difference" not in told


def newer(document: bytes, locale: Locale) -> bytes:
    """Render as a version with another layout would."""
    return RENDER(document, locale).replace(b"%PDF-1.7", b"%PDF-1.6", 1)


def failing(content: bytes, seal: PdfSeal, registered: bytes) -> set[str]:
    return {each.en for each in verify_return(content, seal, registered, told=True, render=RENDER) if not each.holds}


def test_a_key_is_made_once_for_its_owners_eyes_only_and_may_have_a_password(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.p12"
    first = PdfSeal(path, "secret", "zone").fingerprint
    make_key(path, "zone", "secret")
    assert PdfSeal(path, "secret", "zone").fingerprint == first
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="password"):
        assert PdfSeal(path, "wrong", "zone").fingerprint


def test_looking_at_a_seal_makes_no_key(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"PDF|header|startxref|EOF"):
        PdfSeal(tmp_path / "none.p12", "", "zone").look(b"no pdf")
    assert not (tmp_path / "none.p12").exists()
