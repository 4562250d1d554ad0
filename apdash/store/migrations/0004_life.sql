-- The life between two bilans: dated sessions and their roll, hours, objectives, workshop bilans, tutoring, stages.
-- Tables said "Versioned by ..." are never overwritten: a change inserts a version and marks the one before as replaced
-- (replaced_at); a row taken away is a version marked as replaced that none follows. The macros NAME_known(moment) read
-- any of them as it stood at a moment; 9999-12-31 for now.

create type session_state as enum ('planned', 'held', 'not_held');
create type presence as enum ('present', 'absent', 'late', 'excused');
create type outcome as enum ('attained', 'in_progress', 'not_yet');

-- 1. When slots meet: every week, in weeks A or B, or on days of their own.

alter table slot add column weeks varchar;
comment on column slot.weeks is 'null: every week; A or B: one week in two.';

create table week_letter (
    year integer not null,
    monday date not null,
    letter varchar not null check (letter in ('A', 'B')),
    primary key (year, monday)
);
comment on table week_letter is 'Letters given by the school; weeks of class alternate from each, and from A in the first week of the year.';

create table slot_day (
    slot bigint not null,
    on_day date not null,
    starts_at time not null,
    minutes integer not null check (minutes between 10 and 480),
    primary key (slot, on_day, starts_at)
);
comment on table slot_day is 'Days of a slot whose hours are grouped in blocks: when it has any, it meets then and not every week.';

-- Where divisions and students were is corrected in place; what stood before stays in NAME_past.

alter table placement add column recorded_at timestamp;
create table placement_past (
    division bigint not null,
    starts_on date not null,
    ends_on date not null,
    recorded_at timestamp,
    replaced_at timestamp not null
);
comment on table placement_past is 'Placements that were taken away or changed, and when.';

create table enrolment_past (
    id bigint not null,
    student bigint not null,
    year integer not null,
    division bigint,
    starts_on date not null,
    ends_on date,
    recorded_at timestamp,
    replaced_at timestamp not null
);
comment on table enrolment_past is 'Enrolments as they were said before an import changed them, and until when; the next version is known from then.';

-- 2. Sessions and their roll.

create table session (
    id bigint not null,
    ap_group bigint,
    action bigint,
    slot bigint,
    planned_on date,
    on_day date not null,
    starts_at time not null,
    minutes integer not null check (minutes between 5 and 480),
    room bigint,
    staff bigint[],
    state session_state not null default 'planned',
    joins bigint,
    why varchar not null default '',
    done varchar not null default '' check (length(done) <= 200),
    by_hand boolean not null default false,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check ((ap_group is null) <> (action is null)),
    check (joins is null or joins <> id)
);
comment on table session is 'Versioned by id. A dated meeting of a group or of a common action. planned_on: the day its slot meant, null when added by hand; staff null: the adults of the group that day; joins: the session of another group that its students attend instead; why: code of motifs_de_seance.csv when not held; by_hand: somebody decided it, planning leaves it alone.';

create table attendance (
    session bigint not null,
    student bigint not null,
    presence presence not null,
    minutes_late integer check (minutes_late between 1 and 480),
    source varchar not null check (source in ('roll', 'import')),
    entry varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check (minutes_late is null or presence = 'late')
);
comment on table attendance is 'Versioned by session and student; session is the one attended (the host of a merged one). entry: the key its sender gave, so that an entry sent twice is written once.';

create table common_action (
    id bigint primary key default nextval('ids'),
    year integer not null,
    label varchar not null check (length(label) between 1 and 80),
    axis varchar not null default '',
    place varchar not null default '' check (length(place) <= 80),
    counts boolean not null default true,
    made_at timestamp not null,
    made_by varchar not null
);
comment on table common_action is 'A forum, a visit: whole divisions, no small groups. counts: its hours are in the envelope. Its dates are sessions.';

create table action_division (
    action bigint not null,
    division bigint not null,
    primary key (action, division)
);

-- 3. Hours: envelopes, and what earlier years or other tools counted.

create table cohort_envelope (
    entry_year integer not null,
    cycle varchar not null,
    mef varchar not null default '',
    envelope varchar not null,
    primary key (entry_year, cycle, mef)
);
comment on table cohort_envelope is 'The envelope (code of enveloppes.csv) of those who entered a cycle (niveaux.csv) in a year; mef: only of one formation.';

