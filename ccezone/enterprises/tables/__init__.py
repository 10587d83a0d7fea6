"""Rows of enterprises: register, applications, licences, nodes, authorities, verifiable papers, products, defaults."""

from ccezone.enterprises.tables.applications import Application, ApplicationStep
from ccezone.enterprises.tables.authorities import AgentAuthority
from ccezone.enterprises.tables.defaults import DeclarationDefaults
from ccezone.enterprises.tables.enterprises import Enterprise, RegistrationBlock
from ccezone.enterprises.tables.licences import LicenceRow
from ccezone.enterprises.tables.nodes import Node
from ccezone.enterprises.tables.papers import IssuedPaper
from ccezone.enterprises.tables.party_book import PartyBookEntry
from ccezone.enterprises.tables.products import Product

__all__ = [
    "AgentAuthority",
    "Application",
    "ApplicationStep",
    "DeclarationDefaults",
    "Enterprise",
    "IssuedPaper",
    "LicenceRow",
    "Node",
    "PartyBookEntry",
    "Product",
    "RegistrationBlock",
]
