"""Handing out certificates of registration as PDF."""

from uuid import UUID

from flask import Response, abort, url_for
from flask_babel import force_locale

from ccezone.enterprises.queries import paper
from ccezone.enterprises.queries.nodes import nodes
from ccezone.enterprises.queries.papers import REGISTRATION
from ccezone.printing.certificate import CertificateFrame, registration_certificate
from ccezone.web.hub import hub
from ccezone.web.registering.words import ROLE_NAMES
from ccezone.web.zone import zone_name


def certificate_of(enterprise_id: UUID, code: str) -> Response:
    """Return a certificate of this firm; 404 for any other code."""
    with hub().database.reading() as connection:
        found = paper(connection, code)
        names = {node.code: (node.name, node.name_en) for node in nodes(connection)}
    if found is None or found.kind != REGISTRATION or found.enterprise_id != enterprise_id:
        abort(404)
    zone = zone_name(hub().settings.zone)
    address = hub().settings.public_url.rstrip("/") + url_for("verify.show", code=found.code)
    node = str(found.facts.get("node", ""))
    frame = CertificateFrame(zone.zh, zone.en, address, _roles(), names.get(node, (node, "")))
    body = registration_certificate(found.code, found.digest, found.facts, found.issued_at, frame)
    headers = {"Content-Disposition": f'inline; filename="certificate-{found.code}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=headers)


def _roles() -> dict[str, tuple[str, str]]:
    with force_locale("zh"):
        chinese = {role: str(name) for role, name in ROLE_NAMES.items()}
    with force_locale("en"):
        return {role: (chinese[role], str(name)) for role, name in ROLE_NAMES.items()}
