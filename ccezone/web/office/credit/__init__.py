"""Credit at the office: who stands where and why, evidence, the negative and the red list."""

from ccezone.web.office.credit import firms, listings, recognising, stating

__all__ = ["firms", "listings", "recognising", "stating"]
