"""Runs the mock single window as a process of its own: ``python -m tests.integrations.mock_process PORT URL KEYS``."""

import sys
from pathlib import Path

from integrations.mockservers.single_window.server import main

if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
