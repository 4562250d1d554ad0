"""Imports: bytes of a file -> what they would change -> one transaction.

`recognise` tells what a file is; `mapping_proposal` what the columns of a table mean; `preview` what would change;
`commit` writes it. `import_batches` puts several files in the order to import them.
"""

from apdash.imports.kinds import (
    KIND_WORDS,
    MAX_FILE,
    ImportFile,
    ImportOptions,
    Kind,
    read_import_file,
)
from apdash.imports.mapping import ColumnMapping, TableKind, ValueColumn
from apdash.imports.mapping_file import read_mapping_file
from apdash.imports.previews import CATEGORIES, Preview, preview_csv
from apdash.imports.proposal import MappingProposal
from apdash.imports.recognition import recognise
from apdash.imports.steps import commit, import_batches, preview
from apdash.imports.table_findings import mapping_proposal

__all__ = [
    "CATEGORIES",
    "KIND_WORDS",
    "MAX_FILE",
    "ColumnMapping",
    "ImportFile",
    "ImportOptions",
    "Kind",
    "MappingProposal",
    "Preview",
    "TableKind",
    "ValueColumn",
    "commit",
    "import_batches",
    "mapping_proposal",
    "preview",
    "preview_csv",
    "read_import_file",
    "read_mapping_file",
    "recognise",
]
