"""From files to a preview: each file recognised, the official ones together, then each table; nothing is written."""

import base64
import binascii
from dataclasses import replace

from apdash.errors import ApdashError
from apdash.imports import (
    ColumnMapping,
    ImportFile,
    ImportOptions,
    Kind,
    MappingProposal,
    Preview,
    import_batches,
    mapping_proposal,
    preview,
    recognise,
)
from apdash.imports.mapping import check_mapping
from apdash.imports.proposal import described
from apdash.imports.tables import Table, read_table
from apdash.labels import NBSP, number
from apdash.pages.importing.draft import MEGABYTE, MOST_AT_ONCE, Draft, Look, Received
from apdash.rights import Viewer
from apdash.services import Services


def sent_files(contents: list[str], names: list[str]) -> list[ImportFile]:
    """Return the files a browser sent; raises `ApdashError` when one did not arrive whole."""
    try:
        return [
            ImportFile(name[-120:], base64.b64decode(content.partition(",")[2], validate=True))
            for name, content in zip(names, contents, strict=True)
        ]
    except (binascii.Error, ValueError) as error:
        raise ApdashError(
            "Fichier mal reçu.", "L’envoi s’est interrompu. Donnez les fichiers de nouveau."
        ) from error


def with_files(services: Services, viewer: Viewer, draft: Draft | None, files: list[ImportFile]) -> Draft:
    """Return the draft with more files (the last one of a name stands), the first of them looked at."""
    names = {file.name for file in files}
    before = [one for one in draft.received if one.file.name not in names] if draft else []
    received = (*before, *(_received(file) for file in files))
    if sum(len(one.file.data) for one in received) > MOST_AT_ONCE:
        raise ApdashError(
            "Trop de fichiers à la fois.",
            f"Ils pèsent plus de {number(MOST_AT_ONCE / MEGABYTE)}{NBSP}Mo ensemble. Donnez-les en plusieurs fois.",
        )
    return next_look(services, viewer, Draft(received=received))


def without_file(services: Services, viewer: Viewer, draft: Draft, name: str) -> Draft:
    """Return the draft without a file."""
    received = tuple(one for one in draft.received if one.file.name != name)
    return next_look(services, viewer, Draft(received=received, done=draft.done))


def next_look(services: Services, viewer: Viewer, draft: Draft) -> Draft:
    """Return the draft with the next files to import looked at."""
    batches = import_batches(replace(draft, look=None).waiting)
    look = looked(services, viewer, batches[0]) if batches else None
    return Draft(received=draft.received, look=look, done=draft.done)


def looked_again(
    services: Services, viewer: Viewer, draft: Draft, mapping: ColumnMapping | None, options: ImportOptions
) -> Draft:
    """Return the draft with the same files looked at as decided; raises `ApdashError` when they cannot be."""
    names = draft.look.names if draft.look else ()
    files = [one.file for one in draft.received if one.file.name in names]
    look = looked(services, viewer, files, mapping=mapping, options=options)
    if look.error:
        raise look.error
    return Draft(received=draft.received, look=look, done=draft.done)


def looked(
    services: Services,
    viewer: Viewer,
    files: list[ImportFile],
    *,
    mapping: ColumnMapping | None = None,
    options: ImportOptions | None = None,
) -> Look:
    """Return what importing the files together would change, or why it cannot be told."""
    options = options or ImportOptions()
    names = tuple(file.name for file in files)
    kinds = tuple(recognise(file.name, file.data) for file in files)
    look = Look(names=names, kinds=kinds, options=options, corrected=mapping is not None)
    try:
        if kinds == (Kind.TABLE,):
            table = read_table(files[0])
            look = replace(look, table=table, proposal=_proposal(services, viewer, files[0], table, mapping))
        return replace(look, preview=_preview(services, viewer, files, mapping, options))
    except ApdashError as error:
        return _of_past_year(services, viewer, files, look, error)


def _of_past_year(
    services: Services, viewer: Viewer, files: list[ImportFile], look: Look, error: ApdashError
) -> Look:
    """Return the same look, allowed when the only thing against it is that the school year is over."""
    if look.options.other_year or look.table is not None:
        return replace(look, error=error)
    options = replace(look.options, other_year=True)
    try:
        seen = _preview(services, viewer, files, None, options)
    except ApdashError:
        return replace(look, error=error)
    return replace(look, preview=seen, past_year=error)


def _preview(
    services: Services,
    viewer: Viewer,
    files: list[ImportFile],
    mapping: ColumnMapping | None,
    options: ImportOptions,
) -> Preview:
    return preview(services, viewer, files=files, mapping=mapping, options=options)


def _proposal(
    services: Services, viewer: Viewer, file: ImportFile, table: Table, mapping: ColumnMapping | None
) -> MappingProposal:
    """Return what the columns are taken for: as corrected, else as remembered or proposed."""
    if mapping is None:
        return mapping_proposal(services, viewer, file=file)
    check_mapping(services.reference, table, mapping)
    columns = described(services.reference, table, mapping)
    return MappingProposal(mapping=mapping, columns=columns, never_read=table.never_read)


def _received(file: ImportFile) -> Received:
    try:
        return Received(file, kind=recognise(file.name, file.data))
    except ApdashError as error:
        return Received(file, error=error)
