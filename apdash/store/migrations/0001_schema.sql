-- Schema of an APdash file, version 1. Later changes are numbered files in migrations/.
-- No foreign keys: the engine refuses to update a referenced row. Commands check references; queries/integrity.py lists
-- what breaks them.
-- Dates are inclusive on both ends; `ends_on is null` means "still so". Whoever leaves is closed, never deleted.
-- Versioned tables (membership, group_staff, group_state, assessment, interview_answer) are never overwritten:
-- a new version is inserted and the old one is marked as replaced, so any past state can be read again.

create type sex as enum ('F', 'M');
create type weekday as enum ('lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi');
create type role as enum ('direction', 'pilot', 'teacher');
create type band_kind as enum ('barrette', 'ger', 'bloc');
create type review_kind as enum ('initial', 'intermediate', 'final');
create type assessment_state as enum ('level', 'absent', 'unchanged');
create type assessment_source as enum ('adult', 'test', 'mark', 'student');
create type statement_kind as enum ('pin', 'ban', 'together', 'apart', 'cap');
create type proposal_state as enum
    ('draft', 'proposed', 'validated', 'published', 'in_force', 'rejected', 'undone');
create type act_kind as enum
    ('adopt', 'move', 'staff', 'suspend', 'merge', 'prolong', 'arrival', 'departure', 'agreement', 'undo', 'import');
create type agreement as enum ('agreed', 'trying', 'disagreed', 'not_asked');

create sequence ids start 1;

create table setting (
    key varchar primary key,
    value varchar not null
);
comment on table setting is 'What the school decides: thresholds, weights, the day a demonstration is opened on.';

create table school (
    uai varchar primary key check (regexp_full_match(uai, '[0-9]{7}[A-Z]')),
    name varchar not null,
    zone varchar check (zone in ('A', 'B', 'C'))
);
comment on table school is 'The school of this file: one row, known by its UAI.';

create table school_year (
    year integer primary key check (year between 2000 and 2100),
    starts_on date not null,
    ends_on date not null,
    check (starts_on < ends_on)
);
comment on table school_year is 'School years, named by the year they start in.';

create table mef (
    code varchar primary key,
    label varchar not null,
    grade varchar
);
comment on table mef is 'Formations (module élémentaire de formation) met in imports; grade is a code of niveaux.csv.';

create table subject (
    code varchar primary key,
    label varchar not null,
    weekly_ap boolean not null default false
);
comment on table subject is 'Subjects; weekly_ap tells those that are personalised support.';

create table curriculum_hours (
    mef varchar not null,
    subject varchar not null,
    weekly_hours double not null check (weekly_hours >= 0),
    primary key (mef, subject)
);
comment on table curriculum_hours is 'Weekly hours of a subject in a formation, from Nomenclature.xml.';

create table division (
    id bigint primary key default nextval('ids'),
    year integer not null,
    code varchar not null check (length(code) between 1 and 20),
    label varchar not null,
    grade varchar,
    family varchar,
    ends_on date,
    unique (year, code)
);
comment on table division is 'A class of one school year. grade: code of niveaux.csv; family: trade family, for workshops of one trade.';

create table division_mef (
    division bigint not null,
    mef varchar not null,
    primary key (division, mef)
);

create table official_group (
    year integer not null,
    code varchar not null,
    label varchar not null,
    divisions varchar[] not null,
    primary key (year, code)
);
comment on table official_group is 'Groups declared in SIECLE or STS, with the codes of the divisions they cross.';

create table student (
    id bigint primary key default nextval('ids'),
    siecle_id varchar unique,
    ine varchar,
    last_name varchar not null,
    first_name varchar not null,
    born_on date,
    sex sex,
    created_on date not null
);
comment on table student is 'A student, once for all years. siecle_id is ELEVE_ID; ine is not unique on purpose (real files hold duplicates).';

