"""The most memory that this process and its children have held."""

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float | None:
    """Megabytes at the highest; None where the system does not tell (Windows).

    Linux tells in `VmHWM` what the process itself held: `getrusage` also counts what its parent held when it
    was forked.
    """
    try:
        import resource
    except ImportError:
        return None
    unit = 1024 if sys.platform == "darwin" else 1
    kilobytes = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit]
    if _STATUS.exists():
        told = (line.split() for line in _STATUS.read_text("utf-8").splitlines())
        kilobytes += [float(words[1]) for words in told if words and words[0] == "VmHWM:"]
    else:
        kilobytes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    return round(max(kilobytes) / 1024, 1)
