"""Identifiers of the page « Bilans d’atelier »."""

GRID = "workshop-grid"  # filled by assets/workshop-page.js
GRID_SPEC = "workshop-grid-spec"
GRID_READY = "workshop-grid-ready"
GRID_STATUS = "workshop-grid-status"
GRID_COUNT = "workshop-grid-count"

GIVE, GIVE_TEXT, GIVE_EVIDENCE, GIVE_MODEL, GIVE_WHERE = (
    "workshop-give", "workshop-give-text", "workshop-give-evidence", "workshop-give-model", "workshop-give-where",
)  # fmt: skip
EXPORT, DOWNLOAD = "workshop-export", "workshop-download"
