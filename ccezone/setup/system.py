"""Libraries and programs that only the operating system can give: Pango, CJK fonts, Chromium.

Installed with apt when they are missing and we may (root or password-less sudo, and no ``CCEZONE_NO_APT``);
otherwise the line to type is shown and the set-up goes on, for most of the system works without them.
"""

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccezone.setup.steps import say

_TRIES = 3
_PAUSE_SECONDS = 10
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
_CJK_FONTS = ("*CJK*", "*wqy*", "*SourceHan*", "*PingFang*", "simsun*")


@dataclass(frozen=True)
class Need:
    """Something that must be on the machine, how to see whether it is, and its Debian packages; ``spare``: what does as well
    is there, so that it is only installed where the system offers it, and nobody is asked to do it by hand.
    """

    what: str
    packages: tuple[str, ...]
    present: Callable[[], bool]
    spare: bool = False


def needs(purpose: str) -> list[Need]:
    """What a purpose (``run`` or ``test``) needs of the machine."""
    always = [
        Need(
            "Pango and HarfBuzz (PDF)",
            ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
            lambda: all(map(_loads, ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"))),
        ),
        Need("a Chinese font (PDF)", ("fonts-noto-cjk",), _has_cjk_font),
    ]
    browsers = [
        Need("Chromium (browser tests)", ("chromium",), _has_chromium),
        Need("Chromium without windows (faster browser tests)", (SHELL,), lambda: shutil.which(SHELL) is not None, spare=True),
    ]
    return [*always, *browsers] if purpose == "test" else always


def bring_up_to_date(purpose: str) -> None:
    """Install what is missing, or say what to install."""
    missing = [need for need in needs(purpose) if not need.present()]
    _install_all([need for need in missing if not need.spare])
    if _apt() is not None:  # after what must be there: its installation brings the package lists, and does not fail with this
        _install_all([need for need in missing if need.spare and _offered(need.packages)])


def _install_all(missing: Sequence[Need]) -> None:
    if missing:
        packages = [package for need in missing for package in need.packages]
        install(packages, why=", ".join(need.what for need in missing))


def install(packages: Sequence[str], *, why: str) -> bool:
    """Install Debian packages if we may and can; otherwise say what to type. Returns whether it was done."""
    apt = _apt()
    if apt is None:
        say(f"missing: {why}. Install by hand: apt-get install {' '.join(packages)} (or your system's equivalent)")
        return False
    say(f"installing {why} with apt: {' '.join(packages)}")
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        if _apt_get(apt, "update") and _apt_get(apt, "install", "-y", "--no-install-recommends", *packages):
            return True
    say(f"apt could not install {why}. Going on without; by hand: apt-get install {' '.join(packages)}")
    return False


def _apt() -> list[str] | None:
    """How to call apt-get here, or ``None`` where we may not."""
    if os.environ.get("CCEZONE_NO_APT", "") not in ("", "0") or shutil.which("apt-get") is None:
        return None
    if os.getuid() == 0:
        return ["apt-get"]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "apt-get"]
    return None


def _offered(packages: Sequence[str]) -> bool:
    """Say whether the system's package lists have them all."""
    if shutil.which("apt-cache") is None:
        return False
    return subprocess.run(["apt-cache", "--quiet=2", "show", *packages], capture_output=True, check=False).returncode == 0


def _apt_get(apt: Sequence[str], *arguments: str) -> bool:
    options = ["-qq", "-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=120"]
    done = subprocess.run(
        [*apt, *options, *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say(done.stderr.strip()[-500:])
    return done.returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_cjk_font() -> bool:
    folders = [Path(folder).expanduser() for folder in _FONT_FOLDERS]
    return any(next(folder.rglob(pattern), None) for folder in folders if folder.is_dir() for pattern in _CJK_FONTS)


def _has_chromium() -> bool:
    return any(map(shutil.which, CHROMIUM))
