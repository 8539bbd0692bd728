import { AS_OWNER } from "./checked-rows.ts";

/**
 * Budgets over all windows, in grains. Amounts are JSON objects with a number for each unit; null means
 * unlimited. Whoever changes a budget first locks the rows of its experiment, always in the same order.
 */
export const BUDGETS = String.raw`
  create function counterbalance.lock_budgets(experiment text) returns void
  language plpgsql as $$
  begin
    perform from counterbalance.budgets b where b.experiment_id = experiment order by b.unit for update;
  end $$;

  -- The transaction can't go on; what it lacks is the detail.
  create function counterbalance.refuse_room(budget counterbalance.budgets, requested bigint) returns void
  language plpgsql as $$
  begin
    raise exception 'A budget has no room.' using errcode = 'CB004', detail = jsonb_build_object(
      'unit', budget.unit, 'cap', budget.cap, 'spent', budget.spent, 'reserved', budget.reserved, 'requested', requested);
  end $$;

  create function counterbalance.total_of(windows jsonb, unit text) returns bigint
  language sql immutable as $$
    select case when bool_or(w.value ->> unit is null) then null else sum((w.value ->> unit)::bigint)::bigint end
    from jsonb_each(windows) w
  $$;

  create function counterbalance.move(experiment text, spent jsonb, reserved jsonb, sign integer) returns void
  language sql as $$
    update counterbalance.budgets b set
      spent = b.spent + coalesce((move.spent ->> b.unit)::bigint, 0),
      reserved = b.reserved + sign * coalesce((move.reserved ->> b.unit)::bigint, 0)
    where b.experiment_id = experiment
  $$;

  create function counterbalance.reserve(experiment text, given jsonb, seen jsonb) returns void
  language plpgsql ${AS_OWNER} as $$
  declare
    fresh jsonb;
    had jsonb;
    budget counterbalance.budgets;
    amount bigint;
    own bigint;
  begin
    perform counterbalance.refuse_lost(seen);
    perform counterbalance.lock_budgets(experiment);
    select coalesce(jsonb_object_agg(g.key, g.value) filter (where a.window_name is null), '{}'),
      coalesce(jsonb_object_agg(g.key, g.value) filter (where a.window_name is not null), '{}')
      into fresh, had
    from jsonb_each(given) g left join counterbalance.allowances a
      on a.experiment_id = experiment and a.window_name = g.key;
    if fresh = '{}' then return; end if;
    for budget in select * from counterbalance.budgets b where b.experiment_id = experiment
      order by b.unit = 'tokens' desc, b.unit = 'usd' desc
    loop
      amount := coalesce(counterbalance.total_of(fresh, budget.unit), 9007199254740991);
      own := coalesce(counterbalance.total_of(had, budget.unit), 0);
      if budget.spent + budget.reserved + amount > budget.cap then
        budget.reserved := budget.reserved - own;
        perform counterbalance.refuse_room(budget, amount + own);
      end if;
      update counterbalance.budgets b set reserved = b.reserved + amount
      where b.experiment_id = experiment and b.unit = budget.unit;
    end loop;
    insert into counterbalance.allowances
      select experiment, f.key, f.value, null from jsonb_each(fresh) f;
  end $$;

  create function counterbalance.give_up(experiment text, windows text[], seen jsonb) returns void
  language plpgsql ${AS_OWNER} as $$
  declare
    freed jsonb;
  begin
    perform counterbalance.refuse_lost(seen);
    perform counterbalance.lock_budgets(experiment);
    for freed in delete from counterbalance.allowances a
      where a.experiment_id = experiment and a.window_name = any(windows) and a.begun_by is null
      returning a.amounts
    loop
      perform counterbalance.move(experiment, '{}', freed, -1);
    end loop;
  end $$;
`;
