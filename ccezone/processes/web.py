"""The web server: granian in front of ``ccezone.wsgi``."""

from granian import Granian
from granian.constants import Interfaces

from ccezone.settings import Settings

_BACKLOG = 1024


def run_web(host: str, port: int, processes: int) -> None:
    """Serve the WSGI application until told to stop."""
    Settings.from_environment()  # fail here, with the variable's name, rather than in every child
    server = Granian(
        "ccezone.wsgi:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=1,
        backlog=_BACKLOG,
        log_access=False,
        respawn_failed_workers=True,
    )
    server.serve()
