"""What the pages of an application read: it, the nodes, the terms in force today, and what is still wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.enterprises.queries import enterprise
from ccezone.enterprises.queries.applications import ApplicationView, StepView, application, known_of, steps_of
from ccezone.enterprises.queries.nodes import NodeView, nodes
from ccezone.enterprises.queries.terms import RegistrationTerms, registration_terms
from ccezone.enterprises.rules.applying import Section, asked_of, fact_faults, licence_faults
from ccezone.enterprises.rules.checking import Finding, findings
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.web.hub import hub
from ccezone.web.registering.words import value_words
from ccezone.web.shell.i18n import language

__all__ = ["Page", "Place", "ResponseReturnValue", "SectionState", "opened", "today"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application is edited: on the public's pages or on a firm's own, which have pages of the same names."""

    blueprint: str
    application_id: UUID
    values: Mapping[str, str]
    actor: str

    def at(self, page: str, **values: object) -> str:
        """Return the address of one of its pages."""
        return url_for(f"{self.blueprint}.{page}", **self.values, **values)  # type: ignore[arg-type]  # addresses take any value


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section as the list of sections shows it: how many things are wrong or missing."""

    section: Section
    wrong: int


@dataclass(frozen=True, slots=True)
class Page:
    """An application with what is needed to show and judge it."""

    found: ApplicationView
    steps: Sequence[StepView]
    nodes: Sequence[NodeView]
    terms: RegistrationTerms
    findings: Sequence[Finding]
    today: date

    @property
    def required(self) -> frozenset[str]:
        """Licences that its roles must hold."""
        return self.terms.required(self.found.row.roles)

    @property
    def faults(self) -> list[Fault]:
        """Everything that keeps it from being submitted."""
        found = self.found
        stated = fact_faults(found.all_facts, found.row.roles)
        return stated + licence_faults(found.licences, self.required, self.today)

    @property
    def sections(self) -> list[SectionState]:
        """The sections that its roles have, each with the number of its faults."""
        counted = []
        for section in Section:
            names = {asked.name for asked in asked_of(self.found.row.roles, section)}
            names |= {"roles"} if section is Section.IDENTITY else {"licences"} if section is Section.LICENCES else set()
            if names or section is Section.FILES:
                wrong = [fault for fault in self.faults if fault.pointer.split("/")[1] in names]
                counted.append(SectionState(section, len(wrong)))
        return counted

    @property
    def reasons(self) -> Mapping[str, str]:
        """Reasons by field of the last return, while it is being mended."""
        if self.found.row.state != "returned":
            return {}
        return next((step.reasons for step in reversed(self.steps) if step.action == "returned"), {})

    @property
    def last_note(self) -> str:
        """The note of the last decision."""
        return next((step.note for step in reversed(self.steps) if step.action in ("returned", "refused")), "")

    def next_section(self, section: Section) -> Section | None:
        """Return the section after this one, ``None`` after the last."""
        order = [state.section for state in self.sections]
        at = order.index(section) + 1 if section in order else len(order)
        return order[at] if at < len(order) else None

    def said(self, name: str) -> str:
        """Say what stands in a field, codes and nodes by name."""
        value = self.found.all_facts.get(name, "")
        return _("、").join(self.value_said(name, each) for each in ([value] if isinstance(value, str) else value)) or "—"

    def value_said(self, name: str, value: str) -> str:
        """Say one value of a field."""
        return self.node_name(value) if name == "node" else value_words(name, value)

    def node_name(self, code: str) -> str:
        """Name a node in the reader's language."""
        node = next((each for each in self.nodes if each.code == code), None)
        if node is None:
            return code
        return node.name_en if language() == "en" and node.name_en else node.name


def opened(application_id: UUID) -> Page:
    """Read an application; 404 when there is none."""
    surroundings, day = hub(), today()
    with surroundings.database.reading() as connection:
        found = application(connection, surroundings.vault, application_id)
        if found is None:
            abort(404)
        terms = registration_terms(connection, surroundings.settings.zone, day)
        known = known_of(connection, found, terms.place_prefix)
        row = found.row
        told = findings(found.facts, row.roles, found.licences, terms.required(row.roles), known, day)
        return Page(found, steps_of(connection, surroundings.vault, row.id), nodes(connection), terms, told, day)


def firm_name(enterprise_id: UUID) -> str:
    """Name a registered firm."""
    with hub().database.reading() as connection:
        found = enterprise(connection, enterprise_id)
    return found.name if found else ""


def node_names() -> Mapping[str, str]:
    """Return the nodes' names in the reader's language, by code."""
    english = language() == "en"
    with hub().database.reading() as connection:
        return {node.code: node.name_en if english and node.name_en else node.name for node in nodes(connection)}


def today() -> date:
    """Return the day it is in Shanghai."""
    return hub().clock.now().astimezone(SHANGHAI).date()
