"""Orders, payments, waybills and shipping links: lists, one bill with its story, and forms to send, change, delete one."""

from ccezone.web.firm.bills import writing
from ccezone.web.firm.bills.viewing import FEATURE

__all__ = ["FEATURE", "writing"]
