"""Looking commodity codes up: the 2019 tariff with legal units, declaration elements, and what is known of the rates."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import searched
from schemas.codes import HsEntry, hs_entry
from schemas.codes.tariff import known_rates, search_tariff

blueprint = Blueprint("tariff", __name__, url_prefix="/codes/hs")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.SPECIAL, _l("商品编码查询"), "tariff.search", order=78, note=_l("按编码或品名查法定单位、申报要素与税率")),
    ),
)
_ROWS, _PICKED = 50, 8


@dataclass(frozen=True, slots=True)
class Element:
    """One declaration element of a code, and what a product says of it."""

    name: str
    value: str


@blueprint.get("")
@public
def search() -> ResponseReturnValue:
    """Search by code or words."""
    text, start = searched(), max(0, request.args.get("from", 0, int))
    found = search_tariff(text, _ROWS + 1, start)
    following = start + _ROWS if len(found) > _ROWS else None
    return render_template("public/tariff.html", hits=found[:_ROWS], text=text, following=following)


@blueprint.get("/<hs_code>")
@public
def code(hs_code: str) -> ResponseReturnValue:
    """Show one code."""
    entry = hs_entry(hs_code) or abort(404)
    return render_template("public/tariff_code.html", entry=entry, rates=known_rates(hs_code))


@blueprint.get("/pick")
@public
def pick() -> ResponseReturnValue:
    """A few codes to choose from, as a part of a form; ``field`` is the input in which one is typed, sent under its name."""
    field = request.args.get("field", "hs_code")
    text = request.args.get(field, "").strip()[:100]
    known = hs_entry(text)
    hits = () if known else search_tariff(text, _PICKED)
    return render_template("public/tariff_pick.html", hits=hits, known=known, text=text, field=field)


@blueprint.get("/elements")
@public
def elements() -> ResponseReturnValue:
    """The declaration elements of a code as inputs, filled from a specification; a part of the product form."""
    entry = hs_entry(request.args.get("hs_code", ""))
    asked = elements_of(entry, request.args.get("specification", "")[:250])
    return render_template("public/tariff_elements.html", entry=entry, elements=asked)


def elements_of(entry: HsEntry | None, specification: str) -> list[Element]:
    """Pair a code's elements with a specification that states all of them in their official order, divided by ``|``.

    A specification of another number of parts was written otherwise: nothing is guessed from it.
    """
    if entry is None:
        return []
    asked = entry.declaration_elements
    stated = specification.split("|")
    if len(stated) != len(asked):
        stated = [""] * len(asked)
    return [Element(name, value.strip()) for name, value in zip(asked, stated, strict=True)]
