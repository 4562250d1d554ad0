"""What the agenda says beside sessions: their divisions, common actions, what was said of a session and by whom."""

from datetime import date

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store


def session_divisions(store: Store, *, first: date, last: date) -> pl.DataFrame:
    """Return the divisions expected at each session between two days: session, division, code, grade, students.

    Ordered by session and code. Numbers are no students' data: everybody may read them.
    """
    return store.read(
        """
        select p.session, d.id as division, d.code, d.grade, count(*) as students
        from session_places($known_at) p
        join session s on s.id = p.host and s.replaced_at is null and s.on_day between $first and $last
        join division d on d.id = p.division
        group by all
        order by p.session, d.code
        """,
        first=first,
        last=last,
        known_at=ALWAYS,
    )


def session_days(store: Store, *, first: date, last: date) -> tuple[date | None, date | None]:
    """Return the last day with a session before a span of days and the first one after it, whoever attends them."""
    rows = store.read(
        """
        select max(on_day) filter (where on_day < $first) as before, min(on_day) filter (where on_day > $last) as after
        from session where replaced_at is null and state <> 'not_held'
        """,
        first=first,
        last=last,
    )
    return rows.row(0)


def sessions_meant_for(store: Store, *, adult: int, first: date, last: date) -> list[int]:
    """Return the sessions between two days that are an adult's by their group or by name, in order."""
    return store.read(
        """
        select s.id from session s
        where s.replaced_at is null and s.on_day between $first and $last and (
            list_contains(s.staff, $adult) or exists (
                select 1 from group_staff g
                where g.ap_group = s.ap_group and g.staff = $adult and g.replaced_by is null
                    and g.starts_on <= s.on_day and (g.ends_on is null or g.ends_on >= s.on_day)
            )
        )
        order by s.on_day, s.starts_at, s.id
        """,
        adult=adult,
        first=first,
        last=last,
    )["id"].to_list()


def action_places(store: Store, *, first: date, last: date) -> dict[int, str]:
    """Return where the common actions between two days take place, those outside the school: action -> place."""
    rows = store.read(
        """
        select distinct a.id, a.place from common_action a join session s on s.action = a.id and s.replaced_at is null
        where a.place <> '' and s.on_day between $first and $last
        order by a.id
        """,
        first=first,
        last=last,
    )
    return dict(rows.iter_rows())


def action_described(store: Store, viewer: Viewer, *, action: int) -> dict | None:
    """Return a common action: label, axis, place, counts, year, divisions (ids), or None when there is none.

    For whoever plans sessions.
    """
    viewer.require(Action.PLAN_SESSIONS)
    rows = store.read(
        """
        select a.id as action, a.year, a.label, a.axis, a.place, a.counts,
            (select list(d.division order by d.division) from action_division d where d.action = a.id) as divisions
        from common_action a where a.id = $action
        """,
        action=action,
    )
    return rows.row(0, named=True) if rows.height else None


def action_sessions(store: Store, viewer: Viewer, *, action: int) -> pl.DataFrame:
    """Return the dates of a common action: session, on_day, starts_at, minutes, room, staff, state; in order."""
    viewer.require(Action.PLAN_SESSIONS)
    return store.read(
        """
        select id as session, on_day, starts_at, minutes, room, coalesce(staff, []) as staff, state::varchar as state
        from session where replaced_at is null and action = $action
        order by on_day, starts_at, id
        """,
        action=action,
    )


def session_versions(store: Store, viewer: Viewer, *, session: int) -> pl.DataFrame:
    """Return what was said of a session, newest first, and how many sessions were changed at the same moment.

    Columns: recorded_at, recorded_by, replaced_at, on_day, starts_at, minutes, room_code, staff_names, state,
    joins_code, why, by_hand, together. For whoever plans sessions.
    """
    viewer.require(Action.PLAN_SESSIONS)
    return store.read(
        """
        select s.recorded_at, s.recorded_by, s.replaced_at, s.on_day, s.starts_at, s.minutes, r.code as room_code,
            (
                select string_agg(trim(a.title || ' ' || a.last_name), ', ' order by a.last_name collate fr, a.id)
                from staff a where list_contains(s.staff, a.id)
            ) as staff_names,
            s.state::varchar as state, case when s.joins is not null then coalesce((
                select coalesce(any_value(g.code), any_value(x.label))
                from session h left join ap_group g on g.id = h.ap_group left join common_action x on x.id = h.action
                where h.id = s.joins
            ), '') end as joins_code, s.why, s.by_hand,
            (
                select count(distinct o.id) from session o
                where o.recorded_at = s.recorded_at and o.recorded_by = s.recorded_by and o.by_hand
            ) as together
        from session s
        left join room r on r.id = s.room
        where s.id = $session and (s.replaced_at is null or s.replaced_at > s.recorded_at)
        order by s.recorded_at desc
        """,
        session=session,
    )