create table carried_minutes (
    student bigint not null,
    year integer not null,
    planned integer not null check (planned >= 0),
    held integer not null check (held >= 0),
    attended integer not null check (attended >= 0),
    source varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table carried_minutes is 'Versioned by student and year. Minutes of a year whose sessions are not in this file.';

-- 4. The personal programme and its objectives.

create table programme (
    id bigint not null,
    student bigint not null,
    year integer not null,
    scheme varchar not null,
    need varchar,
    ap_group bigint,
    staff bigint,
    starts_on date not null,
    ends_on date,
    words varchar not null default '' check (length(words) <= 200),
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check (ends_on is null or ends_on >= starts_on)
);
comment on table programme is 'Versioned by id. A dispositif (code of dispositifs.csv) of a student''s programme personnalisé, dated.';

create table objective (
    id bigint not null,
    student bigint not null,
    year integer not null,
    period bigint,
    need varchar,
    programme bigint,
    ap_group bigint,
    text varchar not null check (length(text) between 3 and 200),
    evidence varchar not null default '' check (length(evidence) <= 200),
    set_on date not null,
    due_on date,
    agreed_on date,
    agreed_with varchar check (agreed_with in ('student', 'family', 'both')),
    dropped boolean not null default false,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check ((agreed_on is null) = (agreed_with is null))
);
comment on table objective is 'Versioned by id. Precise and short-term, one to three a student and period; agreed_on: with whom it was agreed, and when.';

create table objective_seen (
    objective bigint not null,
    staff bigint not null,
    asked_on date not null,
    seen boolean,
    answered_on date,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table objective_seen is 'Versioned by objective and staff. Whether a named teacher saw it again in ordinary lessons; seen null: asked, no answer yet.';

create table workshop_result (
    ap_group bigint not null,
    student bigint not null,
    period bigint not null,
    outcome outcome,
    involvement integer check (involvement between 1 and 4),
    words varchar not null default '' check (length(words) <= 200),
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table workshop_result is 'Versioned by group, student and period: the bilan d''atelier. outcome: the objective; involvement: 1 to 4.';

-- 5. Tutoring.

create table tutor_capacity (
    year integer not null,
    staff bigint not null,
    most integer not null check (most between 0 and 30),
    primary key (year, staff)
);
comment on table tutor_capacity is 'How many students an adult has agreed to tutor in a year.';

create table tutor_wish (
    student bigint not null,
    year integer not null,
    rank integer not null check (rank between 1 and 3),
    staff bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table tutor_wish is 'Versioned by student, year and rank.';

create table tutoring (
    id bigint not null,
    student bigint not null,
    staff bigint not null,
    starts_on date not null,
    ends_on date,
    why_began varchar not null,
    why_ended varchar,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check (ends_on is null or ends_on >= starts_on),
    check ((ends_on is null) = (why_ended is null))
);
comment on table tutoring is 'Versioned by id. Who tutors whom from when to when; the same adult over the whole cycle when nothing prevents it.';

create table tutor_meeting (
    id bigint not null,
    student bigint not null,
    staff bigint not null,
    on_day date not null,
    minutes integer not null check (minutes between 5 and 240),
    words varchar not null default '' check (length(words) <= 200),
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table tutor_meeting is 'Versioned by id. Interviews of a tutor with a student, outside the timetable.';

-- 6. Stages (remise à niveau, passerelle): outside the timetable.

create table stage (
    id bigint not null,
    year integer not null,
    kind varchar not null check (kind in ('remise_a_niveau', 'passerelle')),
    label varchar not null check (length(label) between 1 and 80),
    content varchar not null default '' check (length(content) <= 200),
    place varchar not null default '' check (length(place) <= 80),
    starts_on date not null,
    ends_on date not null,
    minutes integer not null check (minutes between 30 and 12000),
    seats integer not null check (seats between 1 and 100),
    to_mef varchar,
    staff bigint,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check (ends_on >= starts_on)
);
comment on table stage is 'Versioned by id. to_mef: the formation a passerelle leads to.';

create table stage_enrolment (
    stage bigint not null,
    student bigint not null,
    recommended_on date,
    informed_on date,
    consent varchar check (consent in ('given', 'refused')),
    consent_by varchar check (consent_by in ('student', 'family')),
    consent_on date,
    enrolled_on date,
    ended_on date,
    outcome varchar check (outcome in ('done', 'partly', 'left', 'passed_over')),
    minutes_done integer check (minutes_done >= 0),
    words varchar not null default '' check (length(words) <= 200),
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check ((consent is null) = (consent_on is null)),
    check ((consent is null) = (consent_by is null)),
    check (enrolled_on is null or (recommended_on is not null and informed_on is not null and consent = 'given'))
);
comment on table stage_enrolment is 'Versioned by stage and student. Nobody is enrolled without the recommendation of the conseil de classe, information and consent (of the student of age, else of the family).';

-- 7. What became of students, and figures that come from elsewhere.

create table school_leaver (
    student bigint not null,
    year integer not null,
    outcome varchar not null check (outcome in ('studies', 'apprenticeship', 'employment', 'other', 'unknown')),
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table school_leaver is 'Versioned by student and year: what a student does after leaving, for the bilan of orientation.';

create table exam_result (
    student bigint not null,
    year integer not null,
    passed boolean not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table exam_result is 'Versioned by student and year: the diploma of the end of the cycle.';

create table outside_figure (
    indicator varchar not null,
    year integer not null,
    place varchar not null check (place in ('school', 'department', 'academie', 'region', 'nation')),
    scope varchar not null default '',
    value double not null,
    people integer,
    source varchar not null,
    imported_at timestamp not null,
    imported_by varchar not null,
    primary key (indicator, year, place, scope)
);
comment on table outside_figure is 'Figures imported from open data or typed: indicator (code of indicateurs.csv), year the school year ends in, where it holds, source shown beside it.';

-- 8. Reading any of this as it stood.

create macro placements_known(known_at) as table
    select division, starts_on, ends_on from placement
    where recorded_at is null or recorded_at <= known_at
    union all
    select division, starts_on, ends_on from placement_past
    where (recorded_at is null or recorded_at <= known_at) and replaced_at > known_at;

create macro enrolments_known(known_at) as table
    select e.id, e.student, e.year, e.division, e.starts_on, e.ends_on
    from enrolment e
    where not exists (select 1 from enrolment_past p where p.id = e.id and p.replaced_at > known_at)
    union all
    select id, student, year, division, starts_on, ends_on from enrolment_past
    where (recorded_at is null or recorded_at <= known_at) and replaced_at > known_at;

create macro sessions_known(known_at) as table
    select * exclude (replaced_at) from session
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro attendance_known(known_at) as table
    select * exclude (replaced_at) from attendance
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro meetings_known(known_at) as table
    select s.id as session, coalesce(s.joins, s.id) as host, s.ap_group, s.action, s.slot, s.planned_on,
        coalesce(h.on_day, s.on_day) as on_day, coalesce(h.starts_at, s.starts_at) as starts_at,
        coalesce(h.minutes, s.minutes) as minutes, coalesce(h.room, s.room) as room,
        coalesce(h.state, s.state) as state, coalesce(h.staff, s.staff) as staff,
        coalesce(nullif(h.why, ''), s.why) as why, coalesce(nullif(h.done, ''), s.done) as done, s.by_hand
    from sessions_known(known_at) s
    left join sessions_known(known_at) h on h.id = s.joins;
comment on macro table meetings_known is 'Sessions as their students live them: one that joins another has its day, hour, room and state. host: the session whose roll is called.';

create macro session_places(known_at) as table
    with met as materialized (from meetings_known(known_at)),
    actions as (
        select t.host, t.on_day, t.starts_at, t.minutes, e.student
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
            where a.student = m.student and a.on_day = t.on_day and a.host <> t.host
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

create macro programmes_known(known_at) as table
    select * exclude (replaced_at) from programme
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro objectives_known(known_at) as table
    select * exclude (replaced_at) from objective
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro objectives_seen_known(known_at) as table
    select * exclude (replaced_at) from objective_seen
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro workshop_results_known(known_at) as table
    select * exclude (replaced_at) from workshop_result
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro tutorings_known(known_at) as table
    select * exclude (replaced_at) from tutoring
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro tutor_meetings_known(known_at) as table
    select * exclude (replaced_at) from tutor_meeting
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro stages_known(known_at) as table
    select * exclude (replaced_at) from stage
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro stage_enrolments_known(known_at) as table
    select * exclude (replaced_at) from stage_enrolment
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create or replace macro visible_students(viewer_role, viewer_staff) as table
    select distinct student from enrolment where viewer_role in ('direction', 'pilot')
    union
    select e.student from enrolment e join service s on s.division = e.division where s.staff = viewer_staff
    union
    select e.student from enrolment e join principal_teacher p on p.division = e.division where p.staff = viewer_staff
    union
    select e.student from enrolment e join expected x on x.division = e.division where x.staff = viewer_staff
    union
    select m.student from membership m join group_staff g on g.ap_group = m.ap_group
    where g.staff = viewer_staff and m.replaced_by is null and g.replaced_by is null
    union
    select m.student from membership m
    join group_state t on t.ap_group = m.ap_group and t.merged_into is not null and t.replaced_by is null
    join group_staff g on g.ap_group = t.merged_into
    where g.staff = viewer_staff and m.replaced_by is null and g.replaced_by is null
    union
    select m.student from session s join membership m on m.ap_group = s.ap_group and m.replaced_by is null
        and m.starts_on <= s.on_day and (m.ends_on is null or m.ends_on >= s.on_day)
    left join session h on h.id = s.joins and h.replaced_at is null
    where s.replaced_at is null and list_contains(coalesce(h.staff, s.staff), viewer_staff)
    union
    select student from tutoring where staff = viewer_staff and replaced_at is null;
comment on macro table visible_students is 'Students a person may see: all for the direction and the pilot; for others, those of the divisions they teach or lead, of the groups and sessions they lead, of the groups merged into these, and those they tutor.';
