create table steps (
  id text primary key,
  job text not null references jobs (id) on delete cascade,
  position bigint not null,
  kind text not null,
  state text not null,
  text text,
  sent double precision,
  seconds double precision,
  cost text,
  failure text,
  unique (job, position)
);
