"""Whether the systems behind the zone's services work: for everybody, without an account."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.cases.queries import current_outages, past_outages
from ccezone.web.hub import hub
from ccezone.web.office import upstream_standing as shown
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry

blueprint = Blueprint("status", __name__, url_prefix="/status")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.SPECIAL, _l("系统状态"), "status.show", order=60, note=_l("单一窗口等上游系统是否正常，中断与维护公告")),
    ),
)


@blueprint.get("")
@public
def show() -> ResponseReturnValue:
    """Show how each system stands, what is announced, and what was."""
    now = hub().clock.now()
    with hub().database.reading() as connection:
        sources = shown.sources(connection)
        current, past = current_outages(connection, now), past_outages(connection, now)
    return render_template("public/status.html", sources=sources, current=current, past=past, now=now, shown=shown)
