"""Finds which student each line of a table speaks of; when two fit, the line is refused, never guessed."""

import polars as pl

from apdash.imports.extract import date_of
from apdash.imports.headers import IDENTITY
from apdash.imports.mapping import ColumnMapping, identity_expression
from apdash.imports.names import person_key, plain_text, split_full_name
from apdash.imports.tables import Table

_NOBODY = "Élève introuvable dans la base."
_TWO = "Plusieurs élèves correspondent : précisez l’INE, la date de naissance ou la classe."


def people_of(table: Table, mapping: ColumnMapping) -> pl.DataFrame:
    """Return line, the fields of `headers.IDENTITY`, name_key, first_key, class_key, who, odd_date."""
    raw = table.rows.select("line", **identity_expression(mapping))
    last, first = split_full_name("full_name")
    named = raw.with_columns(
        last_name=pl.coalesce("last_name", last), first_name=pl.coalesce("first_name", first)
    )
    typed = (
        named.with_columns(
            born=date_of("born_on"),
            who=pl.coalesce(
                "full_name", pl.concat_str("last_name", "first_name", separator=" "), "last_name", "ine"
            ),
            sex=plain_text(pl.col("sex")).replace_strict(
                {
                    "m": "M",
                    "g": "M",
                    "1": "M",
                    "mr": "M",
                    "masculin": "M",
                    "f": "F",
                    "2": "F",
                    "mme": "F",
                    "mlle": "F",
                    "feminin": "F",
                },
                default=None,
                return_dtype=pl.String,
            ),
            ine=pl.col("ine").str.to_uppercase().str.replace_all(r"\s", ""),
            name_key=pl.when(pl.col("full_name").is_not_null())
            .then(person_key("full_name"))
            .otherwise(person_key("last_name", "first_name")),
        )
        .with_columns(odd_date=pl.col("born_on").is_not_null() & pl.col("born").is_null())
        .with_columns(born_on="born")
    )
    return typed.drop("born").with_columns(_class_key("division"), first_key=plain_text(pl.col("first_name")))


def matched_again(people: pl.DataFrame, directory: pl.DataFrame) -> pl.DataFrame:
    """Return the same as `matched` for a table where a student may be on many lines."""
    named = list(IDENTITY)
    one = people.unique(named, keep="first", maintain_order=True)
    found = matched(one, directory, once=False).select(*named, "id", "why")
    return people.join(found, on=named, how="left", nulls_equal=True, maintain_order="left")


def matched(people: pl.DataFrame, directory: pl.DataFrame, *, once: bool = True) -> pl.DataFrame:
    """Return the people with `id` (null: nobody) and `why` (null when found; else what to do about it).

    directory: `queries.imports.directory`; whoever uses another name than their family's is known under both. In
    order: ELEVE_ID, INE, name with birth date, name with division, name alone when the line has neither; then a longer
    or shorter last name with the same first name and birth date or division. once: a student is found once only.
    """
    known = _under_both_names(directory).with_columns(
        _class_key("division"),
        name_key=person_key("last_name", "first_name"),
        first_key=plain_text(pl.col("first_name")),
        last_key=plain_text(pl.col("last_name")),
    )
    rows = people.with_columns(id=pl.lit(None, pl.Int64), why=pl.lit(None, pl.String))
    for keys, only in (
        (["siecle_id"], pl.lit(True)),
        (["ine"], pl.lit(True)),
        (["name_key", "born_on", "class_key"], pl.lit(True)),
        (["name_key", "born_on"], pl.lit(True)),
        (["name_key", "class_key"], pl.col("born_on").is_null()),
        (["name_key"], pl.col("born_on").is_null() & pl.col("class_key").is_null()),
    ):
        rows = _joined(rows, known, keys, only)
    rows = _by_longer_name(_by_name_alone(rows, known), known)
    return _checked(rows, directory, once=once).select([*people.columns, "id", "why"])


def _under_both_names(directory: pl.DataFrame) -> pl.DataFrame:
    family = directory.drop_nulls("family_name").with_columns(last_name="family_name")
    return pl.concat([directory, family])


def _joined(rows: pl.DataFrame, known: pl.DataFrame, keys: list[str], only: pl.Expr) -> pl.DataFrame:
    """Find by these keys the rows not found yet; where several students fit, say so and stop looking."""
    groups = (
        known.drop_nulls(keys).group_by(keys).agg(found=pl.col("id").first(), fitting=pl.col("id").n_unique())
    )
    joined = rows.join(groups, on=keys, how="left", maintain_order="left")
    tried = pl.col("id").is_null() & pl.col("why").is_null() & only & pl.col("fitting").is_not_null()
    # A shared INE is an error of the source: the name may still tell.
    silent = pl.lit(keys == ["ine"])
    return joined.with_columns(
        id=pl.when(tried & (pl.col("fitting") == 1)).then("found").otherwise("id"),
        why=pl.when(tried & (pl.col("fitting") > 1) & ~silent).then(pl.lit(_TWO)).otherwise("why"),
    ).drop("found", "fitting")


