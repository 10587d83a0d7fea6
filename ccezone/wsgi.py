"""The web process: pages and API in one WSGI application, served by granian."""

from flask import Flask

from ccezone.api import Services, create_blueprints
from ccezone.bootstrap import Hub, assemble
from ccezone.fx.queries.history import money_steps
from ccezone.processes.collector import relax_collector
from ccezone.settings import Settings
from ccezone.web.app import create_app
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.observing import configure_logs
from integrations.workbooks import ReportFiles
from integrations.workbooks.sales import SaleSheets


def application(hub: Hub) -> Flask:
    """Build the application of an assembled hub."""
    settings, terms = hub.settings, hub.terms
    services = Services(
        hub.database,
        hub.vault,
        hub.traffic,
        hub.deliveries,
        terms.merging,
        terms.book,
        settings.sandbox,
        settings.webhooks_private,
        listing=terms.listing,
    )
    more = [Feature(blueprint) for blueprint in create_blueprints(services)]
    return create_app(
        hub.settings,
        hub.database,
        hub.clock,
        deliveries=hub.deliveries,
        more=more,
        terms=hub.terms,
        money=money_steps,
        sales=SaleSheets(),
        report_sheets=ReportFiles(),
        traffic=hub.traffic,
    )


def create() -> Flask:
    """Build the application from the environment (the server's entry point)."""
    configure_logs()
    app = application(assemble(Settings.from_environment()))
    relax_collector()
    return app
