"""Opens a school file for one command, and finds what its arguments name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apdash.errors import ApdashError
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.queries.calendar import current_year


@contextmanager
def opened(db: Path, *, new: bool = False) -> Iterator[Services]:
    """Yield the services on a school file, closed at the end; only with `new` may the file not exist yet."""
    if not new and not db.is_file():
        raise ApdashError("Base introuvable.", f"{db} n’existe pas.")
    services = open_services(Settings(db=db))
    try:
        yield services
    finally:
        services.store.close()


def year_now(services: Services) -> int:
    """Return the school year it is; raises `ApdashError` when the school has none yet."""
    year = current_year(services.store, services.today())
    if year is None:
        raise ApdashError("Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web.")
    return year


def review_named(services: Services, wanted: str) -> int:
    """Return the id of the bilan with that code this year, or with that number."""
    found = services.store.read(
        """
        select id from review
        where (year = $year and lower(code) = lower($wanted)) or cast(id as varchar) = $wanted
        order by (year = $year and lower(code) = lower($wanted)) desc, id
        """,
        year=year_now(services),
        wanted=wanted.strip(),
    )
    if found.is_empty():
        raise ApdashError(
            "Bilan introuvable.", f"« {wanted} » n’est ni le code d’un bilan de l’année, ni un numéro."
        )
    return int(found["id"][0])
