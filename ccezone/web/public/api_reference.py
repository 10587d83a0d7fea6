"""The published description of the API, arranged for reading: operations by resource, shapes by name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Described = Mapping[str, Any]
_REF = "#/components/schemas/"
_MANY = 12  # choices beyond which a code list says more than the list of them


@dataclass(frozen=True, slots=True)
class Shape:
    """A reference to a shape, plain words where it has no name; ``many`` says that it is a list of such."""

    name: str
    words: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a member of a shape. ``shapes`` are what its value is made of."""

    name: str
    title: str
    note: str
    kind: str
    required: bool
    place: str = ""
    code_list: str = ""
    choices: Sequence[str] = ()
    shapes: Sequence[Shape] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """An example of a body."""

    title: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as a reader sees it. ``answers`` are (status, what it means)."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: Sequence[Row]
    bodies: Sequence[tuple[str, Sequence[Shape]]]
    samples: Sequence[Sample]
    good: Sequence[tuple[str, Sequence[Shape]]]
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of a resource."""

    anchor: str
    title: str
    operations: Sequence[Operation]


def groups(document: Described) -> list[Group]:
    """Return all operations by resource, in the order of the document."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                found[operation["tags"][0]].append(_operation(document, path, method, operation, shared))
    titles = {tag["name"]: tag["x-label"] for tag in document["tags"]}
    return [Group(name.lower().replace(" ", "-"), titles[name], each) for name, each in found.items() if each]


def shape_rows(document: Described, name: str) -> list[Row] | None:
    """Return the members of a shape, ``None`` when there is none of that name."""
    shape = document["components"]["schemas"].get(name)
    if shape is None:
        return None
    needed = set(shape.get("required", ()))
    return [_row(member, known, member in needed) for member, known in shape.get("properties", {}).items()]


def _operation(document: Described, path: str, method: str, said: Described, shared: Sequence[Described]) -> Operation:
    parameters = [_parameter(each) for each in (*shared, *said.get("parameters", ()))]
    content = said.get("requestBody", {}).get("content", {})
    return Operation(
        said["operationId"],
        method.upper(),
        path,
        said["summary"],
        said.get("description", ""),
        next((scope for each in said["security"] for scopes in each.values() for scope in scopes), ""),
        parameters,
        [(media_type, _shapes(media.get("schema", {}))) for media_type, media in content.items()],
        [sample for media_type, media in content.items() for sample in _samples(media_type, media)],
        [(status, _answer(answer)) for status, answer in said["responses"].items() if status.startswith("2")],
        [(status, _meaning(document, answer)) for status, answer in said["responses"].items() if status[0] in "345"],
    )


def _parameter(said: Described) -> Row:
    schema = said.get("schema", {})
    row = _row(said["name"], schema, said.get("required", False))
    note = str(said.get("description") or row.note)
    return Row(row.name, row.title, note, row.kind, row.required, said["in"], row.code_list, row.choices)


def _row(name: str, said: Described, required: bool) -> Row:
    choices = [str(choice) for choice in said.get("enum", ()) if choice != ""]
    return Row(
        name,
        said.get("title", ""),
        said.get("description", ""),
        " / ".join(dict.fromkeys(_kinds(said))),
        required,
        code_list=said.get("x-code-list", ""),
        choices=choices if len(choices) <= _MANY else (),
        shapes=[shape for shape in _shapes(said) if shape.name],
    )


def _kinds(said: Described) -> Iterator[str]:
    for part in said.get("anyOf", ()):
        yield from _kinds(part)
    if "$ref" in said:
        yield "object"
    kinds = said.get("type", ())
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        yield kind + _narrowed(said, kind)


def _narrowed(said: Described, kind: str) -> str:
    if "format" in said:
        return f"({said['format']})"
    if "maxLength" in said:
        return f"≤{said['maxLength']}"
    inner = next(_kinds(said.get("items", {})), "") if kind == "array" else ""
    return f"[{inner}]" if inner else ""


def _shapes(said: Described, *, many: bool = False) -> list[Shape]:
    if "$ref" in said:
        return [Shape(said["$ref"].removeprefix(_REF), many=many)]
    found = [shape for part in said.get("anyOf", ()) for shape in _shapes(part, many=many)]
    if "items" in said:
        found += _shapes(said["items"], many=True)
    return found or [Shape("", " / ".join(_kinds(said)))]


def _answer(said: Described) -> list[Shape]:
    found = [shape for media in said.get("content", {}).values() for shape in _shapes(media.get("schema", {})) if shape.name]
    others = [Shape("", media_type) for media_type, media in said.get("content", {}).items() if not media]
    return [*found, *others]


def _samples(media_type: str, media: Described) -> Iterator[Sample]:
    for example in media.get("examples", {}).values():
        value = example["value"]
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
        yield Sample(example.get("summary", ""), media_type, text)


def _meaning(document: Described, said: Described) -> str:
    known = document["components"]["responses"][said["$ref"].rsplit("/", 1)[1]] if "$ref" in said else said
    return str(known["description"])
