"""Personal values at rest: sealed, found again by keyed digest, masked on screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.storage.personal import PersonalVault, SealBroken, fold, mask, masked

VAULT = PersonalVault(bytes(32))
OTHER = PersonalVault(b"k" * 32)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=5))
def test_what_is_sealed_opens_again(values: dict[str, str]) -> None:
    assert VAULT.open(VAULT.seal(values)) == values


def test_the_same_value_is_never_sealed_alike_twice() -> None:
    assert VAULT.seal_bytes(b"same") != VAULT.seal_bytes(b"same")


def test_the_sealed_bytes_do_not_hold_the_value() -> None:
    assert b"360702" not in VAULT.seal({"buyer_id_number": "360702199001011234"})


@given(st.binary(min_size=1, max_size=40), st.data())
def test_altered_bytes_do_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal_bytes(plain))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        VAULT.open_bytes(bytes(sealed))


def test_another_key_opens_nothing_and_digests_otherwise() -> None:
    with pytest.raises(SealBroken):
        OTHER.open_bytes(VAULT.seal_bytes(b"secret"))
    assert OTHER.digest("张三") != VAULT.digest("张三")


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PersonalVault(key)


@pytest.mark.parametrize(("one", "other"), [("张 三", "张三"), ("ＺＨＡＮＧ", "zhang"), ("13800001234", "138 0000 1234\u3000")])
def test_spellings_of_one_value_digest_alike(one: str, other: str) -> None:
    assert VAULT.digest(one) == VAULT.digest(other)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once_for_what_it_compares(text: str) -> None:
    assert VAULT.digest(text) == VAULT.digest(text)
    assert not any(letter.isspace() for letter in fold(text))


@given(st.text(max_size=40))
def test_a_digest_fits_a_bigint(text: str) -> None:
    assert -(2**63) <= VAULT.digest(text) < 2**63


@pytest.mark.parametrize(
    ("value", "shown"), [("张", "*"), ("张三", "张*"), ("13812345678", "138****5678"), ("360702199001011234", "360***********1234")]
)
def test_a_masked_value_can_be_recognised_but_not_read(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_values_are_masked_by_name_but_for_what_names_nobody() -> None:
    values = {"buyer_name": "张三", "buyer_id_type": "1", "buyer_telephone": ""}
    assert masked(values) == {"buyer_name": "张*", "buyer_id_type": "1", "buyer_telephone": ""}