create table enrolment (
    id bigint primary key default nextval('ids'),
    student bigint not null,
    year integer not null,
    division bigint,
    mef varchar,
    apprentice boolean not null default false,
    repeating boolean not null default false,
    previous_mef varchar,
    starts_on date not null,
    ends_on date,
    check (ends_on is null or ends_on >= starts_on - interval 1 day)
);
comment on table enrolment is 'Where a student is, from a date to a date. division null: in the school, in no division yet.';

create table staff (
    id bigint primary key default nextval('ids'),
    sts_key varchar unique,
    title varchar not null default '',
    last_name varchar not null,
    first_name varchar not null default '',
    job varchar not null default 'ENS',
    discipline varchar not null default '',
    initials varchar not null default '',
    ends_on date
);
comment on table staff is 'Adults. sts_key is TYPE:ID of STS-web (ids of local staff clash without their type).';

create table service (
    year integer not null,
    division bigint not null,
    staff bigint not null,
    subject varchar not null,
    primary key (division, staff, subject)
);
comment on table service is 'Who teaches what to which division.';

create table principal_teacher (
    division bigint not null,
    staff bigint not null,
    primary key (division, staff)
);

create table room (
    id bigint primary key default nextval('ids'),
    code varchar not null unique,
    capacity integer not null check (capacity between 1 and 500),
    kind varchar not null default ''
);

create table period (
    id bigint primary key default nextval('ids'),
    year integer not null,
    code varchar not null,
    label varchar not null,
    starts_on date not null,
    ends_on date not null,
    unique (year, code),
    check (starts_on <= ends_on)
);

create table closure (
    year integer not null,
    label varchar not null,
    starts_on date not null,
    ends_on date not null,
    primary key (year, starts_on),
    check (starts_on <= ends_on)
);
comment on table closure is 'Holidays and days off: no session is held.';

create table placement (
    division bigint not null,
    starts_on date not null,
    ends_on date not null,
    label varchar not null default 'PFMP',
    primary key (division, starts_on),
    check (starts_on <= ends_on)
);
comment on table placement is 'Weeks a whole division is away in companies (PFMP).';

create table band (
    id bigint primary key default nextval('ids'),
    year integer not null,
    code varchar not null,
    label varchar not null,
    kind band_kind not null default 'barrette',
    max_needs_open integer not null default 7 check (max_needs_open >= 1),
    max_division_share double not null default 0.6 check (max_division_share > 0 and max_division_share <= 1),
    max_periods integer not null default 3 check (max_periods >= 1),
    unique (year, code)
);
comment on table band is 'Barrette: the divisions that share AP slots. The unit of regrouping.';

create table band_division (
    band bigint not null,
    division bigint not null,
    primary key (band, division)
);

create table slot (
    id bigint primary key default nextval('ids'),
    band bigint not null,
    code varchar not null,
    day weekday not null,
    starts_at time not null,
    minutes integer not null default 55 check (minutes between 10 and 480),
    max_groups integer check (max_groups >= 1),
    unique (band, code)
);
comment on table slot is 'A weekly hour of a band. code is short and neutral, like mar-10.';

create table band_staff (
    slot bigint not null,
    staff bigint not null,
    max_groups integer check (max_groups >= 1),
    cost integer not null default 0 check (cost >= 0),
    primary key (slot, staff)
);
comment on table band_staff is 'Adults free at a slot; cost is in points (0 in service, 15 and more for overtime).';

create table staff_need (
    staff bigint not null,
    need varchar not null,
    primary key (staff, need)
);
comment on table staff_need is 'Needs an adult has agreed to lead: chosen by them, never deduced from the discipline.';

create table band_room (
    slot bigint not null,
    room bigint not null,
    primary key (slot, room)
);

create table review (
    id bigint primary key default nextval('ids'),
    year integer not null,
    code varchar not null,
    label varchar not null,
    kind review_kind not null,
    period bigint not null,
    opens_on date not null,
    closes_on date not null,
    effective_from date,
    unique (year, code)
);
comment on table review is 'A bilan. period: the one it closes; effective_from: first day of the groups it decides.';

create table review_division (
    review bigint not null,
    division bigint not null,
    closed_at timestamp,
    closed_by varchar,
    note varchar not null default '',
    primary key (review, division)
);
comment on table review_division is 'The divisions of a bilan, and when each was closed.';

