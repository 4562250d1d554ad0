"""What somebody is importing, between the files received and the transaction; kept by the server, never by the page."""

import uuid
from dataclasses import dataclass, field

import polars as pl

from apdash.errors import ApdashError
from apdash.imports import ImportFile, ImportOptions, Kind, MappingProposal, Preview
from apdash.imports.tables import Table
from apdash.rights import Action, Viewer
from apdash.services import Services

MEGABYTE = 1024 * 1024
MOST_AT_ONCE = 64 * MEGABYTE  # all the files one person holds here


@dataclass(frozen=True, slots=True)
class Received:
    """A file as received, and what it is; error: why it is not read at all."""

    file: ImportFile
    kind: Kind | None = None
    error: ApdashError | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The files looked at together.

    table, proposal: for a table, its cells and what its columns are taken for; corrected: as somebody chose.
    preview: what would change, None when `error` says why it cannot be told; past_year: what was said of files of a
    year that is over, to be confirmed.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    options: ImportOptions
    corrected: bool = False
    table: Table | None = None
    proposal: MappingProposal | None = None
    preview: Preview | None = None
    error: ApdashError | None = None
    past_year: ApdashError | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An import that was written. summary: category, subject, count."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    year: int
    summary: pl.DataFrame
    review: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of one person that are not written yet, those being looked at, and what was just written."""

    received: tuple[Received, ...] = ()
    look: Look | None = None
    done: tuple[Done, ...] = ()
    version: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    @property
    def waiting(self) -> list[ImportFile]:
        """Return the files to import that are not among those being looked at."""
        shown = self.look.names if self.look else ()
        return [one.file for one in self.received if one.error is None and one.file.name not in shown]


def held(services: Services, viewer: Viewer) -> Draft | None:
    """Return what this person is importing; None when there is nothing, or nothing any more."""
    viewer.require(Action.IMPORT)
    found = services.drafts.find(_owner(viewer))
    return found if isinstance(found, Draft) else None


def held_or_refused(services: Services, viewer: Viewer) -> Draft:
    """Return what this person is importing; raises `ApdashError` when it was too long ago."""
    draft = held(services, viewer)
    if draft is None:
        raise ApdashError(
            "Aperçu expiré.",
            "Les fichiers ne sont gardés que 30 minutes. Rien n’a été écrit : redonnez-les.",
        )
    return draft


def hold(services: Services, viewer: Viewer, draft: Draft) -> None:
    """Keep what this person is importing, in place of what they were importing before."""
    viewer.require(Action.IMPORT)
    services.drafts.keep(_owner(viewer), draft)


def let_go(services: Services, viewer: Viewer) -> None:
    """Forget the files of this person; nothing of them is written."""
    viewer.require(Action.IMPORT)
    services.drafts.forget(_owner(viewer))


def _owner(viewer: Viewer) -> str:
    return f"import:{viewer.login}"
