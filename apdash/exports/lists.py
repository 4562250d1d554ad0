"""The columns each software expects, from dated memberships and groups in force: frames in, frames out."""

import polars as pl

from apdash.alphabet import by


def edt_rows(memberships: pl.DataFrame) -> pl.DataFrame:
    """Return a row per dated membership, as EDT and Pronote map it. memberships: as `dated_memberships`."""
    return memberships.select(
        pl.col("ine").fill_null("").alias("INE"),
        pl.col("last_name").alias("Nom"),
        pl.col("first_name").alias("Prénom"),
        pl.col("born_on").alias("Né(e) le"),
        pl.col("division").alias("Classe"),
        pl.col("code").alias("Groupe"),
        pl.col("starts_on").alias("Début"),
        pl.col("ends_on").alias("Fin"),
    )


def gepi_activity_rows(memberships: pl.DataFrame, logins: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the two columns GEPI reads for an AID: login of the student, name of the activity.

    logins: ine, login, from a GEPI export; without it, or for an unknown INE, the INE stands in, to be replaced.
    Whoever has no INE is left out: GEPI refuses a line without a login (see `left_out`).
    """
    known = pl.DataFrame(schema={"ine": pl.String, "login": pl.String}) if logins is None else logins
    return (
        memberships.drop_nulls("ine")
        .join(known, on="ine", how="left", maintain_order="left")
        .select(
            pl.coalesce("login", "ine").alias("login élève"),
            pl.concat_str("code", pl.lit(" "), "name").alias("Nom complet de l'activité"),
        )
    )


def left_out(memberships: pl.DataFrame, *, needed: list[str]) -> list[str]:
    """Return who lacks one of these columns and is in no line of the file: `ABADIE Zoé (2TNE)`, once each."""
    lacking = pl.any_horizontal(pl.col(name).is_null() for name in needed)
    rows = memberships.filter(lacking).unique("student", keep="first", maintain_order=True)
    return rows.select(pl.format("{} {} ({})", "last_name", "first_name", "division")).to_series().to_list()


def gepi_group_rows(members: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return the groups GEPI creates, with the classes they cross; the adults' logins are to be filled in there.

    members, groups: as `queries.groups`.
    """
    crossed = pl.col("division_code").drop_nulls().unique().sort().str.join("|")
    classes = members.group_by("ap_group").agg(classes=crossed)
    return groups.join(classes, on="ap_group", how="left", maintain_order="left").select(
        pl.col("code").alias("NOM_GROUPE"),
        pl.col("name").alias("DESCRIPTION_GROUPE"),
        pl.lit("AP").alias("ID_MATIERE_GEPI"),
        pl.col("classes").fill_null("").alias("NOM_DES_CLASSES"),
        pl.lit("").alias("LOGIN_PROFS"),
    )


def door_rows(members: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return a row per student and group in force, as posted on a door: neither need nor level. As `queries.groups`."""
    places = groups.select(
        "ap_group", "day", "starts_at", "room_code", "staff_names", place=pl.int_range(pl.len())
    )
    return (
        members.join(places, on="ap_group")
        .sort("place", *by("last_name", "first_name"), "student")
        .select(
            pl.col("day").alias("Jour"),
            pl.col("starts_at").dt.strftime("%H:%M").alias("Heure"),
            pl.col("room_code").fill_null("").alias("Salle"),
            pl.col("code").alias("Groupe"),
            pl.col("name").alias("Atelier"),
            pl.col("staff_names").alias("Intervenant"),
            pl.concat_str("last_name", pl.lit(" "), "first_name").alias("Élève"),
            pl.col("division_code").fill_null("").alias("Classe"),
        )
    )
