create table jobs (
  id text primary key,
  kind text not null,
  owner text not null,
  place text not null,
  state text not null,
  version bigint not null,
  work text not null,
  search text not null,
  created double precision not null,
  finished double precision,
  runner text,
  cancel_asked bigint not null default 0,
  once text unique,
  press text
);
create index jobs_by_owner on jobs (owner, created);
create index jobs_by_runner on jobs (runner) where state in ('queued', 'running');
create unique index jobs_open_press on jobs (owner, press)
  where press is not null and state in ('queued', 'running');

create table attempts (
  id text primary key,
  job text not null references jobs (id) on delete cascade,
  position bigint not null,
  model text not null,
  number bigint not null,
  round bigint not null,
  state text not null,
  sent_order text,
  progress text,
  sent double precision,
  seconds double precision,
  cost text,
  seed bigint,
  failure text,
  unique (job, position, round)
);

create table images (
  id text primary key,
  owner text not null,
  place text not null,
  job text not null references jobs (id) on delete cascade,
  attempt text references attempts (id) on delete cascade,
  position bigint not null,
  parent text references images (id) on delete set null,
  tool text,
  sha256 text not null,
  bytes bigint not null,
  format text not null,
  width bigint not null,
  height bigint not null,
  created double precision not null
);
create index images_by_job on images (job);
create index images_by_sha256 on images (sha256);

create table deliveries (
  id text primary key,
  job text not null references jobs (id) on delete cascade,
  front_end text not null,
  place text not null,
  locale text not null,
  private bigint not null,
  address text not null,
  memo text not null,
  token bytea,
  token_until double precision,
  told bigint not null default 0,
  lost bigint not null default 0,
  created double precision not null
);
create index deliveries_by_job on deliveries (job);
