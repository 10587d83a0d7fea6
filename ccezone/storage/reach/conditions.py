"""Which rows of each table somebody of some nodes sees: SQL over the row, true for what belongs to a firm of those nodes.

A table that stands in neither list shows them nothing (``laying``), and a test asks for it to be entered here.
"""

from collections.abc import Mapping

WITHIN = "string_to_array(current_setting('ccezone.nodes', true), ',')"
"""The nodes in reach."""
NOTHING = "false"


def _firm(column: str) -> str:
    """The row names a firm in reach: ``enterprise`` has its own policy, which holds here too."""
    return f"{column} IN (SELECT e.id FROM enterprise e)"  # noqa: S608  # our own names


def _of(table: str, column: str, parent: str, key: str = "id") -> str:
    """The row belongs to another row that is in reach."""
    return f"EXISTS (SELECT FROM {parent} p WHERE p.{key} = {table}.{column})"


def _stored(kind: str) -> str:
    return f"""EXISTS (SELECT FROM {kind}_version v WHERE v.{kind}_key = ANY (intake_batch.bill_keys)
        AND v.batch_id = intake_batch.id AND intake_batch.kind = '{kind}')"""


_OWN = {
    "enterprise_id": (
        *("api_credential", "credit_evidence", "credit_foreign_grade", "credit_score", "credit_source", "credit_treatment"),
        *("declaration_defaults", "declaration_draft", "exception_case", "idempotent_answer", "inspection_object"),
        *("inspection_order", "licence", "notice_tally", "party_book_entry", "product", "risk_background_check"),
        *("webhook_endpoint", "webhook_event"),
        *("data_consent", "fx_account", "fx_match", "fx_order", "fx_receipt", "fx_settlement_line", "partner_read"),
        "reporting_duty",
        *("fx_borrowing", "fx_credit_report", "fx_parked_line", "fx_reminder"),
    ),
    "merchant_id": (
        *("declaration_list", "list_contributor", "declaration_wish", "general_declaration", "goods_ledger_item", "refund_claim"),
        *("customs_application", "goods_exemption", "refund_clawback", "risk_trace"),
        *("leave_prerefund", "overseas_sale", "promotion_voucher", "refund_account_pledge", "taxpayer_pilot"),
        *("area_delivery", "area_reminder", "area_summary"),
    ),
}
"""Tables by the column that names the firm."""
_CHILDREN = {
    "area_summary_delivery": ("summary_id", "area_summary"),
    "application_step": ("application_id", "application"),
    "application_filing": ("application_id", "customs_application"),
    "bank_decision": ("consent_id", "data_consent"),
    "cancellation": ("declaration_id", "declaration_list"),
    "consent_step": ("consent_id", "data_consent"),
    "case_step": ("case_id", "exception_case"),
    "credit_listing_step": ("listing_id", "credit_listing"),
    "declaration_state": ("id", "declaration_list"),
    "export_part": ("job_id", "background_job"),
    "fx_borrowing_step": ("borrowing_id", "fx_borrowing"),
    "fx_instruction": ("receipt_id", "fx_receipt"),
    "fx_move": ("receipt_id", "fx_receipt"),
    "fx_step": ("receipt_id", "fx_receipt"),
    "goods_claim_day": ("claim_id", "refund_claim"),
    "goods_return": ("id", "customs_application"),
    "goods_return_line": ("application_id", "customs_application"),
    "inspection_check": ("order_id", "inspection_order"),
    "inspection_step": ("order_id", "inspection_order"),
    "leave_entry": ("prerefund_id", "leave_prerefund"),
    "list_change": ("declaration_id", "declaration_list"),
    "promotion_voucher_step": ("voucher_id", "promotion_voucher"),
    "promotion_voucher_use": ("voucher_id", "promotion_voucher"),
    "quota_entry": ("declaration_id", "declaration_list"),
    "refund_claim_item": ("claim_id", "refund_claim"),
    "refund_invoice": ("claim_id", "refund_claim"),
    "refund_message": ("claim_id", "refund_claim"),
    "refund_pledge_step": ("pledge_id", "refund_account_pledge"),
    "refund_step": ("claim_id", "refund_claim"),
    "report_step": ("report_id", "filed_report"),
    "returned_quantity": ("declaration_id", "declaration_list"),
    "risk_agency": ("alert_id", "risk_alert"),
    "risk_step": ("alert_id", "risk_alert"),
    "submission": ("declaration_id", "declaration_list"),
    "submission_message": ("submission_id", "submission"),
    "summary_declaration": ("id", "customs_application"),
    "summary_entry": ("application_id", "customs_application"),
    "summary_entry_line": ("application_id", "customs_application"),
    "summary_list": ("application_id", "customs_application"),
    "webhook_attempt": ("endpoint_id", "webhook_endpoint"),
    "webhook_delivery": ("endpoint_id", "webhook_endpoint"),
    "workbook_part": ("job_id", "background_job"),
}
"""Tables by the column that names the row they belong to, and where that row stands."""
_ORDER = "EXISTS (SELECT FROM order_version o WHERE o.order_key = {table}.order_key)"
_TRANSMITTED = "transmitter_code IN (SELECT unnest(ARRAY[e.uscc, e.customs_code]) FROM enterprise e)"

