"""Use cases of enterprises: apply, decide, register, amend, certify, authorise agents, keep nodes, products and defaults."""

from ccezone.enterprises.service.applying import (
    NewLink,
    Started,
    grouped,
    open_by_code,
    open_by_link,
    renew_link,
    role_faults,
    save_section,
    start,
    withdraw,
)
from ccezone.enterprises.service.authorising import Grant, answer_authority, grant_authority, revoke_authority
from ccezone.enterprises.service.deciding import Approved, approve, certify, refuse, registered, send_back, start_amendment
from ccezone.enterprises.service.defaults import DefaultsEntry, hold_defaults, save_defaults
from ccezone.enterprises.service.drafts import add_licence, attach, detach, drop_licence, submit
from ccezone.enterprises.service.nodes import NodeEntry, add_node, change_node
from ccezone.enterprises.service.papers import issue_paper, revoke_papers
from ccezone.enterprises.service.products import (
    ProductEntry,
    Saved,
    hold_products,
    remove_product,
    remove_products,
    restore_products,
    save_products,
)
from ccezone.enterprises.service.registering import Registration, amend, register, set_status

__all__ = [
    "Approved",
    "DefaultsEntry",
    "Grant",
    "NewLink",
    "NodeEntry",
    "ProductEntry",
    "Registration",
    "Saved",
    "Started",
    "add_licence",
    "add_node",
    "amend",
    "answer_authority",
    "approve",
    "attach",
    "certify",
    "change_node",
    "detach",
    "drop_licence",
    "grant_authority",
    "grouped",
    "hold_defaults",
    "hold_products",
    "issue_paper",
    "open_by_code",
    "open_by_link",
    "refuse",
    "register",
    "registered",
    "remove_product",
    "remove_products",
    "renew_link",
    "restore_products",
    "revoke_authority",
    "revoke_papers",
    "role_faults",
    "save_defaults",
    "save_products",
    "save_section",
    "send_back",
    "set_status",
    "start",
    "start_amendment",
    "submit",
    "withdraw",
]
