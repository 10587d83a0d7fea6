"""One trade and its messages, coherent across bills and list; a test changes the one value that matters to it."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from integrations.signatures import KeyRing, Sm2Signer
from schemas.messages.ceb.codec import Envelope, encode_document, wrap
from schemas.messages.ceb.samples import sample_envelope, sample_values

_ROOT = UUID("6f1f0f36-5f0f-4b39-8f4c-1c8c1a2b3c4d")

EXPORT = ("CEB303Message", "CEB403Message", "CEB505Message", "CEB603Message")
IMPORT = ("CEB311Message", "CEB411Message", "CEB511Message", "CEB621Message")


def document(message_type: str, number: int = 1, /, **changes: object) -> dict[str, object]:
    """Return the values of a document of trade ``number``, with changes (``lines`` may be replaced too)."""
    return {**next(iter(sample_values(message_type, first=number))), **changes}


def guid(*parts: object) -> str:
    """Return a guid that is always the same for the same parts."""
    return str(uuid5(_ROOT, "/".join(map(str, parts)))).upper()


def message(
    message_type: str,
    *documents: Mapping[str, object],
    transmitter: str | None = None,
    keys: KeyRing | None = None,
    number: int = 1,
) -> bytes:
    """Return a message around documents (default: that of trade ``number``), signed when there are keys."""
    bodies = documents or (document(message_type, number),)
    sampled = sample_envelope(message_type, first=number)
    transfer = {**sampled.transfer, "cop_code": transmitter or sampled.transfer["cop_code"]}
    envelope = Envelope(message_type, sampled.guid, transfer=transfer)
    xml = wrap(message_type, [encode_document(message_type, each) for each in bodies], envelope)
    return Sm2Signer(keys.pair(transfer["cop_code"])).sign(xml) if keys else xml
