"""Loops that drain the queues, one per stage, and the ticks of the scheduler."""

from ccezone.worker.loops import STAGES, run_stages
from ccezone.worker.ticks import run_scheduler

__all__ = ["STAGES", "run_scheduler", "run_stages"]
