-- How a student is named in a list: homonyms of one school year bear the day they were born, else a number.
create view student_named as
with names as (
    select id, strip_accents(lower(last_name || ' ' || first_name)) as name, strftime(born_on, '%d/%m') as born
    from student
),
years as (select distinct student, year from enrolment),
homonyms as (
    select a.id, bool_or(a.born is null or b.born is null or a.born = b.born) as numbered
    from names a
    join names b on b.name = a.name and b.id <> a.id
    join years ya on ya.student = a.id
    join years yb on yb.student = b.id and yb.year = ya.year
    group by a.id
),
ranks as (select id, row_number() over (partition by name order by id) as rank from names)
select s.id, s.last_name, s.first_name || case
        when h.id is null then ''
        when h.numbered then ' (n° ' || r.rank || ')'
        else ' (' || case s.sex when 'F' then 'née' when 'M' then 'né' else 'né(e)' end || ' le '
            || strftime(s.born_on, '%d/%m') || ')'
    end as first_name
from student s
join ranks r on r.id = s.id
left join homonyms h on h.id = s.id;
comment on view student_named is 'Students as lists name them: nobody has the name of another of the same year.';
