"""What happens in a week of the simulated year: one function a gesture, through the real commands."""

from datetime import date, time, timedelta
from random import Random

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.store.commands import bands, calendar
from apdash.store.commands import group_changes as changes
from apdash.store.commands.acts import undo_act
from apdash.store.commands.groups import move_student, welcome_student
from apdash.store.commands.planning import plan_sessions
from apdash.store.queries.calendar import closures, placements
from tests.hours.lived import (
    BANDS,
    MEFS,
    SLOTS,
    YEAR,
    Year,
    closing_days,
    current_sessions,
    fields_of,
    roster_file,
    say,
    write_rolls,
)
from tests.imports.builders import Child, bring, children
from tests.school_factory import School


def live_week(year: Year, monday: date) -> None:
    gestures = (_move, _suspend, _merge, _replace, _co_lead, _undo_last, _room_for_all, _late_word)
    for gesture in gestures:
        if year.chance.random() < 0.35:
            try:
                gesture(year, monday)
            except ApdashError:
                year.tally("refused")
    if year.chance.random() < 0.3:
        _sessions_by_hand(year, monday)
    week = monday.isocalendar().week
    if week % 6 == 0:
        _roster_changes(year, monday)
    if week in (46, 3, 12):
        _calendar_changes(year, monday)
    _hold_week(year, monday)


def _open_groups(year: Year, on: date, *, band: int | None = None) -> pl.DataFrame:
    """Return the groups of a band that meet on their own that day: ap_group, slot, band."""
    chosen = band or year.chance.choice(list(year.schools.values())).band
    return year.services.store.read(
        "select g.id as ap_group, g.slot, g.band from group_state s join ap_group g on g.id = s.ap_group "
        "where s.replaced_by is null and not s.suspended and s.merged_into is null and g.band = $band "
        "and s.starts_on <= $on and (s.ends_on is null or s.ends_on >= $on) order by g.id",
        band=chosen,
        on=on,
    )


def _move(year: Year, monday: date) -> None:
    row = year.chance.choice(_open_groups(year, monday).to_dicts())
    mates = year.services.store.read(
        "select student from membership m join ap_group g on g.id = m.ap_group where g.slot = $slot "
        "and m.replaced_by is null and m.ap_group <> $group and m.ends_on is null order by student",
        slot=row["slot"],
        group=row["ap_group"],
    )["student"].to_list()
    move_student(
        year.services.store, CONSOLE, year.services.reference, student=year.chance.choice(mates),
        group=row["ap_group"], on=monday + timedelta(days=year.chance.randrange(5)), reason="BES",
        now=year.now(), acknowledged=True,
    )  # fmt: skip
    year.tally("move")


def _suspend(year: Year, monday: date) -> None:
    row = year.chance.choice(_open_groups(year, monday).to_dicts())
    days = timedelta(days=year.chance.choice((4, 11)))
    changes.suspend_group(
        year.services.store, CONSOLE, group=row["ap_group"], first=monday, last=monday + days, now=year.now()
    )
    year.tally("suspend")


def _merge(year: Year, monday: date) -> None:
    rows = _open_groups(year, monday)
    one = year.chance.choice(rows.to_dicts())
    other = year.chance.choice(rows.filter(slot=one["slot"]).to_dicts())
    changes.merge_groups(
        year.services.store, CONSOLE, year.services.reference, group=one["ap_group"], into=other["ap_group"],
        first=monday, last=monday + timedelta(days=18), now=year.now(), acknowledged=True,
    )  # fmt: skip
    year.tally("merge")


def _replace(year: Year, monday: date) -> None:
    row = year.chance.choice(_open_groups(year, monday).to_dicts())
    leaving = year.services.store.read(
        "select staff from group_staff where ap_group = $group and replaced_by is null order by staff",
        group=row["ap_group"],
    )["staff"][0]
    school = next(one for one in year.schools.values() if leaving in one.staff.values())
    coming = list(school.staff.values())[year.chance.choice((4, 5))]
    changes.replace_staff(
        year.services.store, CONSOLE, group=row["ap_group"], leaving=leaving, coming=coming, on=monday,
        until=year.chance.choice((None, monday + timedelta(days=25))), now=year.now(),
    )  # fmt: skip
    year.tally("replace")


