"""Files for other software: group lists, a calendar, lists for doors."""

from apdash.exports.files import EXPORTS, KINDS, Export, export_notes, file_name, write_export

__all__ = ["EXPORTS", "KINDS", "Export", "export_notes", "file_name", "write_export"]
