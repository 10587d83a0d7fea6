"""How many random sequences of events a state machine tries: few in every run, many with ``HYPOTHESIS_PROFILE=long``.

``make sequences`` runs every ``test_*sequences*.py`` with the long profile.
"""

import os

from hypothesis import HealthCheck, settings

LONG = "long"


def sequences(few: int, many: int, steps: int = 30) -> settings:
    """Settings of a state machine: ``few`` sequences of at most ``steps`` steps, ``many`` with the long profile."""
    long = os.environ.get("HYPOTHESIS_PROFILE") == LONG
    return settings(
        max_examples=many if long else few, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
