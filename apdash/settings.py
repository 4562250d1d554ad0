"""What can be set from outside: the file, the address, the day."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "data" / "reference"
DEMO_DB = ROOT / "data" / "demo" / "demo.duckdb"
ASSETS = ROOT / "assets"
DEFAULT_PORT = 8050


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data are and where the pages are served."""

    db: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    reference: Path = REFERENCE

    @property
    def is_loopback(self) -> bool:
        """True when only this machine can reach the pages."""
        return self.host in ("127.0.0.1", "localhost", "::1")


def from_environment(*, db: str | None = None, host: str | None = None, port: int | None = None) -> Settings:
    """Return the settings: what is given here first, then APDASH_DB, APDASH_HOST, APDASH_PORT, then the demo."""
    return Settings(
        db=Path(db or os.environ.get("APDASH_DB") or DEMO_DB),
        host=host or os.environ.get("APDASH_HOST") or "127.0.0.1",
        port=port or int(os.environ.get("APDASH_PORT") or DEFAULT_PORT),
    )
