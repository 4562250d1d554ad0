"""Files for other software: group lists, a calendar, lists for doors."""

from apdash.exports.files import EXPORTS, KINDS, Export, file_name, write_export

__all__ = ["EXPORTS", "KINDS", "Export", "file_name", "write_export"]
