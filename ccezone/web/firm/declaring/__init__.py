"""Declaring by form: begin, fill in, look before you submit, submit; drafts that save themselves."""

from ccezone.web.firm.declaring import comparing, editing, finishing, picking
from ccezone.web.firm.declaring.starting import FEATURE

__all__ = ["FEATURE", "comparing", "editing", "finishing", "picking"]
