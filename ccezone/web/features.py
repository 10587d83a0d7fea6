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
    matches,
    products,
    registration,
    staff,
    webhooks,
    workbooks,
)
from ccezone.web.firm.declaring import general
from ccezone.web.office import approvals, cases, enterprises, exchange_rates, mail, messages, nodes, receipts, today, users
from ccezone.web.public import developer, guide, health, home, register, reveal, sign_in, standard, tariff, verify
from ccezone.web.shell.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    sign_in.FEATURE,
    register.FEATURE,
    verify.FEATURE,
    standard.FEATURE,
    tariff.FEATURE,
    guide.FEATURE,
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
    products.FEATURE,
    defaults.FEATURE,
    credentials.FEATURE,
    webhooks.FEATURE,
    registration.FEATURE,
    staff.FEATURE,
    authorities.FEATURE,
    today.FEATURE,
    cases.FEATURE,
    mail.FEATURE,
    messages.FEATURE,
    receipts.FEATURE,
    approvals.FEATURE,
    nodes.FEATURE,
    exchange_rates.FEATURE,
    enterprises.FEATURE,
    users.FEATURE,
)