CONDITIONS: Mapping[str, str] = {
    **{table: _firm(column) for column, tables in _OWN.items() for table in tables},
    **{table: _of(table, *place) for table, place in _CHILDREN.items()},
    "enterprise": f"node = ANY ({WITHIN})",
    "agent_authority": f"{_firm('owner_id')} OR {_firm('agent_id')}",
    "application": f"{_firm('enterprise_id')} OR (enterprise_id IS NULL AND facts ->> 'node' = ANY ({WITHIN}))",
    "background_job": f"""{_firm("enterprise_id")} OR (enterprise_id IS NULL
        AND arguments ->> 'nodes' = current_setting('ccezone.nodes', true))""",
    "batch_fault": "EXISTS (SELECT FROM intake_batch b WHERE b.id = batch_fault.batch_id)",
    "credit_listing": f"{_firm('enterprise_id')} OR uscc IN (SELECT e.uscc FROM enterprise e)",  # noqa: S608  # our own names
    "credit_lookup": "uscc IN (SELECT e.uscc FROM enterprise e)",
    "event_log": """CASE subject_kind
        WHEN 'list' THEN EXISTS (SELECT FROM declaration_list d WHERE d.id = event_log.subject)
        WHEN 'order' THEN EXISTS (SELECT FROM order_version o WHERE o.order_key = event_log.subject)
        ELSE true END""",
    # Somebody else may have sent a firm's bills: when they came must show. Who sent them reads the batch (queries.batches).
    # A statement shows where its account's firm does; what no bank's instruction asked for, and whole ledgers, are the zone's.
    "fx_statement": "EXISTS (SELECT FROM fx_account a WHERE a.number = fx_statement.account)",
    "intake_batch": " OR ".join([_firm("submitter_id"), *map(_stored, ("order", "payment", "waybill", "link"))]),
    "issued_paper": f"enterprise_id IS NULL OR {_firm('enterprise_id')}",
    "link_version": f"{_firm('submitter_id')} OR {_ORDER.format(table='link_version')}",
    # Of firms by their own node: a firm that reports directly to the zone still belongs to its park's firms.
    "filed_report": f"CASE WHEN enterprise_id IS NULL THEN node = ANY ({WITHIN}) ELSE {_firm('enterprise_id')} END",
    "report_lateness": f"CASE WHEN enterprise_id IS NULL THEN node = ANY ({WITHIN}) ELSE {_firm('enterprise_id')} END",
    "goods_fact": f"node = ANY ({WITHIN})",
    "goods_total": f"owner IN (SELECT md5('node:' || n.code)::uuid FROM unnest({WITHIN}) AS n (code))",  # noqa: S608  # our own names
    "list_fact": f"node = ANY ({WITHIN})",
    "list_total": f"""merchant_id IN (SELECT e.id FROM enterprise e)
        OR merchant_id IN (SELECT md5('node:' || n.code)::uuid FROM unnest({WITHIN}) AS n (code))""",  # noqa: S608  # our own names
    "order_fact": f"node = ANY ({WITHIN})",
    "order_match": f"""{_firm("merchant_id")} OR (merchant_id IS NULL
        AND EXISTS (SELECT FROM payment_version p WHERE p.order_key = order_match.order_key))""",
    "order_recognition": "EXISTS (SELECT FROM order_match m WHERE m.order_key = order_recognition.order_key)",
    "order_total": f"owner IN (SELECT md5('node:' || n.code)::uuid FROM unnest({WITHIN}) AS n (code))",  # noqa: S608  # our own names
    "order_version": f"{_firm('merchant_id')} OR {_firm('submitter_id')}",
    "outbox_item": _TRANSMITTED,
    "outgoing_message": _TRANSMITTED,
    "payment_version": f"{_firm('submitter_id')} OR {_ORDER.format(table='payment_version')}",
    "receipt": """CASE WHEN kind >= 600 THEN EXISTS (SELECT FROM declaration_list d WHERE d.id = receipt.subject)
        ELSE true END""",
    "registration_block": "uscc IN (SELECT e.uscc FROM enterprise e)",
    # An alert about several firms is seen where all its orders are.
    "risk_alert": f"""{_firm("merchant_id")} AND (merchants <= 1 OR cardinality(subjects)
        = (SELECT count(DISTINCT t.subject) FROM risk_trace t WHERE t.subject = ANY (risk_alert.subjects)))""",  # noqa: S608  # our own names
    "stored_file": f"enterprise_id IS NULL OR {_firm('enterprise_id')}",
    "tax_bill": """EXISTS (SELECT FROM declaration_state s WHERE s.list_no = tax_bill.list_no)""",
    "supplement_fact": f"node = ANY ({WITHIN})",
    "supplement_total": f"owner IN (SELECT md5('node:' || n.code)::uuid FROM unnest({WITHIN}) AS n (code))",  # noqa: S608  # our own names
    "user_account": f"enterprise_id IS NULL OR {_firm('enterprise_id')}",
    "waybill_version": f"""{_firm("submitter_id")}
        OR EXISTS (SELECT FROM link_version l WHERE l.waybill_key = waybill_version.waybill_key)
        OR EXISTS (SELECT FROM order_version o WHERE o.order_no_key = waybill_version.order_no_key
            AND o.order_no = waybill_version.order_no AND o.consignee_digest = waybill_version.consignee_digest
            AND o.consignee_telephone_digest = waybill_version.consignee_telephone_digest)""",  # noqa: S608  # our own names
    # Persons, what nobody could read, trials over all firms' trade: the zone's alone.
    **dict.fromkeys(
        ("credit_person", "credit_person_evidence", "credit_person_look", "parked_receipt", "refund_parked_notice"), NOTHING
    ),
    **dict.fromkeys(("report_reminder",), NOTHING),
    **dict.fromkeys(("risk_trial", "unreadable_message", "fx_parked_notice"), NOTHING),
    **dict.fromkeys(("reconciliation_balance", "reconciliation_item", "reconciliation_run"), NOTHING),
    **dict.fromkeys(("return_file", "return_snapshot", "return_step", "statistical_return"), NOTHING),
    **dict.fromkeys(("supplement_batch", "supplement_decision", "supplement_line"), NOTHING),
}
OPEN: Mapping[str, str] = {
    **dict.fromkeys(("audit_entry", "audit_head", "audit_verification"), "the trail; read by subject, or by its administrator"),
    **dict.fromkeys(("web_session", "one_time_link", "role_request"), "about persons of the office, or found by a secret"),
    **dict.fromkeys(("notice", "notice_choice", "mail_message"), "a person's own; the office's mail page is closed to nodes"),
    **dict.fromkeys(("node", "parameter", "parameter_proposal", "tariff_rate"), "the zone's public register and rules"),
    **dict.fromkeys(("risk_rule", "inspector", "inspection_plan", "inspection_publication"), "the zone's, without a firm's row"),
    **dict.fromkeys(("outage_notice", "partner", "upstream_minute"), "who counterparties are and how they stand"),
    **dict.fromkeys(
        ("credit_mark", "figure_mark", "fx_mark", "goods_ledger_mark", "inspection_mark", "risk_mark", "merge_queue", "order_lock"),
        "how far the worker is",
    ),
    "alembic_version": "the migration",
}
"""Tables that show everything, and why that shows no firm's row."""
