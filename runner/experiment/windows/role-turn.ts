import { rm } from "node:fs/promises";
import path from "node:path";

import type { TurnEnd } from "../../../ledger/domain/role-worked.ts";
import { sumUsage } from "../../../ledger/domain/usage.ts";
import { type Amounts, toGrains } from "../../gateway/budgets/budget-unit.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { renewHome, type Workspace } from "../../tasks/workspaces/create-workspace.ts";
import { repairFolders } from "../../tasks/workspaces/seal-workspace.ts";
import {
  createTurnWorkspace,
  type TeamRepository,
} from "../../tasks/workspaces/team-repository.ts";
import type { Review } from "../../teams/check-round.ts";
import { readTurnHandoff } from "../../teams/read-turn-handoff.ts";
import { composeRolePrompt, HANDOFF_FOLDER } from "../../teams/role-prompt.ts";
import type { AcceptedHandoff } from "../../teams/turn.ts";
import type { Role } from "../../teams/workflow-file.ts";
import type { AgentRecord, RunAgent } from "./agent-job.ts";
import { agentFolder } from "./agent-room.ts";
import { sayUnpriced } from "./decide-outcome.ts";
import type { Attempt } from "./work-alone.ts";

/** One turn that a role is to work. */
export interface TurnOrder {
  readonly role: Role;
  /** How many roles the team has. */
  readonly roles: number;
  /** Place in the attempt, from 1. */
  readonly turn: number;
  readonly round: number;
  /** The commit that it begins with. */
  readonly parent: string;
  /** What the names in its prompt stand for. */
  readonly materials: Readonly<Record<string, string>>;
  /** The role's own last review, and the review that its handoff has to answer. */
  readonly lastReview: AcceptedHandoff | undefined;
  readonly answers: Review | undefined;
  /** The rest of the window's time, milliseconds. */
  readonly leftMs: () => number;
}

/** What a role did in its turn, before its changes are judged. */
export interface WorkedTurn {
  readonly order: TurnOrder;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  /** The runs of its agent: one, or two if its handoff was sent back. */
  readonly runs: readonly [AgentRecord, ...AgentRecord[]];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly end: TurnEnd;
  readonly reason: string | null;
  readonly handoff: AcceptedHandoff | null;
  readonly refusedHandoffs: readonly (readonly string[])[];
}

/** What the turns of an attempt share. */
export interface TurnParts {
  readonly environment: Environment;
  /** Keeps the work of the turns. */
  readonly repository: TeamRepository;
  /** A provider that a workflow names, with its agent. */
  readonly readyProvider: (id: string) => ReadyProvider;
  readonly runAgent: RunAgent;
  readonly signal: AbortSignal;
}

/** Lets a role work in a workspace and a home of its own. A handoff with faults is sent back once. */
export async function workTurn(
  parts: TurnParts,
  attempt: Attempt,
  turnOrder: TurnOrder,
): Promise<WorkedTurn> {
  const { clock } = parts.environment;
  const ready = roleProvider(parts, attempt, turnOrder.role);
  const startedAtMs = clock.nowMs();
  const workspace = await makeWorkspace(parts, attempt, turnOrder);
  const ask = async (again: number, faults?: readonly string[]): Promise<Answered> =>
    await askRole(parts, attempt, { turnOrder, ready, workspace, again, faults });
  const first = await ask(1);
  const isSentBack = first.failure === null && first.handoff === null;
  // The harness writes into the home, and must follow no link that the first run left there.
  if (isSentBack) await renewHome(workspace);
  const second = isSentBack ? [await ask(2, first.faults)] : [];
  const last = second.at(-1) ?? first;
  const refusedHandoffs = [first, ...second]
    .filter(({ failure, handoff }) => failure === null && handoff === null)
    .map(({ faults }) => faults);
  return {
    order: turnOrder,
    ready,
    workspace,
    runs: [first.run, ...second.map(({ run }) => run)],
    startedAtMs,
    endedAtMs: clock.nowMs(),
    ...(last.failure ?? endOf(turnOrder.role, last)),
    handoff: last.handoff,
    refusedHandoffs,
  };
}

async function makeWorkspace(
  { environment, repository }: TurnParts,
  { order, task }: Attempt,
  { turn, parent: commit }: TurnOrder,
): Promise<Workspace> {
  const name = `${order.planned.window}-${String(order.attempt)}-${String(turn)}`;
  const workspace = await createTurnWorkspace(repository, { name, commit }, environment);
  // A handoff that the repository has was not written in this turn.
  const handoffs = path.join(agentFolder(task, workspace), HANDOFF_FOLDER);
  await rm(handoffs, { recursive: true, force: true });
  return workspace;
}

