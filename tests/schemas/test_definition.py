"""The field table is the definition; these are the facts about it that everything else leans on."""

import pytest

from schemas.codes import code_list, code_list_names
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.definition import field_rows
from schemas.messages.ceb.judging import list_of, rule
from schemas.messages.ceb.marshal import document_schema, schema

_types = pytest.mark.parametrize("message_type", MESSAGE_TYPES)


def test_there_are_the_forty_two_messages_of_the_202205_edition() -> None:
    assert len(MESSAGE_TYPES) == 42
    assert {definition(each).edition for each in MESSAGE_TYPES} == {"202205"}


@_types
def test_domain_names_and_elements_are_unique_within_a_node(message_type: str) -> None:
    message = definition(message_type)
    for part in ("head", "list", "transfer", "subscribe", "extend", "root"):
        node = message.node(part)
        fields = node.fields if node else ()
        assert len({field.name for field in fields}) == len(fields)
        assert len({field.element for field in fields}) == len(fields)


def test_every_row_of_the_table_has_source_edition_and_labels() -> None:
    for rows in field_rows().values():
        for row in rows:
            assert all(row[column] for column in ("source", "edition", "label_zh", "label_en", "name"))


@pytest.mark.parametrize(
    ("message_type", "flat", "line_node", "most_lines"),
    [
        ("CEB303Message", False, "OrderList", 100),
        ("CEB311Message", False, "OrderList", 99),
        ("CEB403Message", True, None, None),
        ("CEB505Message", True, None, None),
        ("CEB511Message", False, None, None),
        ("CEB507Message", False, "ArrivalList", None),
        ("CEB816Message", False, "TaxListRd", 99),
    ],
)
def test_messages_have_their_official_shape(message_type: str, flat: bool, line_node: str | None, most_lines: int | None) -> None:
    message = definition(message_type)
    assert message.flat is flat
    assert (message.lines_node.element if message.lines_node else None) == line_node
    assert message.max_lines == most_lines


def test_a_signature_is_mandatory_for_four_import_messages_only() -> None:
    assert [each for each in MESSAGE_TYPES if definition(each).signature == "mandatory"] == [
        "CEB621Message",
        "CEB623Message",
        "CEB625Message",
        "CEB711Message",
    ]


@pytest.mark.parametrize(
    ("message_type", "element", "name"),
    [
        ("CEB311Message", "acturalPaid", "actual_paid"),
        ("CEB411Message", "amountPaid", "amount"),
        ("CEB403Message", "charge", "amount"),
        ("CEB403Message", "accountingDate", "paid_at"),
        ("CEB603Message", "statisticsFlag", "declaration_path"),
        ("CEB603Message", "iacCode", "bonded_enterprise_code"),
        ("CEB621Message", "areaCode", "bonded_enterprise_code"),
        ("CEB621Message", "invtNo", "list_no"),
        ("CEB511Message", "consignee", "consignee_name"),
    ],
)
def test_the_hub_speaks_its_own_names(message_type: str, element: str, name: str) -> None:
    assert definition(message_type).head.by_element[element].name == name


def test_the_return_application_must_name_its_mode_at_intake_although_the_schema_file_lets_it_be() -> None:
    field = definition("CEB213Message").head.by_element["tradeMode"]
    assert (rule(field, strict=False).required, rule(field, strict=True).required) == (False, True)


@_types
def test_every_named_list_exists(message_type: str) -> None:
    words = {"", "enterprise code", "rejection_reasons", "status_codes", "GB/T 2260 six-digit"}
    for field in (*definition(message_type).fields(), *definition(message_type).lines()):
        if field.code_list in words or field.code_list.startswith("defined by customs"):
            continue
        assert list_of(field) == code_list(field.code_list)
        assert field.code_list in code_list_names()


def test_schema_fields_carry_labels_lengths_and_sources() -> None:
    metadata = schema("CEB303Message", "head", strict=True).fields["order_no"].metadata
    assert metadata["label_zh"] == "电商订单/海外仓订仓单编号"
    assert metadata["max_length"] == 60
    assert metadata["edition"] == "202205"


@_types
def test_a_whole_document_has_one_schema_for_the_interface_description(message_type: str) -> None:
    message = definition(message_type)
    fields = document_schema(message_type)().fields
    assert [field.data_key for name, field in fields.items() if name != "lines"] == [
        field.element for field in message.head.written
    ]
    assert ("lines" in fields) == (message.lines_node is not None)


def test_an_unknown_message_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        definition("CEB999Message")
