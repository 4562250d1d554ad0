"""Why a file cannot be read or written, in words."""

_REASONS = {
    FileNotFoundError: "introuvable",
    IsADirectoryError: "c’est un dossier",
    NotADirectoryError: "son dossier n’en est pas un",
    PermissionError: "accès refusé",
}


def why_unreadable(wrong: OSError) -> str:
    """Why a file cannot be read or written, in French where that is usual."""
    kind = next((kind for kind in _REASONS if isinstance(wrong, kind)), None)
    return wrong.strerror or "accès impossible" if kind is None else _REASONS[kind]
