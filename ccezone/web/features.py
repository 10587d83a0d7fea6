"""All pages of the site: whoever adds a group of pages imports its ``FEATURE`` here."""

from ccezone.web.accounts import profile
from ccezone.web.firm import batches, bills, credentials, declarations, defaults, matches, products
from ccezone.web.office import cases, enterprises, messages, receipts, today, users
from ccezone.web.public import guide, health, home, reveal, sign_in, standard
from ccezone.web.shell.feature import Feature

FEATURES: tuple[Feature, ...] = (
    home.FEATURE,
    sign_in.FEATURE,
    standard.FEATURE,
    guide.FEATURE,
    health.FEATURE,
    reveal.FEATURE,
    profile.FEATURE,
    matches.FEATURE,
    bills.FEATURE,
    batches.FEATURE,
    declarations.FEATURE,
    products.FEATURE,
    defaults.FEATURE,
    credentials.FEATURE,
    today.FEATURE,
    cases.FEATURE,
    messages.FEATURE,
    receipts.FEATURE,
    enterprises.FEATURE,
    users.FEATURE,
)
