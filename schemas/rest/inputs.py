"""Fields of what callers send, beyond the official documents: queries, products, defaults, credentials.

Every refusal is a ``Flaw`` whose code has its texts in ``problems.csv``, as with the elements of the messages.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from schemas.codes import code_list
from schemas.messages.ceb.definition import Field, definition
from schemas.messages.ceb.judging import Flaw, is_real_time, unknown_code
from schemas.rest.words import Words, labelled

AMOUNT_DIGITS, AMOUNT_DECIMALS = 14, 5  # before and after the point: what an amount's column holds
BIGGEST = 2**63 - 1
_SPELLED_OUT = 100


class Input(Schema):
    """Base of what callers send: a name that is not known is refused, for a misspelled filter would show everything."""

    class Meta:
        unknown = RAISE


class Longest(validate.Length):
    """A text's length."""

    def __call__(self, value: Any) -> Any:
        found = len(value)
        if self.min and found < self.min:
            raise ValidationError([Flaw("empty" if not found else "too_short", {"min": str(self.min), "actual": str(found)})])
        if self.max is not None and found > self.max:
            raise ValidationError([Flaw("too_long", {"max": str(self.max), "actual": str(found)})])
        return value


class Between(validate.Range):
    """A number's bounds, both included."""

    def __call__(self, value: Any) -> Any:
        if (self.min is not None and value < self.min) or (self.max is not None and value > self.max):
            low, high = ("" if bound is None else str(bound) for bound in (self.min, self.max))
            raise ValidationError([Flaw("out_of_range", {"low": low, "high": high})])
        return value


class Above(validate.Range):
    """A number above a bound."""

    def __init__(self, bound: int) -> None:
        super().__init__(min=bound, min_inclusive=False)

    def __call__(self, value: Any) -> Any:
        if value <= self.min:
            raise ValidationError([Flaw("must_be_positive", {"value": str(value)})])
        return value


class RealTime(validate.Regexp):
    """A moment as messages write it: 14 digits that name one."""

    def __init__(self) -> None:
        super().__init__(r"^[0-9]{14}$")

    def __call__(self, value: Any) -> Any:
        if not is_real_time(value, 14):
            raise ValidationError([Flaw("bad_time", {"value": value[:20], "format": "YYYYMMDDhhmmss"})])
        return value


class OneOf(validate.OneOf):
    """A choice."""

    def __call__(self, value: Any) -> Any:
        if value not in self.choices:
            raise ValidationError([Flaw("not_a_choice", {"value": str(value)[:60], "choices": ", ".join(map(str, self.choices))})])
        return value


class Listed(validate.Validator):
    """A code of a list; an incomplete list refuses nothing."""

    def __init__(self, name: str) -> None:
        self.codes = code_list(name)

    def __call__(self, value: str) -> str:
        if value and self.codes.complete and not self.codes.contains(value):
            raise ValidationError([unknown_code(self.codes, value)])
        return value


def refusals(invalid: str) -> dict[str, Any]:
    """Return a field's error messages as flaws."""
    lacking = [Flaw("required")]
    wrong = [Flaw(invalid)]
    return {"required": lacking, "null": lacking, "invalid": wrong, "special": wrong, "invalid_utf8": [Flaw("illegal_character")]}


