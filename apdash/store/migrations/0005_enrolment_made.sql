-- When each enrolment was first said, so that an arrival or a change of division is not known before it was imported.
-- A table of its own: see 0004, a column more on enrolment would make the write-ahead log unreadable after a crash.
create table enrolment_made (
    enrolment bigint primary key,
    recorded_at timestamp not null
);
comment on table enrolment_made is 'When an enrolment entered the file; those without a row were there before anything was dated.';

create or replace macro enrolments_known(known_at) as table
    select e.id, e.student, e.year, e.division, e.starts_on, e.ends_on
    from enrolment e
    where not exists (select 1 from enrolment_past p where p.id = e.id and p.replaced_at > known_at)
        and not exists (select 1 from enrolment_made n where n.enrolment = e.id and n.recorded_at > known_at)
    union all
    select p.id, p.student, p.year, p.division, p.starts_on, p.ends_on from enrolment_past p
    where (p.recorded_at is null or p.recorded_at <= known_at) and p.replaced_at > known_at
        and not exists (select 1 from enrolment_made n where n.enrolment = p.id and n.recorded_at > known_at);

-- A common action that is cancelled keeps nobody from their groups. Nothing else differs from 0004.
create or replace macro session_places(known_at) as table
    with met as materialized (from meetings_known(known_at)),
    actions as (
        select t.host, t.on_day, t.starts_at, t.minutes, t.state, e.student
        from met t
        join action_division d on d.action = t.action
        join enrolments_known(known_at) e on e.division = d.division
            and e.starts_on <= t.on_day and (e.ends_on is null or e.ends_on >= t.on_day)
    ),
    seats as (
        select t.session, t.host, t.ap_group, m.student
        from met t
        join memberships_known(known_at) m on m.ap_group = t.ap_group
            and m.starts_on <= t.on_day and (m.ends_on is null or m.ends_on >= t.on_day)
        where not exists (
            select 1 from actions a
            where a.student = m.student and a.on_day = t.on_day and a.host <> t.host and a.state <> 'not_held'
                and a.starts_at < t.starts_at + to_minutes(t.minutes)
                and t.starts_at < a.starts_at + to_minutes(a.minutes)
        )
        union all
        select host, host, null, student from actions
    )
    select s.host, s.student, arg_min(s.session, s.session) as session, arg_min(s.ap_group, s.session) as ap_group,
        any_value(e.division) as division
    from seats s
    join met t on t.session = s.session
    join enrolments_known(known_at) e on e.student = s.student and e.division is not null
        and e.starts_on <= t.on_day and (e.ends_on is null or e.ends_on >= t.on_day)
    where not exists (
        select 1 from placements_known(known_at) p
        where p.division = e.division and p.starts_on <= t.on_day and p.ends_on >= t.on_day
    )
    group by s.host, s.student;
comment on macro table session_places is 'Who is expected at each session: members of its group and of those that join it, not away in companies, not at a common action of that hour, enrolled that day.';
