create table keys (
  owner text not null,
  provider text not null,
  base_url text,
  sealed bytea not null,
  last_four text not null,
  added double precision not null,
  used double precision,
  primary key (owner, provider)
);

create table meta (
  name text primary key,
  value bytea not null
);
