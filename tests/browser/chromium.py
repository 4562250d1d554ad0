"""Finds the Chromium the journeys drive; as root on Debian or Ubuntu, installs it first."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
HOW_TO = (
    "Les parcours dans le navigateur demandent Chromium.\n"
    "  Debian, Ubuntu : sudo apt-get install chromium\n"
    "  Fedora         : sudo dnf install chromium\n"
    "  macOS          : brew install --cask chromium\n"
    "Ou donnez le chemin d’un Chromium ou d’un Chrome installé : APDASH_CHROMIUM=/chemin/vers/chromium"
)


def find() -> str | None:
    """Return the path of a Chromium or Chrome on this machine, if there is one."""
    given = os.environ.get("APDASH_CHROMIUM")
    return (
        given if given and os.access(given, os.X_OK) else next(filter(None, map(shutil.which, NAMES)), None)
    )


def install() -> None:
    """Install Debian's package, quietly; does nothing where it cannot."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run([apt, *arguments], env=environment, check=False, stdout=subprocess.DEVNULL)


def main() -> int:
    """Return 0 when a browser is there, 1 after saying what to install."""
    if find() is None:
        install()
    if find() is None:
        print(HOW_TO, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
