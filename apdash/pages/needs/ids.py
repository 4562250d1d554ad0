"""Identifiers of the needs page, shared with assets/needs.js."""

TABLE = "needs-heat"
ASKED = "needs-asked"
WHY = "needs-why"
WHY_BODY = "needs-why-body"
READING = "needs-reading"
