"""The application factory of the site and of whatever API blueprints it is handed."""

from collections.abc import Sequence

from flask import Flask
from prometheus_client import CollectorRegistry

from ccezone.bills.ports import Deliveries
from ccezone.kernel.clock import Clock, SystemClock
from ccezone.reporting.ports import ReportSheets
from ccezone.settings import Settings
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from ccezone.tax_refunds.ports import SaleTables
from ccezone.tracing.ports import MoneyHistory
from ccezone.web.features import FEATURES
from ccezone.web.hub import EXTENSION, Hub, Terms
from ccezone.web.public.health import METRICS
from ccezone.web.shell import access, errors, i18n, observing, rendering, security
from ccezone.web.shell.feature import Feature

_QUIET = frozenset({"static", "health.live", "health.ready", "health.metrics"})


def create_app(
    settings: Settings,
    database: Database,
    clock: Clock | None = None,
    *,
    deliveries: Deliveries,
    more: Sequence[Feature] = (),
    metrics: CollectorRegistry | None = None,
    terms: Terms | None = None,
    money: MoneyHistory | None = None,
    sales: SaleTables | None = None,
    report_sheets: ReportSheets | None = None,
    traffic: Clock | None = None,
) -> Flask:
    """Build the site. ``deliveries`` decodes what firms upload and type, ``more`` holds the API's blueprints, ``metrics``
    figures of other parts to show at ``/metrics``, ``terms`` the rules by which a form is looked at before it is sent,
    ``money`` the steps of an order's money, ``sales`` reads tables of sales abroad, ``report_sheets`` workbooks of reports,
    ``traffic`` is the clock of what passes through the hub, where it may be another one.

    Raises ``UnguardedRoute`` when a page does not say who may open it.
    """
    features = (*FEATURES, *more)
    app = Flask(__name__)
    app.secret_key = settings.secret_key
    app.config.update(QUIET_ENDPOINTS=_QUIET, ANONYMOUS_ENDPOINTS=_QUIET)
    vault = PersonalVault(settings.personal_key)
    surroundings = (clock or SystemClock(), vault, deliveries, features, terms, money, sales, report_sheets, traffic)
    app.extensions[EXTENSION] = Hub(settings, database, *surroundings)
    security.install(app, production=settings.production)
    i18n.install(app)
    app.extensions[METRICS] = [observing.install(app), *([metrics] if metrics else [])]
    rendering.install(app)
    errors.install(app)
    for feature in features:
        app.register_blueprint(feature.blueprint)
    apis = [feature.blueprint for feature in more if (feature.blueprint.url_prefix or "").startswith("/api")]
    for blueprint in apis:
        security.csrf.exempt(blueprint)
    access.guard(app, frozenset(blueprint.name for blueprint in apis))
    return app
