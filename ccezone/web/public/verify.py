"""Verifying papers the hub issued: anybody with the code sees what it says, and whether it still holds."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.enterprises.queries import PaperView, directory, paper
from ccezone.enterprises.queries.nodes import nodes
from ccezone.printing.papers import COMPOSERS, fact_rows, present_facts
from ccezone.statistics.queries.returns import content, files, return_by_code, snapshot, steps
from ccezone.statistics.rules.returns import digest
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office import return_words
from ccezone.web.registering import words
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import language
from ccezone.web.shell.security import limiter

blueprint = Blueprint("verify", __name__, url_prefix="/verify")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("证书核验"), "verify.ask", order=95, note=_l("凭核验码查验平台签发的证书和文件")),),
)
KINDS = {
    "registration": _l("备案证书"),
    "list": _l("申报清单"),
    "bill": _l("业务单证"),
    "merge": _l("三单比对结果"),
    "batch": _l("报送批次"),
    "general": _l("报关单登记"),
    "income_tax": _l("核定征收企业所得税年度计算表"),
    "refund_claim": _l("出口退税申报证据包"),
    "case": _l("异常工单"),
    "inspection": _l("联合查验单"),
    "return": _l("统计报表"),
}


@blueprint.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for a code; one that is typed leads to its page."""
    code = request.args.get("code", "").strip()[:40]
    if code:
        return redirect(url_for("verify.show", code=code))
    return render_template("registration/verify.html", code="", paper=None)


@blueprint.get("/<code>")
@limiter.limit("60/minute")
@public
def show(code: str) -> ResponseReturnValue:
    """Show what a paper says and whether it holds; 404 for a code nobody issued."""
    with hub().database.reading() as connection:
        found = paper(connection, code)
        if found and found.kind == "return":
            return _return(connection, found)
        if found and found.kind in COMPOSERS:
            return _document(connection, found)
        firm = directory(connection).by_id.get(found.enterprise_id) if found and found.enterprise_id else None
        names = {node.code: node.name_en if language() == "en" and node.name_en else node.name for node in nodes(connection)}
    page = render_template(
        "registration/verify.html", code=code[:40], paper=found, firm=firm, words=words, kinds=KINDS, nodes=names
    )
    return page, 200 if found else 404


@blueprint.post("/<code>")
@limiter.limit("20/minute")
@public
def compare(code: str) -> ResponseReturnValue:
    """Compare a return's file that somebody holds with the one that was signed, byte by byte."""
    with hub().database.reading() as connection:
        found = paper(connection, code)
        if found is None or found.kind != "return":
            abort(404)
        return _return(connection, found, _sent())


def _sent() -> bytes:
    """Return the file that came, and let go of it."""
    given = request.files.get("file")
    if given is None:
        return b""
    try:
        content: bytes = given.read()
    finally:
        given.close()
    return content


def _return(connection: Connection, found: PaperView, sent: bytes | None = None) -> ResponseReturnValue:
    """Show how a statistical return stands; with a file, whether it is the one that was signed."""
    row = return_by_code(connection, found.code) or abort(404)
    made = [each for each in files(connection, row.id) if each.stage == "signed"]
    names = {each.name: content(connection, row.id, each.name, "signed") for each in made} if sent is not None else {}
    same = next((name for name, signed in names.items() if signed == sent), "")
    signer = next((each.note for each in steps(connection, row.id) if each.action == "sign"), "")
    return render_template(
        "returns/verify.html", paper=found, row=row, files=made, signer=signer, words=return_words, sent=sent is not None,
        same=same, digest=digest(snapshot(connection, row.id)),
    )  # fmt: skip


def _document(connection: Connection, found: PaperView) -> ResponseReturnValue:
    """Show what a printed document said, and what it would say now."""
    present = present_facts(connection, hub().vault, hub().deliveries, found)
    rows = fact_rows(found.facts, present, language())
    same = present is not None and dict(present) == dict(found.facts)
    return render_template(
        "registration/verify_document.html", code=found.code, paper=found, present=present, rows=rows, same=same, kinds=KINDS
    )
