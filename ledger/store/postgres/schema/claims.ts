import { AS_OWNER } from "./checked-rows.ts";

/**
 * What a worker may do for a window that it holds, and for no other one. A worker holds a window if it took
 * the delivery, by its log-in, and the queue has the job as active with that delivery. Which window a job
 * is for is in `deliveries`, where only the coordinator writes: workers can write the queue's own table.
 *
 * `enter_claim` lets its transaction record that window, by `begin_claim`, `finish_claim` or `record_late`, and
 * no other one. Each of them locks in one order: job, ends of files, budgets, allowance.
 */
export const CLAIMS = String.raw`
  alter table counterbalance.deliveries
    alter column worker drop not null,
    alter column machine_class drop not null,
    add column queue text,
    add column job jsonb,
    add column heads jsonb,
    add column output jsonb;
  create table counterbalance.attempts (
    job_id uuid not null references counterbalance.deliveries on delete cascade,
    delivery integer not null,
    role_name text not null,
    worker text not null,
    entered xid8,
    is_late boolean not null default false,
    primary key (job_id, delivery)
  );
  alter table counterbalance.workers add column role_name text;

  -- Jobs of earlier versions are in queues that nobody looks at any more.
  do $$ begin
    if to_regclass('counterbalance_queue.job') is not null then
      update counterbalance_queue.job set state = 'cancelled', completed_on = now() where state <= 'active';
    end if;
    update counterbalance.sessions set stopped_why = 'the store was upgraded' where stopped_why is null;
  end $$;

  -- The delivery of a job that the queue has as active and that is not finished; its row is locked.
  create function counterbalance.delivered(the_job uuid, the_delivery integer) returns counterbalance.deliveries
  language plpgsql as $$
  declare
    found_one counterbalance.deliveries;
  begin
    perform from counterbalance.deliveries d
      join counterbalance_queue.job j on j.name = d.queue and j.id = d.job_id
    where d.job_id = the_job and j.state = 'active' and j.retry_count = the_delivery for update of j;
    if not found then return null; end if;
    -- Meanwhile another transaction may have finished it.
    select d.* into found_one from counterbalance.deliveries d
    where d.job_id = the_job and d.finished_delivery is null;
    return found_one;
  end $$;

  create function counterbalance.held(the_job uuid, the_delivery integer) returns counterbalance.deliveries
  language plpgsql as $$
  begin
    if not exists (select from counterbalance.attempts a
      where a.job_id = the_job and a.delivery = the_delivery and a.role_name = session_user)
    then return null; end if;
    return counterbalance.delivered(the_job, the_delivery);
  end $$;

  create function counterbalance.is_finished(the_job uuid, the_delivery integer) returns boolean
  language sql stable as $$
    select exists (select from counterbalance.deliveries d
      join counterbalance.attempts a on a.job_id = d.job_id and a.delivery = the_delivery
      where d.job_id = the_job and d.finished_delivery = the_delivery and a.role_name = session_user)
  $$;

  -- Lets this transaction record what a worker does for a window that it holds, or, if it is late, what it
  -- has spent for one that it held. Locks the ends of the files that will get rows.
  create function counterbalance.enter_claim(
    the_job uuid, the_delivery integer, late boolean, files text[], seen jsonb
  ) returns jsonb language plpgsql ${AS_OWNER} as $$
  declare
    delivered counterbalance.deliveries;
  begin
    if late then
      select d.* into delivered from counterbalance.deliveries d
        join counterbalance.attempts a on a.job_id = d.job_id and a.delivery = the_delivery
      where d.job_id = the_job and a.role_name = session_user and not a.is_late
        and d.finished_delivery is distinct from the_delivery
      for update of a;
    else
      delivered := counterbalance.held(the_job, the_delivery);
    end if;
    if delivered.job_id is null then
      perform counterbalance.refuse_lost(seen);
      return jsonb_build_object('state',
        case when counterbalance.is_finished(the_job, the_delivery) then 'done' else 'lost' end);
    end if;
    update counterbalance.attempts a set entered = pg_current_xact_id(), is_late = a.is_late or late
    where a.job_id = the_job and a.delivery = the_delivery;
    return counterbalance.heads_locked(files, seen) || '{"state": "held"}';
  end $$;

  -- The window that this transaction may record.
  create function counterbalance.entered(the_job uuid, the_delivery integer, late boolean)
  returns counterbalance.deliveries language plpgsql as $$
  declare
    delivered counterbalance.deliveries;
  begin
    select d.* into delivered from counterbalance.attempts a
      join counterbalance.deliveries d on d.job_id = a.job_id
    where a.job_id = the_job and a.delivery = the_delivery and a.role_name = session_user
      and a.entered = pg_current_xact_id() and a.is_late = late;
    if found then return delivered; end if;
    raise exception 'This transaction holds no window of the job %, delivery %.', the_job, the_delivery
      using errcode = 'insufficient_privilege';
  end $$;

  create function counterbalance.refuse_spent(spent jsonb) returns void
  language plpgsql as $$
  begin
    if jsonb_typeof(spent) = 'object' and 3 = (select count(*) from jsonb_each_text(spent) s
      where s.key in ('tokens', 'usd', 'minutes') and s.value ~ '^[0-9]{1,16}$') then return;
    end if;
    raise exception 'What an attempt has spent is a whole number for each unit, and never negative.'
      using errcode = 'invalid_parameter_value';
  end $$;

  create function counterbalance.take(
    the_job uuid, the_delivery integer, the_worker text, the_class text, seen jsonb
  ) returns table (job jsonb, heads jsonb, executed_order bigint)
  language plpgsql ${AS_OWNER} as $$
  #variable_conflict use_column
  declare
    delivered counterbalance.deliveries;
    number bigint;
  begin
    perform counterbalance.refuse_lost(seen);
    if exists (select from counterbalance.workers w where w.name = the_worker
        and w.role_name <> session_user and w.seen_at > now() - interval '1 hour') then
      raise exception 'The worker % is of another user.', the_worker using errcode = 'insufficient_privilege';
    end if;
    delivered := counterbalance.delivered(the_job, the_delivery);
    if delivered.job_id is null or exists (select from counterbalance.sessions s
      where s.experiment_id = delivered.experiment_id and s.stopped_why is not null) then return; end if;
    insert into counterbalance.attempts (job_id, delivery, role_name, worker)
    values (the_job, the_delivery, session_user, the_worker) on conflict do nothing;
    if not found then return; end if;
    update counterbalance.deliveries d set worker = the_worker, machine_class = the_class where d.job_id = the_job;
    update counterbalance.sessions s set executed_order = s.executed_order + 1
    where s.experiment_id = delivered.experiment_id returning s.executed_order into number;
    return query select delivered.job, delivered.heads, coalesce(number, 1);
  end $$;

  create function counterbalance.append_claimed(
    delivered counterbalance.deliveries, late boolean, files text[], lines text[]
  ) returns void language plpgsql as $$
  declare
    rows counterbalance.given_row[] := counterbalance.read_lines(files, lines);
    ids text[];
    wrong record;
  begin
    select w.file, w.record, w.why into wrong from (
      select r.place, r.file, r.record, case
        when r.file || ' ' || r.record <> all ('{windows window_opened, windows window_interrupted, windows window_finalized,
          snapshots snapshot_taken, churn churn_measured, handoffs role_worked, handoffs team_reviewed,
          anomalies anomaly_recorded, proxy_telemetry request_proxied, proxy_telemetry window_traffic_summed,
          proxy_telemetry blocked_connection, proxy_telemetry tunnelled_connection, budgets budget_reserved,
          budgets budget_debited, budgets budget_refused, budgets budget_warned, budgets budget_breached,
          windows segment-end, snapshots segment-end, churn segment-end, handoffs segment-end,
          anomalies segment-end, proxy_telemetry segment-end, budgets segment-end}'::text[])
          then 'workers write no such rows'
        when late and r.file not in ('anomalies', 'budgets', 'proxy_telemetry')
          then 'after its loss, a window gets what was spent and no more'
        when r.source <> 'automation' then 'its source is not the program'
        when r.recorded_at::timestamptz not between now() - interval '1 minute' and clock_timestamp() + interval '1 minute'
          then 'its time is not now'
        when r.record = 'segment-end' then null
        when r.body ->> 'experiment_id' is distinct from delivered.experiment_id
          or r.body ->> 'window' is distinct from delivered.window_name then 'it is of another window'
        when r.body ? 'supersedes' then 'workers correct no rows'
        when r.body -> 'machine' ->> 'worker' <> delivered.worker and not late then 'it names another worker'
      end as why
      from unnest(rows) r
    ) w where w.why is not null order by w.place limit 1;
    if found then
      raise exception 'A row % of % is refused: %.', wrong.record, wrong.file, wrong.why
        using errcode = 'insufficient_privilege';
    end if;
    select array_agg(r.id) into ids from unnest(rows) r;
    if exists (select from counterbalance.ledger_rows l where l.id = any(ids))
      or (select count(*) <> count(distinct i) from unnest(ids) i) then
      raise exception 'A row is refused: there is one with its id.' using errcode = 'unique_violation';
    end if;
    perform counterbalance.insert_rows(rows);
  end $$;

  create function counterbalance.begin_claim(the_job uuid, the_delivery integer, files text[], lines text[])
  returns void language plpgsql ${AS_OWNER} as $$
  declare
    delivered counterbalance.deliveries := counterbalance.entered(the_job, the_delivery, false);
    allowance counterbalance.allowances;
    budget counterbalance.budgets;
    claim text := the_job || '/' || the_delivery;
  begin
    perform counterbalance.append_claimed(delivered, false, files, lines);
    select a.* into allowance from counterbalance.allowances a
    where a.experiment_id = delivered.experiment_id and a.window_name = delivered.window_name for update;
    if not found then
      select b.* into budget from counterbalance.budgets b where b.experiment_id = delivered.experiment_id
      order by b.unit = 'tokens' desc, b.unit = 'usd' desc limit 1;
      if found then perform counterbalance.refuse_room(budget, 9007199254740991); end if;
    elsif allowance.begun_by <> claim then
      -- What the attempt before took is not known yet, so that all of it counts.
      perform counterbalance.lock_budgets(delivered.experiment_id);
      select b.* into budget from counterbalance.budgets b where b.experiment_id = delivered.experiment_id
        and b.spent + b.reserved + coalesce((allowance.amounts ->> b.unit)::bigint, 0) > b.cap
      order by b.unit = 'tokens' desc, b.unit = 'usd' desc limit 1;
      if found then
        perform counterbalance.refuse_room(budget, coalesce((allowance.amounts ->> budget.unit)::bigint, 0));
      end if;
      insert into counterbalance.lost_attempts
      values (allowance.begun_by, delivered.experiment_id, allowance.amounts) on conflict do nothing;
      perform counterbalance.move(delivered.experiment_id, allowance.amounts, '{}', 1);
    end if;
    update counterbalance.allowances a set begun_by = claim
    where a.experiment_id = delivered.experiment_id and a.window_name = delivered.window_name
      and a.begun_by is distinct from claim;
  end $$;

  create function counterbalance.finish_claim(
    the_job uuid, the_delivery integer, files text[], lines text[], spent jsonb, the_output jsonb
  ) returns void language plpgsql ${AS_OWNER} as $$
  declare
    delivered counterbalance.deliveries := counterbalance.entered(the_job, the_delivery, false);
    allowance counterbalance.allowances;
  begin
    perform counterbalance.refuse_spent(spent);
    update counterbalance.deliveries d set finished_delivery = the_delivery, output = the_output
    where d.job_id = the_job and d.finished_delivery is null;
    if not found then
      raise exception 'The window is finished.' using errcode = 'insufficient_privilege';
    end if;
    perform counterbalance.append_claimed(delivered, false, files, lines);
    perform counterbalance.lock_budgets(delivered.experiment_id);
    delete from counterbalance.allowances a
    where a.experiment_id = delivered.experiment_id and a.window_name = delivered.window_name
    returning a.* into allowance;
    perform counterbalance.move(delivered.experiment_id, spent, coalesce(allowance.amounts, '{}'), -1);
    -- An earlier delivery has spent of it, and this one could not begin.
    if allowance.begun_by <> the_job || '/' || the_delivery then
      insert into counterbalance.lost_attempts
      values (allowance.begun_by, delivered.experiment_id, allowance.amounts) on conflict do nothing;
      perform counterbalance.move(delivered.experiment_id, allowance.amounts, '{}', 1);
    end if;
    perform pg_notify('counterbalance_done', '');
  end $$;

  create function counterbalance.record_late(
    the_job uuid, the_delivery integer, files text[], lines text[], spent jsonb
  ) returns void language plpgsql ${AS_OWNER} as $$
  declare
    delivered counterbalance.deliveries := counterbalance.entered(the_job, the_delivery, true);
    lost jsonb;
  begin
    perform counterbalance.refuse_spent(spent);
    perform counterbalance.append_claimed(delivered, true, files, lines);
    perform counterbalance.lock_budgets(delivered.experiment_id);
    delete from counterbalance.lost_attempts l where l.claim = the_job || '/' || the_delivery
    returning l.amounts into lost;
    if not found then return; end if;
    perform counterbalance.move(delivered.experiment_id, spent, '{}', 1);
    perform counterbalance.move(delivered.experiment_id, (
      select jsonb_object_agg(u.key, -coalesce(u.value::bigint, 0)) from jsonb_each_text(lost) u), '{}', 1);
  end $$;

  create function counterbalance.greet(the_name text, the_details jsonb) returns void
  language plpgsql ${AS_OWNER} as $$
  begin
    if the_name is distinct from the_details ->> 'name' or length(the_name) > 200
      or the_name ~ '[[:cntrl:]]' or octet_length(the_details::text) > 100000 then
      raise exception 'A worker needs a name of at most 200 characters.' using errcode = 'invalid_parameter_value';
    end if;
    insert into counterbalance.workers values (the_name, now(), the_details, session_user)
    on conflict (name) do update set seen_at = now(), details = excluded.details, role_name = excluded.role_name
    where workers.role_name is not distinct from excluded.role_name or workers.role_name is null
      or workers.seen_at < now() - interval '1 hour';
  end $$;
`;