class Amount(fields.Decimal):
    """A decimal in JSON as a string or a number, out as a string; at most 14 digits before and 5 after the point."""

    def __init__(self, **more: Any) -> None:
        super().__init__(as_string=True, error_messages=refusals("not_a_number"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Decimal:
        if isinstance(value, bool) or (isinstance(value, str) and not value.strip()):
            raise ValidationError([Flaw("not_a_number", {"value": str(value)})])
        number = super()._deserialize(value, attr, data, **more)
        if not isinstance(number, Decimal) or not number.is_finite():
            raise ValidationError([Flaw("not_a_number", {"value": str(value)[:60]})])
        if abs(number.adjusted()) > _SPELLED_OUT:  # a few letters that would spell a billion noughts
            raise ValidationError([Flaw("too_many_digits", {"digits": str(AMOUNT_DIGITS)})])
        plain = format(number.normalize(), "f").lstrip("-")
        before, _, after = plain.partition(".")
        if len(after) > AMOUNT_DECIMALS:
            raise ValidationError([Flaw("too_many_decimals", {"decimals": str(AMOUNT_DECIMALS)})])
        if len(before) > AMOUNT_DIGITS:
            raise ValidationError([Flaw("too_many_digits", {"digits": str(AMOUNT_DIGITS)})])
        return number

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else format(Decimal(value).normalize(), "f")


class Moment(fields.AwareDateTime):
    """A moment with its offset (RFC 3339), out in UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", error_messages=refusals("bad_moment"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **more).astimezone(UTC)
        except OverflowError:
            raise ValidationError([Flaw("bad_moment")]) from None

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat()


def text(
    zh: str,
    en: str,
    *,
    most: int,
    least: int = 0,
    codes: str = "",
    default: str | None = None,
    check: validate.Validator | None = None,
    data_key: str | None = None,
    **more: Any,
) -> fields.String:
    """Return a text field; with ``codes`` a code of that list. Required unless it has a ``default``."""
    checks: list[validate.Validator] = [Longest(min=least or None, max=most)]
    checks += [Listed(codes)] if codes else []
    checks += [check] if check else []
    metadata = labelled(zh, en, code_list=codes, **more)
    shared: dict[str, Any] = {
        "validate": checks,
        "metadata": metadata,
        "error_messages": refusals("not_text"),
        "data_key": data_key,
    }
    return _defaulted(fields.String, default, shared)


def choice(
    zh: str, en: str, choices: Sequence[str], *, default: str | None = None, data_key: str | None = None, **more: Any
) -> fields.String:
    """Return a field with a closed set of values. Required unless it has a ``default``."""
    shared: dict[str, Any] = {"validate": OneOf(choices), "metadata": labelled(zh, en, **more), "data_key": data_key}
    return _defaulted(fields.String, default, {**shared, "error_messages": refusals("not_text")})


def _defaulted(kind: type[fields.String], default: str | None, shared: Mapping[str, Any]) -> fields.String:
    return kind(required=True, **shared) if default is None else kind(load_default=default, **shared)


def whole(
    zh: str,
    en: str,
    low: int = 0,
    high: int = BIGGEST,
    *,
    default: int | None = None,
    required: bool = False,
    strict: bool = True,
    data_key: str | None = None,
    **more: Any,
) -> fields.Integer:
    """Return a whole number between two bounds; not ``strict`` where it comes as text, in an address."""
    shared: dict[str, Any] = {"strict": strict, "validate": Between(low, high), "metadata": labelled(zh, en, **more)}
    shared["error_messages"] = refusals("not_an_integer") | {"too_large": [Flaw("not_an_integer")]}
    shared["data_key"] = data_key
    return fields.Integer(required=True, **shared) if required else fields.Integer(load_default=default, **shared)


def element(message_type: str, part: str, name: str) -> Field:
    """Return an element of an official message by its domain name. Raises ``LookupError``."""
    message = definition(message_type)
    found = message.lines() if part == "list" else message.fields()
    return next(field for field in found if field.name == name)


def line_number(data_key: str | None = None) -> fields.Integer:
    """Return the number of an order's line, as long as CEB303 lets it be; CEB311 sets no bound."""
    known = element("CEB303Message", "list", "line_no")
    most = 10 ** (known.digits or 18) - 1
    return whole(known.label_zh, known.label_en, 1, most, required=True, data_key=data_key)


def as_in(message_type: str, part: str, name: str, *, default: str | None = None, help_: Words | None = None) -> fields.String:
    """Return a text field with the label, length and code list that an official message gives it."""
    known = element(message_type, part, name)
    more: dict[str, Any] = {"help": help_} if help_ else {}
    least = 1 if default is None else 0
    return text(
        known.label_zh, known.label_en, most=known.max_length or 250, least=least, codes=_list_of(known), default=default, **more
    )


def _list_of(known: Field) -> str:
    try:
        return code_list(known.code_list).name
    except KeyError:
        return ""
