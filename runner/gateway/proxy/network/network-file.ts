import { z } from "zod";

import { fieldHints } from "../../../platform/yaml/field-hints.ts";

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/iu;

/** The hosts that an agent may reach besides its models, as a file lists them. */
function allowedHosts() {
  const host = z.string().regex(HOST).register(fieldHints, {
    expected: "the name of a host, without port and path",
    mend: "Write e.g. packages.example.com, or *.example.org for every host below example.org.",
  });
  const hosts = z.array(host).min(1).register(fieldHints, {
    expected: "a list of hosts",
    mend: "Write e.g. [packages.example.com].",
  });
  return z.strictObject({ allow: hosts });
}

/** The field `network` of `task.yaml`: what the task needs. */
export const TaskNetwork = allowedHosts().register(fieldHints, {
  expected: "the hosts that the task needs",
  mend: "Write { allow: [packages.example.com] }, or leave it out.",
});

/** The field `network` of `experiment.yaml`. */
export const ExperimentNetwork = z
  .union([z.enum(["closed", "open"]), allowedHosts()])
  .register(fieldHints, {
    expected: "closed, open, or the hosts that agents may reach",
    mend: "Write closed, open, or { allow: [packages.example.com] }.",
  });