create table expected (
    review bigint not null,
    division bigint not null,
    staff bigint not null,
    competency varchar not null,
    primary key (review, division, staff, competency)
);
comment on table expected is 'Who is to assess what: completeness is a fact.';

create table assessment (
    review bigint not null,
    student bigint not null,
    competency varchar not null,
    assessor varchar not null,
    source assessment_source not null,
    state assessment_state not null,
    level double check (level between 1 and 4),
    by_default boolean not null default false,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp,
    check ((state = 'level') = (level is not null))
);
comment on table assessment is 'Versioned. assessor: staff:ID, student, or the name of a test; level 1 to 4, marks and letters converted on import; absent is missing, never zero. by_default: a column filled in one go.';

create table interview_answer (
    review bigint not null,
    student bigint not null,
    question integer not null check (question between 1 and 10),
    answers varchar[] not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    replaced_at timestamp
);
comment on table interview_answer is 'Versioned. Answers as given (codes of entretien.csv); an empty list is "prefers not to answer".';

create table student_fact (
    student bigint not null,
    kind varchar not null check (kind in ('no_placement_found', 'priority')),
    starts_on date not null,
    ends_on date,
    value double,
    recorded_by varchar not null,
    primary key (student, kind, starts_on)
);
comment on table student_fact is 'Dated facts that correct intensities, without free text: no company found yet, a named decision on priority.';

create table intensity (
    review bigint not null,
    student bigint not null,
    need varchar not null,
    value integer check (value between 0 and 100),
    coverage double not null check (coverage between 0 and 1),
    priority double not null default 1 check (priority between 0.5 and 2),
    computed_at timestamp not null,
    primary key (review, student, need)
);
comment on table intensity is 'Need intensities as they stood when the bilan of the division was closed. value null: à confirmer.';

create table intensity_part (
    review bigint not null,
    student bigint not null,
    need varchar not null,
    position integer not null,
    kind varchar not null check (kind in ('competency', 'correction')),
    code varchar not null,
    level double,
    weight double not null,
    age double not null,
    points double not null,
    detail varchar not null default '',
    primary key (review, student, need, position)
);
comment on table intensity_part is 'What made an intensity: one row per competency (level, weight, factor of age and source, points) and per correction.';

create table statement (
    id bigint primary key default nextval('ids'),
    band bigint not null,
    kind statement_kind not null,
    students bigint[] not null check (len(students) >= 1),
    slot bigint,
    need varchar,
    staff bigint,
    at_most integer check (at_most >= 1),
    by_direction boolean not null default false,
    made_at timestamp not null,
    made_by varchar not null,
    ended_at timestamp
);
comment on table statement is 'Pins, bans, pairs and caps of a band. No reason is stored for keeping students apart; by_direction hides the statement from everybody but the direction.';

create table proposal (
    id bigint primary key default nextval('ids'),
    band bigint not null,
    review bigint not null,
    label varchar not null,
    state proposal_state not null,
    parameters json not null,
    problem json not null,
    solution json not null,
    fingerprint varchar not null,
    effective_from date not null,
    made_at timestamp not null,
    made_by varchar not null,
    decided_at timestamp,
    decided_by varchar,
    reason varchar not null default '' check (length(reason) <= 200)
);
comment on table proposal is 'A regrouping asked for, with its problem, its solution and its proof. fingerprint: state of the groups it was computed on.';

