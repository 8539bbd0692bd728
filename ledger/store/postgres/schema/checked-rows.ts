/**
 * What functions begin with that others may call, so that no setting of a session changes what it means: operators and
 * tables of one's own are found first with another `search_path`, and texts with a backslash are others
 * with another `standard_conforming_strings`. A connection makes each plan once and keeps it, so it must
 * not be one for a small table, which would read all of a large one.
 */
const FIXED = `set search_path = pg_catalog, pg_temp set standard_conforming_strings = on
    set plan_cache_mode = force_generic_plan set enable_seqscan = off`;
/** The same for a function that does more than its caller may. */
export const AS_OWNER = `security definer ${FIXED}`;

/**
 * Rows enter the ledger by `append` alone, and every row is checked as it enters, whoever inserts it: its
 * hash, that it follows the row before it, and its segment. The same trigger moves the file's end, so that
 * no end is without its row.
 *
 * `append` takes lines as they are. It reads the other columns from the line. In a line,
 * `\u0000` is allowed, but PostgreSQL's JSON can't hold it. So the line is read with another character in
 * place of each escaped backslash and of each `\u`: the structure stays, and the texts can be put back.
 */
export const CHECKED_ROWS = String.raw`
  drop index counterbalance.ledger_rows_by_id;
  create index ledger_rows_by_id on counterbalance.ledger_rows (id);

  create function counterbalance.hash_of(content bytea) returns text language sql immutable as $$
    select translate(encode(sha256(content), 'base64'), '+/=', '-_')
  $$;
  create function counterbalance.hash_in(line text) returns text language sql immutable as $$
    select left(right(line, 45), 43)
  $$;

  create function counterbalance.check_rows() returns trigger
  language plpgsql ${FIXED} as $$
  declare
    wrong record;
  begin
    perform from counterbalance.ledger_heads h where h.file in (select a.file from added a) order by h.file for update;
    select w.seq, w.file into wrong from (
      select a.file, a.seq, a.segment, a.line, a.record, octet_length(a.line) as bytes,
        h.seq + row_number() over due as seq_due,
        coalesce(lag(counterbalance.hash_in(a.line)) over due, h.h) as prev_due,
        h.segment + count(*) filter (where a.record = 'segment-end') over before as segment_due,
        coalesce(max(a.seq) filter (where a.record = 'segment-end') over before + 1, h.segment_first_seq) as first_due
      from added a left join counterbalance.ledger_heads h on h.file = a.file
      window due as (partition by a.file order by a.seq),
        before as (due rows between unbounded preceding and 1 preceding)
    ) w
    where w.seq is distinct from w.seq_due or w.segment is distinct from w.segment_due or w.bytes >= 2200000
      or not starts_with(w.line, '{"_v":1,"seq":' || w.seq_due || ',"prev":"' || w.prev_due || '",')
      or left(right(w.line, 51), 6) <> ',"h":"' or right(w.line, 2) <> '"}' or strpos(w.line, chr(10)) > 0
      or counterbalance.hash_of(substr(convert_to(w.line, 'UTF8'), 1, w.bytes - 51)) <> counterbalance.hash_in(w.line)
      or (w.record = 'segment-end' and strpos(w.line, ',"rows":' || (w.seq - w.first_due) || ',"h":"') = 0)
    order by w.file, w.seq limit 1;
    if found then
      raise exception 'Row % of % is not the row that follows, or its hash is not its own.', wrong.seq, wrong.file
        using errcode = 'integrity_constraint_violation';
    end if;
    update counterbalance.ledger_heads h set
      seq = m.seq,
      h = counterbalance.hash_in(m.line),
      recorded_at = substr(m.line, strpos(m.line, '"recorded_at":"') + 15, 24),
      segment = h.segment + m.seals,
      segment_first_seq = coalesce(m.sealed + 1, h.segment_first_seq),
      segment_bytes = case when m.sealed is null then h.segment_bytes else 0 end + m.bytes
    from (
      select distinct on (a.file) a.file, a.seq, a.line,
        max(a.seq) filter (where a.record = 'segment-end') over whole as sealed,
        count(*) filter (where a.record = 'segment-end') over whole as seals,
        coalesce(sum(octet_length(a.line) + 1) filter (where a.seq > a.last_seal) over whole, 0) as bytes
      from (
        select b.file, b.seq, b.line, b.record,
          coalesce(max(b.seq) filter (where b.record = 'segment-end') over (partition by b.file), 0) as last_seal
        from added b
      ) a
      window whole as (partition by a.file)
      order by a.file, a.seq desc
    ) m
    where h.file = m.file;
    return null;
  end $$;
  create trigger rows_are_checked after insert on counterbalance.ledger_rows
    referencing new table as added for each statement execute function counterbalance.check_rows();

  create function counterbalance.refuse_lost(seen jsonb) returns void language plpgsql stable as $$
  declare
    lost record;
  begin
    select s.key as file, (s.value ->> 'seq')::bigint as seq into lost
    from jsonb_each(seen) s left join counterbalance.ledger_heads h on h.file = s.key
    where (h.seq, h.h) is distinct from ((s.value ->> 'seq')::bigint, s.value ->> 'h')
      and not exists (
        select from counterbalance.ledger_rows r
        where r.file = s.key and r.seq = (s.value ->> 'seq')::bigint
          and counterbalance.hash_in(r.line) = s.value ->> 'h')
    limit 1;
    if found then
      raise exception 'The database lacks row % of %, or has another one.', lost.seq, lost.file
        using errcode = 'CB006', detail = 'row ' || lost.seq || ' of ' || lost.file;
    end if;
  end $$;

  create function counterbalance.check_seen(seen jsonb) returns void language plpgsql ${AS_OWNER} as $$
  begin
    perform counterbalance.refuse_lost(seen);
  end $$;

  -- The ends of files, locked until the transaction ends, and the time since then.
  create function counterbalance.heads_locked(files text[], seen jsonb) returns jsonb language plpgsql as $$
  declare
    locked bigint;
  begin
    perform from counterbalance.ledger_heads h where h.file = any(files) order by h.file for update;
    get diagnostics locked = row_count;
    if locked < cardinality(files) then
      insert into counterbalance.ledger_heads
        select f.file, 0, counterbalance.hash_of(convert_to(
          'counterbalance ledger ' || l.ledger_id || ' ' || f.file, 'UTF8')), '', 1, 1, 0
        from counterbalance.ledger l, unnest(files) f (file) where f.file ~ '^[a-z_]{1,40}$'
        order by f.file collate "C" on conflict do nothing;
      perform from counterbalance.ledger_heads h where h.file = any(files) order by h.file for update;
    end if;
    perform counterbalance.refuse_lost(seen);
    return jsonb_build_object(
      'now_ms', floor(extract(epoch from clock_timestamp()) * 1000),
      'heads', (select jsonb_agg(to_jsonb(head)) from counterbalance.ledger_heads head where head.file = any(files)));
  end $$;

  create function counterbalance.lock_heads(files text[], seen jsonb) returns jsonb
  language plpgsql ${AS_OWNER} as $$
  begin
    return counterbalance.heads_locked(files, seen);
  end $$;

  create type counterbalance.given_row as (
    place bigint, file text, line text, id text, record text, source text, recorded_at text, body jsonb
  );

  create function counterbalance.raw_text(value jsonb) returns text language sql immutable as $$
    select replace(substr(value::text, 2, length(value::text) - 2), chr(63743), '\')
  $$;

  create function counterbalance.name_in(value jsonb) returns text language sql immutable as $$
    select case when jsonb_typeof(value) = 'string' and length(value::text) <= 258 then counterbalance.raw_text(value) end
  $$;

  create function counterbalance.read_lines(files text[], lines text[]) returns counterbalance.given_row[]
  language plpgsql immutable as $$
  declare
    place integer;
    line text;
    safe text;
    body jsonb;
    is_odd boolean;
    row counterbalance.given_row;
    rows counterbalance.given_row[] := '{}';
  begin
    for place in 1 .. coalesce(cardinality(lines), 0) loop
      line := lines[place];
      safe := line;
      if strpos(line, '\') > 0 then
        safe := replace(line, '\\', chr(63743) || chr(63743));
        if strpos(safe, '\u') > 0 and safe ~ '\\u(?![0-9A-Fa-f]{4})' then
          raise exception 'A row is no JSON.' using errcode = 'check_violation';
        end if;
        safe := replace(safe, '\u', chr(63743) || 'u');
      end if;
      body := safe::jsonb;
      select count(*) <> count(distinct k) or bool_or(strpos(k, chr(63743)) > 0) into is_odd
      from json_object_keys(safe::json) k;
      row := (place, files[place], line, counterbalance.raw_text(body -> 'id'),
        counterbalance.raw_text(body -> 'record'), body ->> 'source', body ->> 'recorded_at', body);
      if is_odd or not coalesce(starts_with(line, '{"_v":1,"seq":' || (body ->> 'seq')
          || ',"prev":"' || (body ->> 'prev') || '","id":"' || row.id || '","record":"' || row.record
          || '","schema_version":"' || counterbalance.raw_text(body -> 'schema_version')
          || '","tool_version":"' || counterbalance.raw_text(body -> 'tool_version')
          || '","source":"' || row.source || '","agent_id":"' || counterbalance.raw_text(body -> 'agent_id')
          || '","recorded_at":"' || row.recorded_at || '"'), false)
        or row.id = '' or row.record = '' or row.source not in ('alias', 'ingest', 'automation', 'override')
        or row.recorded_at !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
      then
        raise exception 'A line has not the envelope of a row.' using errcode = 'check_violation';
      end if;
      rows := rows || row;
    end loop;
    return rows;
  end $$;

  create function counterbalance.insert_rows(rows counterbalance.given_row[]) returns void
  language plpgsql as $$
  declare
    inserted bigint;
  begin
    insert into counterbalance.ledger_rows
      (file, seq, segment, id, record, experiment_id, window_name, supersedes, line)
    select r.file, h.seq + row_number() over w,
      h.segment + count(*) filter (where r.record = 'segment-end') over (w rows between unbounded preceding and 1 preceding),
      r.id, r.record,
      counterbalance.name_in(r.body -> 'experiment_id'),
      counterbalance.name_in(r.body -> 'window'),
      counterbalance.name_in(r.body -> 'supersedes'),
      r.line
    from unnest(rows) r join counterbalance.ledger_heads h on h.file = r.file
    window w as (partition by r.file order by r.place);
    get diagnostics inserted = row_count;
    if inserted < cardinality(rows) then
      raise exception 'The end of a file was not locked.' using errcode = 'object_not_in_prerequisite_state';
    end if;
  end $$;

  create function counterbalance.append(files text[], lines text[]) returns void
  language plpgsql ${AS_OWNER} as $$
  begin
    perform counterbalance.insert_rows(counterbalance.read_lines(files, lines));
  end $$;
`;
