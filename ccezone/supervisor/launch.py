"""The last step before a child program: give up root, tie its life to the parent's, become the program.

Run as a script by the parent (``python -I -S launch.py …``), never imported by it: a fork that still has to run Python
code is not safe in a process with threads, an ``exec`` of a fresh interpreter is. Standard library only.
"""

import ctypes
import os
import signal
import struct
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION_3 = 0x20080522


def command(
    argv: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
    reach: bool = False,
) -> list[str]:
    """Wrap ``argv`` so that it dies by ``death_signal`` with the *thread* that starts it.

    ``user`` is the uid and gid to become (root only). ``reach`` lets that user pass through folders it may not enter,
    for a checkout below ``/root``.
    """
    options = [f"--parent={os.getpid()}", f"--death-signal={int(death_signal)}"]
    if user is not None:
        options.append(f"--user={user[0]}:{user[1]}")
    if reach:
        options.append("--reach")
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *options, "--", *argv]


def main() -> None:
    """Do what the options say, then become the program. Never returns."""
    options = _options()
    if options.user:
        uid, gid = map(int, options.user.split(":"))
        _become(uid, gid, reach=options.reach)
    if sys.platform == "linux":
        # After the change of user, which clears it.
        _prctl(_PR_SET_PDEATHSIG, options.death_signal)
    if os.getppid() != options.parent:
        sys.exit("launch: the parent died before its child began")
    os.execv(options.argv[0], options.argv)  # noqa: S606 - becoming the given program is the purpose


def _options() -> Namespace:
    parser = ArgumentParser(prog="launch")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--user")
    parser.add_argument("--reach", action="store_true")
    parser.add_argument("argv", nargs="+")
    return parser.parse_args()


def _become(uid: int, gid: int, *, reach: bool) -> None:
    if reach:
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if reach and not any(_keep(capability) for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE)):
        sys.exit("launch: this user may not enter the folder, and the system does not allow an exception")


def _keep(capability: int) -> bool:
    """Hand one capability on to the program (Linux ambient set). False when the system does not grant it."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    sets = struct.pack("6I", bit, bit, bit, 0, 0, 0)
    if libc.capset(header, sets) != 0:
        return False
    return bool(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        sys.exit(f"launch: prctl {option}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main()
