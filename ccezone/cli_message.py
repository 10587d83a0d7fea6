"""``ccezone message``: judge, re-encode, describe and make official messages."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from integrations.signatures import KeyRing, Sm2Signer
from schemas.codes import Locale
from schemas.derive.xsd import xsd as schema_file
from schemas.messages import dxp
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import Unencodable, decode, encode
from schemas.messages.ceb.samples import sample as sample_message
from schemas.messages.ceb.samples import sample_envelope, sample_transport
from schemas.messages.checking import CheckResult, check
from schemas.messages.dxp.shape import ENVELOPE_TYPES

_LANGUAGE = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of findings.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def message() -> None:
    """Official customs messages: check, roundtrip, xsd, sample."""


@message.command("check")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_LANGUAGE
def check_files(files: tuple[Path, ...], lang: Locale) -> None:
    """Judge FILES by the 202205 schema; minimums of the specification's text print as warnings. Exit 1 when one is bad."""
    bad = False
    for path in files:
        result = check(path.read_bytes())
        _report(str(path), result, lang)
        bad = bad or bool(result.errors)
    sys.exit(1 if bad else 0)


def _report(name: str, result: CheckResult, lang: Locale) -> None:
    for finding in result.errors:
        click.echo(f"{name}:{finding.line}: {finding.element or result.message_type or 'message'}: {finding.words(lang)}")
    for finding in result.warnings:
        click.echo(f"{name}:{finding.line}: warning: {finding.element or result.message_type}: {finding.words(lang)}")
    if not result.errors:
        click.echo(f"{name}: valid {result.message_type}, {result.count} documents")


@message.command("roundtrip")
@click.argument("file", type=_FILE)
@_LANGUAGE
def roundtrip(file: Path, lang: Locale) -> None:
    """Parse FILE and print it re-encoded: the same documents in official element order."""
    data = file.read_bytes()
    result = check(data)
    if result.errors:
        _report(str(file), result, lang)
        sys.exit(1)
    if result.message_type == "DxpMsg":
        click.echo(dxp.encode(dxp.decode(data)))
        return
    if result.message_type in ENVELOPE_TYPES:
        raise click.UsageError(f"{result.message_type} is made by the exchange platform; it is not re-encoded")
    decoded = decode(data, strict=False)
    documents = [document.values for document in decoded.documents if document.values is not None]
    click.echo(encode(decoded.envelope.type, documents, decoded.envelope), nl=False)


@message.command("xsd")
@click.argument("message_type", required=False, type=click.Choice((*MESSAGE_TYPES, *ENVELOPE_TYPES)))
def print_xsd(message_type: str | None) -> None:
    """Print the derived schema file of MESSAGE_TYPE, or the list of types."""
    if message_type is None:
        for each in MESSAGE_TYPES:
            click.echo(f"{each}  {definition(each).label_zh}  {definition(each).label_en}")
        return
    click.echo(schema_file(message_type), nl=False)


@message.command("sample")
@click.argument("message_type", type=click.Choice((*MESSAGE_TYPES, "DxpMsg")))
@click.option("--documents", type=click.IntRange(1), default=1, show_default=True)
@click.option("--first", type=click.IntRange(1), default=1, show_default=True, help="Number of the first trade.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--mode", type=click.Choice(["1210", "9610"]), default="1210", show_default=True, help="Import mode.")
@click.option("--keys", type=click.Path(file_okay=False, path_type=Path), help="Key folder; a passing key without it.")
@click.option("--unsigned", is_flag=True, help="Leave the signature out.")
def print_sample(message_type: str, documents: int, first: int, seed: int, mode: str, keys: Path | None, unsigned: bool) -> None:
    """Print a valid, realistic message of MESSAGE_TYPE, signed where the type has a signature."""
    if message_type == "DxpMsg":
        click.echo(dxp.encode(sample_transport(seed, first)))
        return
    try:
        xml = sample_message(message_type, documents, seed, first, mode="9610" if mode == "9610" else "1210")
    except Unencodable as error:
        raise click.UsageError(str(error)) from error
    signed = definition(message_type).signature is not None and not unsigned
    sender = sample_envelope(message_type, seed, first).transfer.get("cop_code", "")
    click.echo(_signed(xml, sender, keys) if signed else xml, nl=False)


def _signed(xml: bytes, sender: str, keys: Path | None) -> bytes:
    if keys is not None:
        return Sm2Signer(KeyRing(keys).pair(sender)).sign(xml)
    with TemporaryDirectory() as folder:
        return Sm2Signer(KeyRing(Path(folder)).pair(sender)).sign(xml)
