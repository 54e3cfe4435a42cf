create table items (
  id text primary key,
  job text not null references jobs (id) on delete cascade,
  position bigint not null,
  source text not null,
  state text not null,
  progress text,
  outcome text,
  failure text,
  unique (job, position)
);

alter table images add column item text references items (id) on delete cascade;
create index images_by_item on images (item);
create index images_by_attempt on images (attempt);
