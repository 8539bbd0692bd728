import { HANDOFF_PLACE, MATERIALS, type Role, type WorkflowFile } from "./workflow-file.ts";

/** A fault that spans fields: `expected "roles.1.reads.0" to be …, got … . Remedy.` */
interface RoleFault {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly got: string;
  readonly mend: string;
}

/** The roles that work before another one, without those that work at the same time. */
interface Turn {
  readonly role: Role;
  readonly index: number;
  readonly roles: readonly Role[];
  readonly earlier: readonly Role[];
}

/** A name in braces, or two braces, which stand for one. */
const BRACED = /\{\{|\{(?<name>[a-z][a-z0-9-]*)\}/gu;
const RULES = [checkName, checkSource, checkReads, checkPrompt, checkReview, checkParallel];

/** Finds what no field alone can show: names of roles, their order, and what their prompts ask for. */
export function checkRoles({ roles }: WorkflowFile): readonly RoleFault[] {
  return roles.flatMap((role, index) => {
    const turn = { role, index, roles, earlier: earlierThan(roles, index) };
    return RULES.flatMap((rule) =>
      rule(turn).map(({ path, ...fault }) => ({ ...fault, path: ["roles", index, ...path] })),
    );
  });
}

function earlierThan(roles: readonly Role[], index: number): readonly Role[] {
  let first = index;
  while (first > 0 && roles[first]?.parallel === true) first -= 1;
  return roles.slice(0, first);
}

function checkName({ role: { name }, index, roles }: Turn): readonly RoleFault[] {
  if (!roles.slice(0, index).some((other) => other.name === name)) return [];
  const expected = "a name that no other role has";
  return [{ path: ["name"], expected, got: show(name), mend: "Write another name." }];
}

function checkSource({ role: { provider, model } }: Turn): readonly RoleFault[] {
  if (provider === undefined || model === undefined) return [];
  const mend = "Leave out the provider or the model: a provider names its model.";
  return [{ path: ["model"], expected: "absent if there is a provider", got: show(model), mend }];
}

/** A reviewer's handoff goes back to an earlier role, which may read it from the second round on. */
function checkReads({ role, roles, earlier }: Turn): readonly RoleFault[] {
  const sendsBack = roles.filter((other) => other.sends_back_to === role.name);
  const readable = [...earlier, ...sendsBack].map(({ name }) => name);
  const materials = MATERIALS.filter((name) => lacksFor(name, earlier) === null);
  const known = new Set([...materials, ...readable]);
  return role.reads.flatMap((read, index): readonly RoleFault[] => {
    const lacking = lacksFor(read, earlier);
    if (lacking === null || readable.includes(read)) return [];
    const mend = lacking === "" ? `Write one of: ${[...known].join(", ")}.` : lacking;
    const expected = "something that exists before the role works";
    return [{ path: ["reads", index], expected, got: show(read), mend }];
  });
}

/** Null if the material exists by then; otherwise what it comes from, or nothing for a name. */
function lacksFor(read: string, earlier: readonly Role[]): string | null {
  if (read === "task") return null;
  if (read === "criteria") {
    return earlier.some(({ handoff }) => handoff === "plan")
      ? null
      : "Criteria come from the plan of an earlier role.";
  }
  if (read === "diff") {
    return earlier.some(({ writes }) => writes.length > 0)
      ? null
      : "A diff comes from an earlier role that changes files.";
  }
  return "";
}

function checkPrompt({ role: { prompt, reads } }: Turn): readonly RoleFault[] {
  const named = [...prompt.matchAll(BRACED)].flatMap(({ groups }) => groups?.["name"] ?? []);
  const unknown = named.filter((name) => name !== HANDOFF_PLACE && !reads.includes(name));
  const absent = [HANDOFF_PLACE, ...reads].filter((name) => !named.includes(name));
  return [
    ...unknown.map((name) =>
      promptFault(
        'a text with names of "reads" in braces',
        `{${name}}`,
        `Add ${name} to "reads", or write {{ for a brace.`,
      ),
    ),
    ...absent.map((name) => promptFault(`a text with {${name}}`, "none", sayAbsent(name))),
  ];
}

function promptFault(expected: string, got: string, mend: string): RoleFault {
  return { path: ["prompt"], expected, got, mend };
}

function sayAbsent(name: string): string {
  return name === HANDOFF_PLACE
    ? "The name means the file of the role's handoff."
    : `Write {${name}} in the prompt, or remove ${name} from "reads".`;
}

function checkReview({ role, earlier }: Turn): readonly RoleFault[] {
  const { sends_back_to: target, handoff } = role;
  if (target === undefined) return [];
  const path = ["sends_back_to"];
  const got = show(target);
  if (handoff !== "review") {
    const mend = "Only a role that hands over a review sends work back.";
    return [{ path, expected: "absent without a review", got, mend }];
  }
  const builders = earlier.filter(({ writes }) => writes.length > 0).map(({ name }) => name);
  if (builders.includes(target)) return [];
  const known = builders.length === 0 ? "none" : builders.join(", ");
  const expected = "an earlier role that changes files";
  return [{ path, expected, got, mend: `Such roles: ${known}.` }];
}

function checkParallel({ role, index }: Turn): readonly RoleFault[] {
  if (index > 0 || !role.parallel) return [];
  const mend = "Leave it out: no role works before the first one.";
  return [{ path: ["parallel"], expected: "false for the first role", got: "true", mend }];
}

function show(text: string): string {
  return JSON.stringify(text);
}
