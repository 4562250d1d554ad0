-- Figures from elsewhere are corrected by a later file: what stood before stays, so that what was shown then can be told.

create table outside_figure_past (
    indicator varchar not null,
    year integer not null,
    place varchar not null,
    scope varchar not null,
    value double not null,
    people integer,
    source varchar not null,
    imported_at timestamp not null,
    imported_by varchar not null,
    replaced_at timestamp not null
);
comment on table outside_figure_past is 'Outside figures as they were before a later import, and until when.';

create macro outside_figures_known(known_at) as table
    select indicator, year, place, scope, value, people, source, imported_at from outside_figure
    where imported_at <= known_at
    union all
    select indicator, year, place, scope, value, people, source, imported_at from outside_figure_past
    where imported_at <= known_at and replaced_at > known_at;

create macro exam_results_known(known_at) as table
    select student, year, passed, recorded_at from exam_result
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);

create macro leavers_known(known_at) as table
    select student, year, outcome, recorded_at from school_leaver
    where recorded_at <= known_at and (replaced_at is null or replaced_at > known_at);
