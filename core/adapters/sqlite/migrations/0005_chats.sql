create table preferences (
  owner text primary key,
  value text not null
);

create table model_sets (
  owner text not null,
  folded text not null,
  value text not null,
  primary key (owner, folded)
);

create table panels (
  id text primary key,
  owner text not null,
  place text not null,
  kind text not null,
  content text not null,
  created double precision not null
);
create index panels_by_created on panels (created);

create index deliveries_by_address on deliveries (front_end, address);
create index deliveries_by_token on deliveries (token_until) where token is not null;

create index images_by_parent on images (parent);
