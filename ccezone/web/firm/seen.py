"""Master data that two may change at once: whoever saves has seen what stands there, or is shown it first."""

import hashlib

from flask import request

from ccezone.kernel.errors import Fault, Refused


def version(stored: object | None) -> str:
    """Return what a form carries of the row it was drawn from: a digest of the read model; empty while there is no row."""
    return hashlib.sha256(repr(stored).encode()).hexdigest()[:32] if stored is not None else ""


def demand_seen(stored: object | None) -> None:
    """Judge the version a form came back with, under the lock of the row. Raises ``Refused`` (``changed_meanwhile``)."""
    if request.form.get("version", version(stored)) != version(stored):
        raise Refused(Fault("", "changed_meanwhile"))