create table act (
    id bigint primary key default nextval('ids'),
    kind act_kind not null,
    band bigint,
    effective_on date not null,
    reason varchar not null default '',
    words varchar not null default '' check (length(words) <= 200),
    proposal bigint,
    undoes bigint,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table act is 'Every change of who is where: one row per gesture, reversible.';

create table ap_group (
    id bigint primary key default nextval('ids'),
    band bigint not null,
    slot bigint not null,
    need varchar not null,
    code varchar not null check (length(code) <= 8),
    name varchar not null,
    scheme varchar not null default '',
    objective varchar not null default '' check (length(objective) <= 200)
);
comment on table ap_group is 'A groupe de besoins. code and name are neutral: the need is never shown outside. scheme: code of dispositifs.csv.';

create table group_state (
    ap_group bigint not null,
    starts_on date not null,
    ends_on date,
    room bigint,
    suspended boolean not null default false,
    merged_into bigint,
    act bigint not null,
    replaced_by bigint,
    check (ends_on is null or ends_on >= starts_on)
);
comment on table group_state is 'Versioned: when a group is open, suspended or merged, and its room.';

create table group_staff (
    ap_group bigint not null,
    staff bigint not null,
    starts_on date not null,
    ends_on date,
    act bigint not null,
    replaced_by bigint,
    check (ends_on is null or ends_on >= starts_on)
);
comment on table group_staff is 'Versioned: adults of a group, dated, several at once when they co-lead.';

create table membership (
    id bigint not null,
    ap_group bigint not null,
    student bigint not null,
    starts_on date not null,
    ends_on date,
    why_began varchar not null,
    why_ended varchar,
    agreement agreement not null default 'not_asked',
    act bigint not null,
    replaced_by bigint,
    check (ends_on is null or ends_on >= starts_on),
    check ((ends_on is null) = (why_ended is null))
);
comment on table membership is 'Versioned: who is in which group from when to when, and why it began and ended (codes of motifs_de_changement.csv).';

create table user_account (
    id bigint primary key default nextval('ids'),
    login varchar not null unique,
    name varchar not null,
    role role not null,
    staff bigint,
    password_hash varchar,
    active boolean not null default true,
    created_at timestamp not null
);
comment on table user_account is 'Who may enter. password_hash is argon2id; null: demonstration account without password.';

create table import_batch (
    id bigint primary key default nextval('ids'),
    kind varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    counts json not null,
    imported_at timestamp not null,
    imported_by varchar not null
);

create table column_mapping (
    kind varchar not null,
    headers varchar not null,
    mapping json not null,
    saved_at timestamp not null,
    primary key (kind, headers)
);
comment on table column_mapping is 'The mapping last chosen for files with these column titles.';

create macro visible_students(viewer_role, viewer_staff) as table
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
    where g.staff = viewer_staff and m.replaced_by is null and g.replaced_by is null;
comment on macro table visible_students is 'Students a person may see: all for the direction and the pilot; for others, those of the divisions they teach or lead, of the groups they lead, and of the groups merged into these.';

create macro visible_divisions(viewer_role, viewer_staff) as table
    select id as division from division where viewer_role in ('direction', 'pilot')
    union
    select division from service where staff = viewer_staff
    union
    select division from principal_teacher where staff = viewer_staff
    union
    select division from expected where staff = viewer_staff;

create macro states_known(known_at) as table
    select s.ap_group, s.starts_on, s.ends_on, s.room, s.suspended, s.merged_into, s.act
    from group_state s join act made on made.id = s.act left join act undone on undone.id = s.replaced_by
    where made.recorded_at <= known_at and (s.replaced_by is null or undone.recorded_at > known_at);
comment on macro table states_known is 'Versions of group_state that were current at a moment; 9999-12-31 for those current now.';

create macro group_staff_known(known_at) as table
    select s.ap_group, s.staff, s.starts_on, s.ends_on, s.act
    from group_staff s join act made on made.id = s.act left join act undone on undone.id = s.replaced_by
    where made.recorded_at <= known_at and (s.replaced_by is null or undone.recorded_at > known_at);
comment on macro table group_staff_known is 'Versions of group_staff that were current at a moment.';

create macro memberships_known(known_at) as table
    select m.id, m.ap_group, m.student, m.starts_on, m.ends_on, m.why_began, m.why_ended, m.agreement, m.act
    from membership m join act made on made.id = m.act left join act undone on undone.id = m.replaced_by
    where made.recorded_at <= known_at and (m.replaced_by is null or undone.recorded_at > known_at);
comment on macro table memberships_known is 'Versions of membership that were current at a moment.';