def _by_name_alone(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Find a name that only one student has, where the store lacks what the line adds; tell where it disagrees."""
    names = known.unique(["id", "name_key"], maintain_order=True)
    alone = names.filter(pl.col("name_key").is_unique()).select(
        "name_key", found="id", known_class="class_key", known_division="division", known_born="born_on"
    )
    joined = rows.join(alone, on="name_key", how="left", maintain_order="left")
    lost = pl.col("id").is_null() & pl.col("why").is_null() & pl.col("found").is_not_null()
    dated = pl.col("born_on").is_not_null()
    nothing_against = (
        pl.when(dated).then(pl.col("known_born").is_null()).otherwise(pl.col("known_class").is_null())
    )
    elsewhere = ~dated & (pl.col("class_key") != pl.col("known_class")).fill_null(False)
    words = pl.format(
        "La base met cet élève en {} : précisez l’INE ou la date de naissance.", "known_division"
    )
    return joined.with_columns(
        id=pl.when(lost & nothing_against).then("found").otherwise("id"),
        why=pl.when(lost & elsewhere).then(words).otherwise("why"),
    ).drop("found", "known_class", "known_division", "known_born")


def _by_longer_name(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Find students under a longer or shorter last name (a name in use), with the same first name and date or class."""
    lost = (
        rows.filter(pl.col("id").is_null() & pl.col("why").is_null())
        .select("line", "first_key", "born_on", "class_key", mine=plain_text(pl.col("last_name")))
        .drop_nulls(["first_key", "mine"])
    )
    pairs = lost.join(
        known.select("id", "first_key", "last_key", known_born="born_on", known_class="class_key"),
        on="first_key",
    )
    within = pl.format(" {} ", "last_key").str.contains(pl.format(" {} ", "mine"), literal=True)
    around = pl.format(" {} ", "mine").str.contains(pl.format(" {} ", "last_key"), literal=True)
    same = (
        pl.when(pl.col("born_on").is_not_null())
        .then(pl.col("born_on") == pl.col("known_born"))
        .otherwise(pl.col("class_key") == pl.col("known_class"))
    )
    close = pairs.filter((within | around) & same.fill_null(False) & (pl.col("mine") != ""))
    fitting = close.unique(["line", "id"])
    alone = fitting.filter(pl.col("line").is_unique() & pl.col("id").is_unique()).select("line", found="id")
    joined = rows.join(alone, on="line", how="left", maintain_order="left")
    return joined.with_columns(id=pl.coalesce("id", "found")).drop("found")


def _checked(rows: pl.DataFrame, known: pl.DataFrame, *, once: bool) -> pl.DataFrame:
    """Refuse what contradicts the student found, and a student found twice."""
    joined = rows.join(
        known.select("id", known_ine="ine", known_born="born_on"), on="id", how="left", maintain_order="left"
    )
    twice = pl.col("id").is_not_null() & ~pl.col("id").is_first_distinct() & pl.lit(once)
    other_ine = (pl.col("ine") != pl.col("known_ine")).fill_null(False)
    other_birth = (
        (pl.col("born_on") != pl.col("known_born")).fill_null(False)
        & pl.col("siecle_id").is_null()
        & pl.col("ine").is_null()
    )
    nameless = pl.all_horizontal(
        pl.col(name).is_null() for name in ("siecle_id", "ine", "last_name", "full_name")
    )
    why = (
        pl.when(pl.col("why").is_not_null())
        .then("why")
        .when(nameless)
        .then(pl.lit("Aucun nom ni numéro sur cette ligne."))
        .when(pl.col("odd_date"))
        .then(pl.lit("Date de naissance illisible."))
        .when(twice)
        .then(pl.lit("Cet élève est déjà sur une ligne plus haut."))
        .when(other_ine)
        .then(pl.lit("L’INE n’est pas celui de cet élève dans la base."))
        .when(other_birth)
        .then(pl.lit("La date de naissance n’est pas celle de la base."))
        .when(pl.col("id").is_null())
        .then(pl.lit(_NOBODY))
    )
    return joined.with_columns(why=why).with_columns(id=pl.when(pl.col("why").is_null()).then("id"))


def is_nobody(column: str = "why") -> pl.Expr:
    """True where a line names somebody the store does not hold: a new student, in a list of students."""
    return pl.col(column) == _NOBODY


def _class_key(column: str) -> pl.Expr:
    return plain_text(pl.col(column)).alias("class_key")
