"""Work that is done in turns, each as much as one transaction should hold."""

from collections.abc import Callable


def in_turns(turn: Callable[[], int], at_once: int) -> int:
    """Take turns until one does less than the ``at_once`` it could; return how much all of them did."""
    done = number = turn()
    while number >= at_once:
        done += (number := turn())
    return done
