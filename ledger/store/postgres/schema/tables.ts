/**
 * The ledger. The database itself refuses to change or to remove a row of it. `ledger_heads` has the end of
 * each file; every writer locks its row. The columns other than `line` only help to find and to refuse rows;
 * their order is that of bytes, so that no upgrade of the system's locales spoils an index.
 */
export const LEDGER_TABLES = `
  create table counterbalance.ledger (
    is_only boolean primary key default true check (is_only),
    ledger_id text not null
  );
  create table counterbalance.ledger_heads (
    file text collate "C" primary key,
    seq bigint not null,
    h text not null,
    recorded_at text not null,
    segment integer not null,
    segment_first_seq bigint not null,
    segment_bytes bigint not null
  );
  create table counterbalance.ledger_rows (
    file text collate "C" not null,
    seq bigint not null,
    segment integer not null,
    id text collate "C" not null,
    record text not null,
    experiment_id text collate "C",
    window_name text collate "C",
    supersedes text collate "C",
    line text not null,
    primary key (file, seq)
  );
  create index ledger_rows_by_id on counterbalance.ledger_rows (file, id);
  create index ledger_rows_by_window on counterbalance.ledger_rows (experiment_id, window_name)
    where window_name is not null;
  create unique index one_final_row on counterbalance.ledger_rows (experiment_id, window_name)
    where record = 'window_finalized' and experiment_id <> 'manual' and supersedes is null;

  create function counterbalance.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'The ledger only grows: % of % is refused.', tg_op, tg_table_name
      using errcode = 'restrict_violation', hint = 'A correction is a new row.';
  end $$;
  create trigger rows_never_change before update or delete on counterbalance.ledger_rows
    for each row execute function counterbalance.refuse_change();
  create trigger rows_are_never_emptied before truncate on counterbalance.ledger_rows
    for each statement execute function counterbalance.refuse_change();
  create trigger ledger_never_changes before update or delete on counterbalance.ledger
    for each row execute function counterbalance.refuse_change();
  create trigger ledger_is_never_emptied before truncate on counterbalance.ledger
    for each statement execute function counterbalance.refuse_change();
  create function counterbalance.refuse_return() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and new.file = old.file and new.seq >= old.seq then return new; end if;
    raise exception 'The ledger only grows: % of % is refused.', tg_op, tg_table_name
      using errcode = 'restrict_violation', hint = 'A file never ends before a row that it has.';
  end $$;
  create trigger heads_only_advance before update or delete on counterbalance.ledger_heads
    for each row execute function counterbalance.refuse_return();
  create trigger heads_are_never_emptied before truncate on counterbalance.ledger_heads
    for each statement execute function counterbalance.refuse_change();
`;

/** What coordinators and workers share. */
export const CLUSTER_TABLES = `
  create table counterbalance.sessions (
    experiment_id text primary key,
    session_id text not null,
    details jsonb not null,
    executed_order bigint not null,
    stopped_why text
  );
  create table counterbalance.budgets (
    experiment_id text not null,
    unit text not null,
    cap bigint not null,
    spent bigint not null,
    reserved bigint not null check (reserved >= 0),
    primary key (experiment_id, unit)
  );
  create table counterbalance.allowances (
    experiment_id text not null,
    window_name text not null,
    amounts jsonb not null,
    begun_by text,
    primary key (experiment_id, window_name)
  );
  create table counterbalance.lost_attempts (
    claim text primary key,
    experiment_id text not null,
    amounts jsonb not null
  );
  create table counterbalance.deliveries (
    job_id uuid primary key,
    experiment_id text not null,
    window_name text not null,
    worker text not null,
    machine_class text not null,
    finished_delivery integer
  );
  create index deliveries_by_window on counterbalance.deliveries (experiment_id, window_name);
  create table counterbalance.workers (
    name text primary key,
    seen_at timestamptz not null,
    details jsonb not null
  );
`;

/** The commits of tasks. */
export const BUNDLE_TABLES = `
  create table counterbalance.bundles (
    name text primary key,
    shallow text not null
  );
  create table counterbalance.bundle_parts (
    name text not null references counterbalance.bundles on delete cascade,
    part integer not null,
    content bytea not null,
    primary key (name, part)
  );
`;
