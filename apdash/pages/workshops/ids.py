"""Identifiers of the page « Bilans d’atelier »."""

GRID = "workshop-grid"  # filled by assets/workshop-page.js
GRID_SPEC = "workshop-grid-spec"
GRID_READY = "workshop-grid-ready"
GRID_STATUS = "workshop-grid-status"
GRID_COUNT = "workshop-grid-count"

EXPORT, DOWNLOAD = "workshop-export", "workshop-download"
