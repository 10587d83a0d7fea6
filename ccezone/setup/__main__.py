"""``python -m ccezone.setup run|test``: bring the checkout's environment up to date for running, or for testing."""

import sys

from ccezone.setup import front_end, python_packages, system
from ccezone.setup.steps import SetupFailed, say

_PURPOSES = ("run", "test")


def main(arguments: list[str]) -> int:
    """Do every step that has work. Returns 0, 1 when a step failed, or 2 for a wrong call."""
    if len(arguments) != 1 or arguments[0] not in _PURPOSES:
        print(f"usage: python -m ccezone.setup {'|'.join(_PURPOSES)}", file=sys.stderr)
        return 2
    purpose = arguments[0]
    try:
        python_packages.make_environment()
        system.bring_up_to_date(purpose)
        for step in [*python_packages.steps(purpose), front_end.step()]:
            step.bring_up_to_date()
    except SetupFailed as failure:
        say(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