def _co_lead(year: Year, monday: date) -> None:
    row = year.chance.choice(_open_groups(year, monday).to_dicts())
    school = next(one for one in year.schools.values() if one.band == row["band"])
    changes.add_staff(
        year.services.store, CONSOLE, group=row["ap_group"], staff=list(school.staff.values())[5], on=monday,
        until=monday + timedelta(days=13), now=year.now(),
    )  # fmt: skip
    year.tally("co_lead")


def _undo_last(year: Year, monday: date) -> None:
    act = year.services.store.read(
        "select max(id) as id from act where kind in ('suspend', 'merge', 'move', 'staff')"
    ).item()
    if act is not None:
        undo_act(year.services.store, CONSOLE, act=act, now=year.now())
        year.tally("undo")


def _room_for_all(year: Year, monday: date) -> None:
    """A forum for two divisions, over an hour of support; one in three is cancelled, one in four counts for nothing."""
    school = year.chance.choice(list(year.schools.values()))
    name, _, at = year.chance.choice(SLOTS)
    day = monday + timedelta(days={"mar": 1, "jeu": 3, "ven": 4}[name[:3]])
    year.action += 1
    action, session, now = 200_000 + year.action, 210_000 + year.action, year.now()
    school.add("common_action", {
        "id": action, "year": YEAR, "label": f"Forum {year.action}", "axis": year.chance.choice(("ORI", "APP")),
        "counts": year.action % 4 > 0, "made_at": now, "made_by": "console",
    })  # fmt: skip
    school.add(
        "action_division", {"action": action, "division": year.chance.choice(list(school.divisions.values()))}
    )
    row = {"id": session, "action": action, "on_day": day, "starts_at": at, "minutes": 110}
    say(year, row | {"staff": [min(school.staff.values())], "by_hand": True}, now=now)
    year.tally("action")
    if year.action % 3 == 0:
        say(year, row | {"staff": None, "by_hand": True, "state": "not_held", "why": "EVE"}, now=year.now())


def _late_word(year: Year, monday: date) -> None:
    """A roll corrected two weeks later, and a session called that had been forgotten."""
    before = year.services.store.read(
        "select session, student from attendance where replaced_at is null and presence = 'absent' order by 1, 2"
    )
    for session, student in (
        before.tail(40).sample(min(5, before.height), seed=year.chance.randrange(99)).iter_rows()
    ):
        _call(year, session, {student: year.chance.choice(("excused", "late", "present"))})
        year.tally("correction")


def _sessions_by_hand(year: Year, monday: date) -> None:
    """Cancel, move, lengthen and add a few of the sessions of the week."""
    rows = current_sessions(year, monday, monday + timedelta(days=5)).filter(
        (pl.col("state") == "planned") & pl.col("joins").is_null() & pl.col("ap_group").is_not_null()
    )
    if rows.height < 4:
        return
    cancelled, moved, longer, again = year.chance.sample(rows.to_dicts(), 4)
    say(year, cancelled | {"state": "not_held", "why": "INT", "by_hand": True}, now=year.now())
    say(year, moved | {"on_day": moved["on_day"] + timedelta(days=1), "by_hand": True}, now=year.now())
    say(year, longer | {"minutes": 110, "by_hand": True}, now=year.now())
    year.action += 1
    extra = {"id": 220_000 + year.action, "ap_group": again["ap_group"], "on_day": monday + timedelta(days=2)}
    say(year, extra | {"starts_at": time(15, 0), "minutes": 45, "by_hand": True}, now=year.now())
    year.tally("by_hand", 4)


def _roster_changes(year: Year, monday: date) -> None:
    """An import: one student gone, one comes, one in another division; who comes is given groups."""
    chance = year.chance
    here = [one for one in year.pupils.values() if "DATE_SORTIE" not in one.more]
    gone, moves = chance.sample(here, 2)
    left = f"<DATE_SORTIE>{monday - timedelta(days=3):%d/%m/%Y}</DATE_SORTIE><CODE_MOTIF_SORTIE>99</CODE_MOTIF_SORTIE>"
    year.pupils[gone.number] = Child(**{**fields_of(gone), "more": left})
    there = {"2AGO1": "2MEL", "2MEL": "2AGO1", "101": "TAGO1", "TAGO1": "101"}[moves.lists[0][0][0]]
    year.pupils[moves.number] = Child(**{**fields_of(moves), "lists": (((there, "D"),),), "mef": MEFS[there]})
    code = chance.choice(list(MEFS))
    fresh = children(1, code, start=500 + 10 * len(year.pupils))
    for child in fresh:
        entered = f"{monday:%d/%m/%Y}"
        year.pupils[child.number] = Child(**{**fields_of(child), "mef": MEFS[code], "entered": entered})
    bring(year.services, roster_file(year, monday), now=year.now(), on=monday)
    for child in fresh:
        _welcome(year, child, monday)
    year.tally("roster")


