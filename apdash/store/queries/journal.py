"""What goes with the acts on groups: the groups each one touched, who recorded it, when compositions changed."""

from datetime import date

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.store import Store


def act_groups(store: Store, viewer: Viewer, *, acts: list[int]) -> pl.DataFrame:
    """Return the codes of the groups some acts touched; empty for whoever may not change groups.

    Columns: act, codes (list, in order); ordered by act.
    """
    return store.read(
        """
        with touched as (
            select act, ap_group from group_state union select replaced_by, ap_group from group_state
            union select act, ap_group from group_staff union select replaced_by, ap_group from group_staff
            union select act, ap_group from membership union select replaced_by, ap_group from membership
        )
        select t.act, list(distinct g.code order by g.code) as codes
        from touched t join ap_group g on g.id = t.ap_group
        where $allowed and t.act in (select unnest($acts::bigint[]))
        group by t.act
        order by t.act
        """,
        acts=acts,
        allowed=viewer.can(Action.CHANGE_GROUPS),
    )


def account_names(store: Store) -> dict[str, str]:
    """Return the names people sign with, by login."""
    return dict(store.read("select login, name from user_account order by login").iter_rows())


def composition_days(store: Store, *, year: int, band: int | None = None) -> list[date]:
    """Return the days when a new composition took or takes effect in a year, for one band or all, in order."""
    return store.read(
        """
        select distinct a.effective_on
        from act a join band b on b.id = a.band
        where a.kind = 'adopt' and b.year = $year and ($band::bigint is null or a.band = $band::bigint)
            and exists (select 1 from group_state s where s.act = a.id and s.replaced_by is null
                union all select 1 from membership m where m.act = a.id and m.replaced_by is null)
        order by a.effective_on
        """,
        year=year,
        band=band,
    )["effective_on"].to_list()


def seat_intensities(store: Store, viewer: Viewer, *, on: date) -> pl.DataFrame:
    """Return how strong the need of their group is for each member on a day, as their last closed bilan says.

    Only for the direction, the pilot, and the adults who lead the group that day.
    Columns: ap_group (the student's own), student, value (0 to 100); ordered by both.
    """
    return store.read(
        """
        select m.ap_group, m.student, i.value
        from membership m
        join ap_group g on g.id = m.ap_group
        join intensity i on i.student = m.student and i.need = g.need and i.value is not null
        join review r on r.id = i.review
        where m.replaced_by is null and m.starts_on <= $on and (m.ends_on is null or m.ends_on >= $on)
            and r.closes_on <= $on
            and ($role in ('direction', 'pilot') or exists (
                select 1 from group_staff gs
                where gs.ap_group = m.ap_group and gs.staff = $staff::bigint and gs.replaced_by is null
                    and gs.starts_on <= $on and (gs.ends_on is null or gs.ends_on >= $on)
            ))
        qualify row_number() over (partition by m.id order by r.closes_on desc, r.id desc) = 1
        order by m.ap_group, m.student
        """,
        on=on,
        role=viewer.role.value,
        staff=viewer.staff,
    )
