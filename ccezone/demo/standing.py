"""What stands in the demo's zone from the beginning, beside the traffic: credit, inspections, refunds, checks, consents, loans."""

from ccezone.demo.applying import found_path
from ccezone.demo.credit import found_credit
from ccezone.demo.entering import found_special_area
from ccezone.demo.inspecting import found_inspections
from ccezone.demo.leaving import found_prerefunds
from ccezone.demo.lending import found_lending
from ccezone.demo.partners import found_consents
from ccezone.demo.refunds import found_refunds
from ccezone.demo.reporting import found_reports
from ccezone.demo.watching import found_watching
from ccezone.kernel.clock import Clock
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault


def found_standing(database: Database, zone: str, clock: Clock, vault: PersonalVault | None) -> None:
    """Found what is not there yet; a second time nothing is doubled."""
    found_path(database, clock)
    found_credit(database, zone, clock, vault)
    found_inspections(database, zone, clock)
    found_prerefunds(database, zone, clock)
    found_special_area(database, zone, clock)
    found_refunds(database, zone, clock)
    found_watching(database, clock)
    found_consents(database, clock)
    found_lending(database, clock)
    found_reports(database, zone, clock)
