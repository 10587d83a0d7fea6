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
    staff,
    webhooks,
    workbooks,
)
from ccezone.web.firm import cases as own_cases
from ccezone.web.firm import credit as own_credit
from ccezone.web.firm.declaring import general
from ccezone.web.firm.refunds import calculator, claiming, ledger
from ccezone.web.office import (
    approvals,
    audit,
    cases,
    enterprises,
    exchange_rates,
    mail,
    messages,
    monitor,
    nodes,
    parameters,
    receipts,
    today,
    upstream,
    users,
)
from ccezone.web.office.credit import firms as credit_firms
from ccezone.web.office.credit import importing as credit_import
from ccezone.web.office.credit import listings as credit_lists
from ccezone.web.office.risk import alerts as risk_alerts
from ccezone.web.office.risk import rulebook as risk_rules
from ccezone.web.public import credit as public_credit
from ccezone.web.public import developer, guide, health, home, register, reveal, sign_in, standard, status, tariff, verify
from ccezone.web.shell.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    sign_in.FEATURE,
    register.FEATURE,
    verify.FEATURE,
    public_credit.FEATURE,
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
    ledger.FEATURE,
    claiming.FEATURE,
    calculator.FEATURE,
    own_cases.FEATURE,
    papers.FEATURE,
    figures.FEATURE,
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
    today.FEATURE,
    cases.FEATURE,
    risk_alerts.FEATURE,
    risk_rules.FEATURE,
    upstream.FEATURE,
    mail.FEATURE,
    messages.FEATURE,
    receipts.FEATURE,
    approvals.FEATURE,
    credit_firms.FEATURE,
    credit_lists.FEATURE,
    credit_import.FEATURE,
    nodes.FEATURE,
    exchange_rates.FEATURE,
    parameters.FEATURE,
    enterprises.FEATURE,
    users.FEATURE,
    audit.FEATURE,
)
