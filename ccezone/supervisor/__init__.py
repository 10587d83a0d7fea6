"""Keeping several processes alive on one machine: start in order, watch, restart, stop all, leave none behind.

``Supervisor([Child("web", argv, ready=HttpReady(url)), …], logs).run()`` is the whole of it. A real deployment uses the
operating system's or the container platform's own; this one lets a single command run everything.
"""

from ccezone.supervisor.child import Child, HttpReady, LogReady
from ccezone.supervisor.supervisor import Supervisor

__all__ = ["Child", "HttpReady", "LogReady", "Supervisor"]