/** One run of a role's agent, and what it handed over. */
interface Answered {
  readonly run: AgentRecord;
  /** Why the run ended before its work was done; null if it ended by itself. */
  readonly failure: Ended | null;
  readonly handoff: AcceptedHandoff | null;
  /** Empty if the handoff was accepted. */
  readonly faults: readonly string[];
}

interface Question {
  readonly turnOrder: TurnOrder;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly again: number;
  readonly faults: readonly string[] | undefined;
}

async function askRole(
  { runAgent, signal }: TurnParts,
  { order, task, held, began }: Attempt,
  { turnOrder, ready, workspace, again, faults: sentBack }: Question,
): Promise<Answered> {
  const { role, roles, round, turn, materials, lastReview, answers, leftMs } = turnOrder;
  const { command, name } = role;
  const { title, tokensMax } = task;
  const windowCap = tokensMax === null ? null : tokensMax * roles;
  const faults = sentBack?.join("\n");
  const asked = { role, round, title, materials, lastReview: lastReview?.text, faults };
  const run = await runAgent(
    {
      order,
      task,
      ready,
      workspace,
      held,
      prompt: composeRolePrompt(asked),
      work: { command, role: name, roleCap: capOf(role), windowCap },
      turn,
      again,
      wallLimitMs: Math.max(1, leftMs()),
      began: () => began(`working as ${name}`),
    },
    signal,
  );
  await repairFolders(workspace);
  const { folder } = workspace;
  const at = path.relative(folder, agentFolder(task, workspace));
  const asks = { name, handoff: role.handoff };
  const read = await readTurnHandoff({ folder, at, role: asks, review: answers }, signal);
  return { run, failure: failureOf(run), handoff: read.accepted, faults: read.faults };
}

/** A role may have a provider of its own, or another model of its window's provider. */
function roleProvider({ readyProvider }: TurnParts, { ready }: Attempt, role: Role): ReadyProvider {
  const chosen = role.provider === undefined ? ready : readyProvider(role.provider);
  if (role.model === undefined) return chosen;
  return { ...chosen, provider: { ...chosen.provider, model: role.model } };
}

/** What the workflow lets the role use in one window, grains. */
function capOf({ budgets: { tokens, usd, minutes } }: Role): Amounts {
  return {
    tokens: tokens ?? null,
    usd: usd === undefined ? null : toGrains("usd", usd),
    minutes: minutes === undefined ? null : toGrains("minutes", minutes),
  };
}

type Ended = Pick<WorkedTurn, "end" | "reason">;

function failureOf({ budget: { refusal }, end }: AgentRecord): Ended | null {
  if (refusal?.unpricedModel !== undefined) {
    return { end: "budget_spent", reason: sayUnpriced(refusal.unpricedModel) };
  }
  if (refusal !== null) {
    return { end: "budget_spent", reason: `The ${refusal.name} budget is spent.` };
  }
  if (end.endedBy === "wall_limit" || end.endedBy === "idle_limit") {
    return { end: "timed_out", reason: "Its time was over." };
  }
  if (end.endedBy === "abort") return { end: "stopped", reason: "It was stopped." };
  if (end.endedBy === "itself" && end.exitCode === 0) return null;
  const how = end.exitCode === null ? "was ended" : `exited with ${String(end.exitCode)}`;
  return { end: "crashed", reason: `Its agent ${how}.` };
}

function endOf(role: Role, { handoff, faults }: Answered): Ended {
  if (handoff !== null) return { end: "handed_over", reason: null };
  const reason = `The handoff of the ${role.name} was refused twice. ${faults[0] ?? ""}`;
  return { end: "handoff_failed", reason };
}

/** What the runs of a turn used together. */
export function figuresOf({ runs }: Pick<WorkedTurn, "runs">) {
  const read = runs.map(({ tally }) => tally.read());
  const dollars = read.map((one) => one.dollars.amount);
  return {
    usage: sumUsage(read.map(({ usage }) => usage)),
    dollars: dollars.includes(null)
      ? null
      : dollars.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    requests: read.reduce((sum, { requests }) => sum + requests.total, 0),
  };
}

/** The place in the workspace where the role works; "" for all of it. */
export function workPathOf({ workspace }: WorkedTurn, task: Task): string {
  return path.relative(workspace.folder, agentFolder(task, workspace));
}
