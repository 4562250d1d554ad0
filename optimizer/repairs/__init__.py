"""A proposal taken up again around what was decided by hand."""
