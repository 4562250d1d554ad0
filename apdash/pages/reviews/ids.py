"""Identifiers of what the bilan pages exchange with the browser."""

GRID = "review-grid"  # filled by assets/review-page.js
GRID_SPEC = "review-grid-spec"
GRID_READY = "review-grid-ready"
GRID_STATUS = "review-grid-status"
GRID_PASTE = "review-grid-paste"
GRID_LEFT = "review-grid-left"
