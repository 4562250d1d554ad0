"""Who follows whom: the adults of a student's groups, the tutor, the professeur principal, the pilot, the direction."""

from datetime import date

from apdash.rights import Action, Viewer
from apdash.store.store import Store, Transaction

# Needs $role, $staff and $on: the day the question is asked. Leaders of a group follow its members all the year.
FOLLOWED = """
    select student from enrolment where $role in ('direction', 'pilot')
    union
    select e.student from enrolment e join principal_teacher p on p.division = e.division
    where p.staff = $staff::bigint and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
    union
    select student from tutoring
    where staff = $staff::bigint and replaced_at is null and starts_on <= $on
        and (ends_on is null or ends_on >= $on)
    union
    select m.student
    from membership m
    join ap_group g on g.id = m.ap_group
    join band b on b.id = g.band
    join school_year y on y.year = b.year and $on between y.starts_on - 31 and y.ends_on + 31
    left join group_state t on t.ap_group = m.ap_group and t.replaced_by is null
    join group_staff a on a.ap_group in (m.ap_group, t.merged_into) and a.replaced_by is null
    where m.replaced_by is null and a.staff = $staff::bigint
"""


def follows(reader: Store | Transaction, viewer: Viewer, *, student: int, on: date) -> bool:
    """True when this person follows a student on a day."""
    found = reader.read(
        f"select 1 from ({FOLLOWED}) where student = $student", student=student, **who(viewer), on=on
    )
    return found.height > 0


def who(viewer: Viewer) -> dict[str, str | int | None]:
    """Return the parameters that say who is looking."""
    return {"role": viewer.role.value, "staff": viewer.staff}


def leads(reader: Store | Transaction, viewer: Viewer, *, group: int) -> bool:
    """True for who leads a group at one time or another of its life, for the pilot and for the direction."""
    if viewer.can(Action.CHANGE_GROUPS):
        return True
    found = reader.read(f"select 1 from ({LED}) where ap_group = $group", group=group, staff=viewer.staff)
    return found.height > 0


# Needs $staff: the groups an adult leads or led, and those that were merged into one of these.
LED = """
    select ap_group from group_staff where replaced_by is null and staff = $staff::bigint
    union
    select t.ap_group from group_state t join group_staff a on a.ap_group = t.merged_into
    where t.replaced_by is null and a.replaced_by is null and a.staff = $staff::bigint
"""
