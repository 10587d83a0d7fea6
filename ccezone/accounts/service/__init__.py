"""Use cases of accounts: invite, accept, sign in and out, reset, disable, credentials, audit."""

from ccezone.accounts.rules import SEEN_AGAIN
from ccezone.accounts.service.audit import Audited, record
from ccezone.accounts.service.credentials import (
    MOST_OVERLAP_HOURS,
    OVERLAP_HOURS,
    IssuedCredential,
    issue_credential,
    note_use,
    revoke_credential,
    rotate_credential,
)
from ccezone.accounts.service.exporting import CheckAudit, ExportAudit, request_audit_check, request_audit_export
from ccezone.accounts.service.idempotency import Asked, InFlight, KeptAnswer, OtherRequest, claim, forget_answers, keep
from ccezone.accounts.service.links import IssuedLink, accept, issue_link, request_reset
from ccezone.accounts.service.nodes import ASSIGNED, assign_node
from ccezone.accounts.service.partners import PartnerEntry, add_partner, invite_to_partner, set_partner_active
from ccezone.accounts.service.roles import (
    RoleMoved,
    add_officer,
    ask_role,
    enable_officer,
    grant_role,
    refuse_role,
    relink_officer,
    remove_role,
    withdraw_role,
)
from ccezone.accounts.service.sessions import SignedIn, end_other_sessions, keep_alive, sign_in, sign_out, work_under
from ccezone.accounts.service.staff import enable_staff, invite_staff, reset_staff, set_permissions
from ccezone.accounts.service.users import Invitation, change_password, choose_locale, create_user, invite, set_enabled
from ccezone.accounts.service.verifying import AuditChecked, verify_audit, verify_daily

__all__ = [
    "ASSIGNED",
    "MOST_OVERLAP_HOURS",
    "OVERLAP_HOURS",
    "SEEN_AGAIN",
    "Asked",
    "AuditChecked",
    "Audited",
    "CheckAudit",
    "ExportAudit",
    "InFlight",
    "Invitation",
    "IssuedCredential",
    "IssuedLink",
    "KeptAnswer",
    "OtherRequest",
    "PartnerEntry",
    "RoleMoved",
    "SignedIn",
    "accept",
    "add_officer",
    "add_partner",
    "ask_role",
    "assign_node",
    "change_password",
    "choose_locale",
    "claim",
    "create_user",
    "enable_officer",
    "enable_staff",
    "end_other_sessions",
    "forget_answers",
    "grant_role",
    "invite",
    "invite_staff",
    "invite_to_partner",
    "issue_credential",
    "issue_link",
    "keep",
    "keep_alive",
    "note_use",
    "record",
    "refuse_role",
    "relink_officer",
    "remove_role",
    "request_audit_check",
    "request_audit_export",
    "request_reset",
    "reset_staff",
    "revoke_credential",
    "rotate_credential",
    "set_enabled",
    "set_partner_active",
    "set_permissions",
    "sign_in",
    "sign_out",
    "verify_audit",
    "verify_daily",
    "withdraw_role",
    "work_under",
]
