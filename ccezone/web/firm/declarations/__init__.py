"""Declaration lists: by state, one in full with its story, what it still lacks, filing it, its raw messages."""

from ccezone.web.firm.declarations import cancelling, raw, writing
from ccezone.web.firm.declarations.viewing import FEATURE

__all__ = ["FEATURE", "cancelling", "raw", "writing"]
