"""All pages of the site: whoever adds a group of pages imports its ``FEATURE`` here."""

from ccezone.web.accounts import centre, choices, profile
from ccezone.web.firm import (
    authorities,
    batches,
    bills,
    credentials,
    declarations,
    declaring,
    defaults,
    figures,
    jobs,
    matches,
    papers,
    parties,
    product_sheets,
    products,
    registration,
    report_sheets,
    reports,
    staff,
    trace,
    webhooks,
    workbooks,
)
from ccezone.web.firm import cases as own_cases
from ccezone.web.firm import consents as own_consents
from ccezone.web.firm import credit as own_credit
from ccezone.web.firm import explorer as own_explorer
from ccezone.web.firm import inspection as own_inspection
from ccezone.web.firm.applications import files as application_files
from ccezone.web.firm.applications import returns as goods_returns
from ccezone.web.firm.applications import summaries
from ccezone.web.firm.declaring import general
from ccezone.web.firm.fx import borrowings as fx_borrowings
from ccezone.web.firm.fx import due as fx_due
from ccezone.web.firm.fx import handling as fx_handling
from ccezone.web.firm.fx import ledger as fx_ledger
from ccezone.web.firm.fx import over_limit as fx_over_limit
from ccezone.web.firm.fx import reporting as fx_reporting
from ccezone.web.firm.fx import workbooks as fx_workbooks
from ccezone.web.firm.refunds import area, area_files, calculator, claiming, clawbacks, exempting, leaving, ledger, packs, vouchers
from ccezone.web.office import (
    approvals,
    audit,
    cases,
    enterprises,
    exchange,
    exchange_rates,
    explorer,
    mail,
    messages,
    monitor,
    nodes,
    parameters,
    partners,
    provider_credentials,
    receipts,
    recognition,
    reconciliation,
    reporting_orders,
    return_indicators,
    returns,
    supplements,
    taxpayer_pilots,
    today,
    upstream,
    user_nodes,
    users,
)
from ccezone.web.office import consents as office_consents
from ccezone.web.office import reports as office_reports
from ccezone.web.office.credit import firms as credit_firms
from ccezone.web.office.credit import importing as credit_import
from ccezone.web.office.credit import listings as credit_lists
from ccezone.web.office.credit import persons as credit_persons
from ccezone.web.office.credit import sources as credit_sources
from ccezone.web.office.inspection import inspectors
from ccezone.web.office.inspection import order as inspection_order
from ccezone.web.office.inspection import orders as inspection_orders
from ccezone.web.office.inspection import plans as inspection_plans
from ccezone.web.office.risk import alerts as risk_alerts
from ccezone.web.office.risk import background as risk_background
from ccezone.web.office.risk import rulebook as risk_rules
from ccezone.web.partner import agency, bank, bank_borrowings, bank_credentials, bank_reading, pledges, tax, tax_packs
from ccezone.web.public import credit as public_credit
from ccezone.web.public import (
    developer,
    draws,
    guide,
    health,
    home,
    register,
    reveal,
    sign_in,
    standard,
    statistics,
    status,
    tariff,
    verify,
)
from ccezone.web.shell.feature import Feature

_FURTHER_PAGES = (application_files, area_files, fx_borrowings, fx_due, fx_ledger, fx_over_limit, fx_reporting, fx_workbooks)
"""Modules whose pages stand on the blueprint of another's feature."""
FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    sign_in.FEATURE,
    register.FEATURE,
    verify.FEATURE,
    public_credit.FEATURE,
    draws.FEATURE,
    statistics.FEATURE,
    standard.FEATURE,
    tariff.FEATURE,
    guide.FEATURE,
    status.FEATURE,
    developer.FEATURE,
    health.FEATURE,
    reveal.FEATURE,
    profile.FEATURE,
    centre.FEATURE,
    choices.FEATURE,
    matches.FEATURE,
    bills.FEATURE,
    batches.FEATURE,
    workbooks.FEATURE,
    declaring.FEATURE,
    declarations.FEATURE,
    general.FEATURE,
    summaries.FEATURE,
    goods_returns.FEATURE,
    ledger.FEATURE,
    exempting.FEATURE,
    packs.FEATURE,
    claiming.FEATURE,
    clawbacks.FEATURE,
    leaving.FEATURE,
    area.FEATURE,
    vouchers.FEATURE,
    calculator.FEATURE,
    fx_handling.FEATURE,
    own_cases.FEATURE,
    own_inspection.FEATURE,
    own_consents.FEATURE,
    papers.FEATURE,
    trace.FEATURE,
    figures.FEATURE,
    own_explorer.FEATURE,
    reports.FEATURE,
    report_sheets.FEATURE,
    jobs.FEATURE,
    products.FEATURE,
    product_sheets.FEATURE,
    parties.FEATURE,
    defaults.FEATURE,
    credentials.FEATURE,
    webhooks.FEATURE,
    registration.FEATURE,
    own_credit.FEATURE,
    staff.FEATURE,
    authorities.FEATURE,
    monitor.FEATURE,
    explorer.FEATURE,
    returns.FEATURE,
    return_indicators.FEATURE,
    supplements.FEATURE,
    office_reports.FEATURE,
    reporting_orders.FEATURE,
    today.FEATURE,
    cases.FEATURE,
    risk_alerts.FEATURE,
    risk_rules.FEATURE,
    inspection_orders.FEATURE,
    inspection_order.FEATURE,
    inspection_plans.FEATURE,
    inspectors.FEATURE,
    risk_background.FEATURE,
    upstream.FEATURE,
    reconciliation.FEATURE,
    exchange.FEATURE,
    mail.FEATURE,
    messages.FEATURE,
    receipts.FEATURE,
    recognition.FEATURE,
    approvals.FEATURE,
    credit_firms.FEATURE,
    credit_lists.FEATURE,
    credit_import.FEATURE,
    credit_sources.FEATURE,
    credit_persons.FEATURE,
    nodes.FEATURE,
    exchange_rates.FEATURE,
    parameters.FEATURE,
    enterprises.FEATURE,
    taxpayer_pilots.FEATURE,
    users.FEATURE,
    user_nodes.FEATURE,
    partners.FEATURE,
    provider_credentials.FEATURE,
    office_consents.FEATURE,
    bank.FEATURE,
    bank_reading.FEATURE,
    bank_borrowings.FEATURE,
    bank_credentials.FEATURE,
    pledges.FEATURE,
    tax.FEATURE,
    tax_packs.FEATURE,
    agency.FEATURE,
    audit.FEATURE,
)
