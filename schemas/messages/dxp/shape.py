"""The nodes of ``DxpMsg``, ``DxpMsgSv`` and ``DxpRep`` (transport-node schema, edition 202205) as trees over the field table.

Lengths and labels come from ``fields.csv``; how nodes nest and repeat stands in that table's paths and notes, and is put
into trees here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from schemas.messages.ceb.definition import Field, field_rows, make_field

NAMESPACE = "http://www.chinaport.gov.cn/dxp"
ENVELOPE_TYPES = ("DxpMsg", "DxpMsgSv", "DxpRep")
MAX_RECEIVERS = 5
MAX_KEYS = 5


@dataclass(frozen=True)
class Leaf:
    """An element with text, or (``field.kind`` "node") one that may hold anything. Attributes are (name, max length)."""

    field: Field
    low: int
    high: int | None = 1
    attributes: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Branch:
    """An element that holds elements."""

    element: str
    children: "Sequence[Branch | Leaf]"
    low: int = 1
    high: int | None = 1
    attributes: Sequence[Field] = ()


@cache
def _fields(message: str) -> dict[str, Field]:
    return {row["element"]: make_field(row) for (owner, _), rows in field_rows().items() if owner == message for row in rows}


def _leaf(message: str, element: str, high: int = 1) -> Leaf:
    field = _fields(message)[element]
    return Leaf(field, field.occurs or 0, high)


def _leaves(message: str, *elements: str) -> Sequence[Leaf]:
    return tuple(_leaf(message, element) for element in elements)


@cache
def shape(envelope_type: str) -> Branch:
    """Return the tree of one of ``ENVELOPE_TYPES``. Raises ``KeyError`` for another."""
    return {"DxpMsg": _message, "DxpMsgSv": _served, "DxpRep": _reply}[envelope_type]()


def _message() -> Branch:
    own = "DxpMsg"
    receivers = Branch("ReceiverIds", (_leaf(own, "ReceiverId", MAX_RECEIVERS),))
    transfer = Branch(
        "TransInfo",
        (*_leaves(own, "CopMsgId", "SenderId"), receivers, *_leaves(own, "CreatTime", "MsgType")),
    )
    key = Leaf(_fields(own)["Key"], 1, MAX_KEYS, (("name", 32),))
    marker = Leaf(_fields(own)["IsText"], 0, 1, (("Encode", 50),))
    extra = Branch(
        "AddInfo",
        (*_leaves(own, "FileName", "IcCard"), Branch("BizKey", (key,), 0), marker, _leaf(own, "RecMapId")),
        0,
    )
    attributes = (_fields(own)["@ver"], _fields(own)["@Id"])
    return Branch(own, (transfer, _leaf(own, "Data"), extra, _leaf(own, "Signature")), attributes=attributes)


def _served() -> Branch:
    own = "DxpMsgSv"
    number = Branch("SvNo", _leaves(own, "MsgId", "SubMsgId", "SendTime", "EndNode", "StaNode"))
    return Branch(own, (number, _leaf(own, "DxpMsg")), attributes=(_fields(own)["@ver"],))


def _reply() -> Branch:
    own = "DxpRep"
    result = Branch("Result", _leaves(own, "RecId", "Code", "Info", "Note"), 1, None)
    response = Branch(
        "Response",
        (
            *_leaves(own, "NodeId", "ResponseCode", "ResponseInfo"),
            Branch("Results", (result,), 0),
            *_leaves(own, "NoticeTime", "OriHead"),
        ),
        1,
        None,
    )
    return Branch(own, (*_leaves(own, "RecevierId", "AdNodeId"), response))
