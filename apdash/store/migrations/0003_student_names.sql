-- How a student is named in a list: homonyms of one school year bear the day they were born, else a number.
create view student_named as
with shared as (
    select unnest(list(id order by id)) as id, unnest(range(1, count(*) + 1)) as rank,
        strip_accents(lower(last_name || ' ' || first_name)) as name
    from student
    group by name
    having count(*) > 1
),
dated as (
    select h.id, h.rank, h.name, strftime(s.born_on, '%d/%m') as born, e.years
    from shared h
    join student s on s.id = h.id
    join (select student, list(distinct year) as years from enrolment group by student) e on e.student = h.id
),
homonyms as (
    select a.id, a.rank, a.born, bool_or(a.born is null or b.born is null or a.born = b.born) as numbered
    from dated a
    join dated b on b.name = a.name and b.id <> a.id and list_has_any(a.years, b.years)
    group by a.id, a.rank, a.born
)
select s.id, s.last_name, s.first_name || case
        when h.id is null then ''
        when h.numbered then ' (n° ' || h.rank || ')'
        else ' (' || case s.sex when 'F' then 'née' when 'M' then 'né' else 'né(e)' end || ' le ' || h.born || ')'
    end as first_name
from student s
left join homonyms h on h.id = s.id;
comment on view student_named is 'Students as lists name them: nobody has the name of another of the same year.';
