-- The name at birth of whoever uses another: other software still lists them under it.
alter table student add column family_name varchar;
comment on column student.family_name is 'Family name of SIECLE when another name is in use (last_name); null when it is the same.';
