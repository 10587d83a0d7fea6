"""Random inspections in public: what was frozen, what was drawn, the population to download, and the draw computed again."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.credit.queries import credit_terms
from ccezone.credit.rules.visibility import Viewer, visible
from ccezone.inspection.queries.draws import PlanView, Publication, drawn_objects, plan_numbered, plans, progress, publication
from ccezone.inspection.rules.drawing import beside, drawn_in, parse, replay
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import attachment
from ccezone.web.shell.paging import PAGE, after_id, page
from ccezone.web.shell.security import limiter

blueprint = Blueprint("draws", __name__, url_prefix="/draws")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("随机抽查公示"), "draws.listing", order=96, note=_l("双随机抽查的名单、结果，可自行复算")),),
)
_PUBLIC = ("frozen", "drawn")


@blueprint.get("")
@public
def listing() -> ResponseReturnValue:
    """List what was published, the newest first."""
    with hub().database.reading() as connection:
        rows = plans(connection, _PUBLIC, after_id(), PAGE + 1)
    return render_template("inspection/draws.html", page=page(rows, lambda row: row.id), words=words)


@blueprint.get("/<int:number>")
@limiter.limit("60/minute")
@public
def show(number: int) -> ResponseReturnValue:
    """Show one draw; ``?replay=1`` computes it again from what was published."""
    given = request.args.get("after", "0")
    if not (given.isascii() and given.isdecimal() and len(given) < 9):
        abort(400)
    with hub().database.reading() as connection:
        found, told = _published(connection, number)
        results = _results(connection, found)
        done = progress(connection, found.id, words.today())
    frozen = parse(told.document)
    labels = {thing.token: thing for thing in frozen.population}
    drawn = list(enumerate(drawn_in(told.document), 1))[int(given) :]
    again = replay(told.document) if told.stage == "drawn" and request.args.get("replay") else None
    grades = [(grade, share, sum(thing.grade == grade for thing in frozen.population)) for grade, share in frozen.shares.items()]
    return render_template(
        "inspection/draw.html", plan=found, told=told, frozen=frozen, labels=labels, results=results, done=done, again=again,
        page=page(drawn[: PAGE + 1], lambda row: row[0]), words=words, grades=grades, told_beside=beside(told.document),
    )  # fmt: skip


@blueprint.get("/<int:number>/<any(frozen, drawn):stage>.json")
@public
def document(number: int, stage: str) -> Response:
    """Hand out what was published, byte for byte."""
    with hub().database.reading() as connection:
        found, _told = _published(connection, number)
        told = publication(connection, found.id, stage) or abort(404)
    return attachment(told.document, f"draw-{found.spelled}-{stage}.json", "application/json")


def _results(connection: Connection, found: PlanView) -> dict[str, str]:
    """Return what became of each drawn object, as far as everybody may see it: the result, or that there is one."""
    terms = credit_terms(connection, hub().settings.zone, words.today())
    told = "platform" in visible(terms.reaches, Viewer.PUBLIC)
    rows = drawn_objects(connection, found.id, words.today(), limit=1_000)
    return {row.token: (row.result or "") if told or not row.result else "done" for row in rows}


def _published(connection: Connection, number: int) -> tuple[PlanView, Publication]:
    """Return a plan that is public and the last that was published of it; 404 for any other."""
    found = plan_numbered(connection, number) if number < 1 << 63 else None
    if found is None or found.state not in _PUBLIC:
        abort(404)
    return found, publication(connection, found.id, found.state) or abort(404)
