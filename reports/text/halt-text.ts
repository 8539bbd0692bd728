/** Why an arm or the whole experiment is halted, and what would release it. */
interface HaltText {
  readonly reason: string;
  readonly release: string;
}

export function ordersHaltText(candidate: string): HaltText {
  return {
    reason: `The orders of ${candidate}'s pairs occur in another ratio than assigned: windows went missing for a reason.`,
    release:
      "Nothing in this experiment: find out why windows are missing and register another one.",
  };
}

export function violationsHaltText(pairs: number): HaltText {
  return {
    reason: `${pairs} of the pairs were run in another order than assigned.`,
    release:
      "Nothing in this experiment: find out what changed the order and register another one.",
  };
}

export function meterHaltText(window: string): HaltText {
  return {
    reason: `At ${window}, 2 of 3 windows in a row had a meter that went backwards within one reset period.`,
    release: "Find out what resets the meter, undo the anomalies that were wrong, and resume.",
  };
}

export function intervalHaltText(pairs: number): HaltText {
  return {
    reason: `The cost ratio of ${pairs} pairs in both orders has no finite interval.`,
    release: "Correct or undo the windows whose costs are impossible, and resume.",
  };
}

export function contradictedHaltText(rule: keyof typeof REQUIRED): HaltText {
  return {
    reason: `At two looks in a row the data contradict that ${REQUIRED[rule]}.`,
    release: "Nothing in this experiment: change the provider and register another one.",
  };
}

const REQUIRED = {
  cost_contradicted: "the candidate is as much cheaper as required",
  errors_contradicted: "the candidate has no more errors than is allowed",
};

interface Limit {
  readonly provider: string | null;
  readonly metric: string;
  readonly value: number;
  /** The condition as its operator wrote it. */
  readonly text: string;
}

export function operatorHaltText({ provider, metric, value, text }: Limit): HaltText {
  return {
    reason: `${provider ?? "The experiment"} has ${metric} ${Number(value.toPrecision(4))}.`,
    release: `Resume without --stop-when '${text}', or with another limit.`,
  };
}