def _welcome(year: Year, child: Child, monday: date) -> None:
    student = year.services.store.read(
        "select id from student where siecle_id = $number", number=child.number
    ).item()
    code = next(code for code, inside in BANDS.items() if child.lists[0][0][0] in inside)
    usable = _open_groups(year, monday, band=year.schools[code].band)
    groups = [
        year.chance.choice(part["ap_group"].to_list())
        for _, part in usable.group_by("slot", maintain_order=True)
    ]
    try:
        welcome_student(
            year.services.store, CONSOLE, year.services.reference, student=student, groups=groups,
            on=monday + timedelta(days=1), now=year.now(), acknowledged=True,
        )  # fmt: skip
        year.tally("welcome")
    except ApdashError:
        year.tally("refused")


def _calendar_changes(year: Year, monday: date) -> None:
    """A placement shifted by a week, a new day off in a fortnight, an hour of a slot changed."""
    store = year.services.store
    rows = placements(store, year=YEAR).select("division", "starts_on", "ends_on").to_dicts()
    late = [row for row in rows if row["starts_on"] > monday]
    if late:
        row = year.chance.choice(late)
        week = timedelta(days=7)
        row |= {"starts_on": row["starts_on"] + week, "ends_on": row["ends_on"] + week}
    frame = pl.DataFrame(rows)
    calendar.set_placements(store, CONSOLE, year=YEAR, placements=frame, now=year.now())
    day = monday + timedelta(days=15)
    known = closures(store, year=YEAR).select("label", "starts_on", "ends_on")
    if known.filter((pl.col("starts_on") <= day) & (pl.col("ends_on") >= day)).is_empty():
        more = pl.concat([known, closing_days([("Journée banalisée", day, day)])])
        calendar.set_closures(store, CONSOLE, year=YEAR, closures=more, now=year.now())
    school = year.chance.choice(list(year.schools.values()))
    slots = bands_slots(year, school).with_columns(
        minutes=pl.when(pl.col("code") == "jeu-14").then(pl.col("minutes") + 5).otherwise("minutes")
    )
    bands.set_slots(store, CONSOLE, band=school.band, slots=slots, now=year.now())
    year.tally("calendar")


def bands_slots(year: Year, school: School) -> pl.DataFrame:
    """Return the slots of a band as `set_slots` takes them."""
    return year.services.store.read(
        "select code, day::varchar as day, starts_at, minutes from slot where band = $band order by code",
        band=school.band,
    )


def _hold_week(year: Year, monday: date) -> None:
    """Say of most sessions of the week that they were held, and call most rolls."""
    said, called = [], []
    places = year.services.store.read(
        "select host, student from session_places(timestamp '9999-12-31') order by 1, 2"
    )
    expected = dict(places.group_by("host", maintain_order=True).agg("student").iter_rows())
    for row in current_sessions(year, monday, monday + timedelta(days=6)).to_dicts():
        if row["state"] != "planned" or row["joins"] is not None or row["id"] not in expected:
            continue
        luck = year.chance.random()
        if luck < 0.06:
            continue
        said.append(
            row | ({"state": "not_held", "why": "INT", "by_hand": True} if luck < 0.14 else {"state": "held"})
        )
        if luck >= 0.2:
            called += [(row["id"], student, _presence(year.chance)) for student in expected[row["id"]]]
    say(year, *said, now=year.now())
    rolls = pl.DataFrame(called, schema=["session", "student", "presence"], orient="row")
    write_rolls(year, rolls)
    year.tally("held", len(said))
    year.tally("called", len(called))
    if monday.isocalendar().week % 3 == 0:
        with year.services.store.write() as tx:
            plan_sessions(tx, CONSOLE, year=YEAR, now=year.now())


def _presence(chance: Random) -> str:
    return chance.choices(("present", "absent", "late", "excused"), weights=(84, 8, 4, 4))[0]


def _call(year: Year, session: int, said: dict[int, str]) -> None:
    rows = pl.DataFrame(
        [(session, *pair) for pair in said.items()], schema=["session", "student", "presence"], orient="row"
    )
    write_rolls(year, rows)
