"""Use cases of cases, of upstream systems, and of stored files."""

from ccezone.cases.service.casework import (
    SYSTEM,
    By,
    CaseMoved,
    CaseOpened,
    add_note,
    answer,
    ask_firm,
    close_case,
    hand_over,
    open_case,
    prioritise,
    set_clock,
    take,
)
from ccezone.cases.service.files import Upload, drop_expired_files, let_go, store_file
from ccezone.cases.service.overseeing import Overseen, oversee
from ccezone.cases.service.upstream import (
    OutageEntry,
    Sightings,
    UpstreamCall,
    drop_old_sightings,
    end_outage,
    withdraw_outage,
    write_outage,
)

__all__ = [
    "SYSTEM",
    "By",
    "CaseMoved",
    "CaseOpened",
    "OutageEntry",
    "Overseen",
    "Sightings",
    "Upload",
    "UpstreamCall",
    "add_note",
    "answer",
    "ask_firm",
    "close_case",
    "drop_expired_files",
    "drop_old_sightings",
    "end_outage",
    "hand_over",
    "let_go",
    "open_case",
    "oversee",
    "prioritise",
    "set_clock",
    "store_file",
    "take",
    "withdraw_outage",
    "write_outage",
]
