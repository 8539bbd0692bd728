/** Why an arm or the whole experiment is halted, and what would release it, by the stop rule. */
export const HALT_TEXT = {
  srm: (candidate: string) => ({
    reason: `The orders of ${candidate}'s pairs occur in another ratio than assigned: windows went missing for a reason.`,
    release:
      "Nothing in this experiment: find out why windows are missing and register another one.",
  }),
  protocol_violation: (pairs: number) => ({
    reason: `${pairs} of the pairs were run in another order than assigned.`,
    release:
      "Nothing in this experiment: find out what changed the order and register another one.",
  }),
  negative_delta: (window: string) => ({
    reason: `At ${window}, 2 of 3 windows in a row had a meter that went backwards within one reset period.`,
    release: "Find out what resets the meter, undo the anomalies that were wrong, and resume.",
  }),
  interval_not_finite: (pairs: number) => ({
    reason: `The cost ratio of ${pairs} pairs in both orders has no finite interval.`,
    release: "Correct or undo the windows whose costs are impossible, and resume.",
  }),
  cost_contradicted: () => contradicted("the candidate is as much cheaper as required"),
  errors_contradicted: () => contradicted("the candidate has no more errors than allowed"),
  /** `text`: the condition as its operator wrote it. */
  operator: (text: string, figure: string) => ({
    reason: `${figure}.`,
    release: `Resume without --stop-when '${text}', or with another limit.`,
  }),
};

function contradicted(required: string) {
  return {
    reason: `At two looks in a row the data contradict that ${required}.`,
    release: "Nothing in this experiment: change the provider and register another one.",
  };
}
