"""Declaring by form: begin, fill in, look before you submit, submit; drafts that save themselves."""

from ccezone.web.firm.declaring import changing, comparing, editing, finishing, picking
from ccezone.web.firm.declaring.starting import FEATURE

__all__ = ["FEATURE", "changing", "comparing", "editing", "finishing", "picking"]
