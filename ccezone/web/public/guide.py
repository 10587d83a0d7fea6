"""Help: the main flow from registration to release, in both languages."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.i18n import language

blueprint = Blueprint("guide", __name__)
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("使用帮助"), "guide.main", order=90, note=_l("从三单申报到放行的全流程说明")),),
)


@blueprint.get("/help")
@public
def main() -> ResponseReturnValue:
    """Explain the main flow."""
    return render_template(f"public/help_{language()}.html")
