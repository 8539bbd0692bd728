import type { Configuration, Team } from "../../plan/config/configuration.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { nullIfGit } from "../../platform/git/run-git.ts";
import { endOfReading } from "../../platform/reader/end-of-reading.ts";
import type { LeftOut } from "../../platform/reader/left-out.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { measureChurn } from "../../tasks/workspaces/measure-churn.ts";
import {
  changedBetween,
  commitTurn,
  diffOf,
  type TeamRepository,
} from "../../tasks/workspaces/team-repository.ts";
import { isAfterReview, type Review } from "../../teams/check-round.ts";
import type { Handoff } from "../../teams/handoff-schema.ts";
import { type Group, groupRoles, nextGroup, reviewerSendingBack } from "../../teams/next-role.ts";
import type { Return } from "../../teams/retrospect.ts";
import { boundsOf, isSamePlace } from "../../teams/role-bounds.ts";
import type { AcceptedHandoff, Breach, Turn } from "../../teams/turn.ts";
import type { Role } from "../../teams/workflow-file.ts";
import { composePrompt } from "./compose-prompt.ts";
import { windowLimitMs } from "./limit-agent.ts";
import { figuresOf, type TurnOrder, workPathOf, type WorkedTurn } from "./role-turn.ts";

interface TeamParts {
  readonly environment: Environment;
  readonly task: Task;
  /** The roles that share the work. */
  readonly team: Team;
  readonly repository: TeamRepository;
  readonly limits: Pick<Configuration["limits"], "windowMs">;
  readonly workTurn: (turnOrder: TurnOrder) => Promise<WorkedTurn>;
  /** Overwrites secrets in a file of the work. */
  readonly redactFile: (content: Buffer) => Buffer;
}

/** A turn whose changes are judged and committed. */
export interface FinishedTurn {
  readonly worked: WorkedTurn;
  readonly turn: Turn;
  /** The work after the turn. */
  readonly commit: string;
  /** Whether it ended the workflow before its time. */
  readonly isEnd: boolean;
}

/** A prompt carries the diff, and a command line can't be longer than 128 KiB. */
const DIFF_CHARACTERS_MAX = 24_000;

/** The roles of one attempt, from the first turn to the last. */
export class TeamRun {
  readonly #parts: TeamParts;
  readonly #signal: AbortSignal;
  readonly #startedMs: number;
  readonly #finished: FinishedTurn[] = [];
  readonly #sentBack = new Map<string, number>();
  /** The returns of work so far. */
  readonly returns: Return[] = [];
  /** The work so far. */
  commit: string;
  /** What of the work could not be recorded. */
  readonly leftOut: LeftOut[] = [];

  constructor(parts: TeamParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#startedMs = parts.environment.clock.monotonicMs();
    this.commit = parts.repository.commitStart;
  }

  get durationMs(): number {
    return this.#parts.environment.clock.monotonicMs() - this.#startedMs;
  }

  /** Lets the roles work until the workflow is done or a turn ends it. */
  async work(): Promise<readonly [FinishedTurn, ...FinishedTurn[]]> {
    const groups = groupRoles(this.#parts.team.roles);
    for (let at = 0; at < groups.length;) {
      const turns = await this.#workGroup(groups[at] ?? { roles: [] });
      if (turns.some(({ isEnd }) => isEnd)) break;
      at = this.#next(groups, at, turns);
    }
    const [first, ...others] = this.#finished;
    if (first === undefined) throw new Error("A workflow has at least one role.");
    return [first, ...others];
  }

  #next(groups: readonly Group[], at: number, turns: readonly FinishedTurn[]): number {
    const verdicts = new Map(
      turns.flatMap(({ turn: { role, handoff } }) =>
        handoff?.content.handoff === "review" ? [[role, handoff.content.verdict] as const] : [],
      ),
    );
    const progress = { groups, at, verdicts, sentBack: this.#sentBack };
    const reviewer = reviewerSendingBack(progress);
    const next = nextGroup(progress);
    if (reviewer !== undefined) this.#noteReturn(reviewer, turns);
    return next;
  }

  #noteReturn({ name, sends_back_to: to }: Role, turns: readonly FinishedTurn[]): void {
    this.#sentBack.set(name, (this.#sentBack.get(name) ?? 0) + 1);
    const review = turns.find(({ turn }) => turn.role === name)?.turn.turn;
    if (review === undefined || to === undefined) return;
    this.returns.push({ review, first: this.#finished.length + 1, to });
  }

  /** The roles of a group begin with the same work. Their changes are added one after the other. */
  async #workGroup({ roles }: Group): Promise<readonly FinishedTurn[]> {
    const parent = this.commit;
    const number = this.#finished.length;
    const orders = await Promise.all(
      roles.map((role, index) => this.#order(role, { turn: number + index + 1, parent })),
    );
    const working = orders.map(async (turnOrder) => await this.#parts.workTurn(turnOrder));
    // No agent works on when another one's turn has failed.
    await Promise.allSettled(working);
    const worked = await Promise.all(working);
    const finished: FinishedTurn[] = [];
    for (const each of worked) finished.push(await this.#finish(each, parent));
    // The turn that ended the workflow comes last, since it decides the outcome.
    const ordered = [
      ...finished.filter((one) => !one.isEnd),
      ...finished.filter((one) => one.isEnd),
    ];
    this.#finished.push(...ordered);
    return ordered;
  }

  async #order(
    role: Role,
    { turn, parent }: { readonly turn: number; readonly parent: string },
  ): Promise<TurnOrder> {
    const earlier = this.#turnsOf(role.name);
    const { limits, task, team } = this.#parts;
    const roles = team.roles.length;
    const wholeMs = windowLimitMs({ limits }, task, roles);
    const own = this.#lastHandoff(role.name);
    const isReview = role.handoff === "review";
    return {
      role,
      roles,
      turn,
      round: earlier.length + 1,
      parent,
      materials: await this.#materials(role),
      lastReview: isReview ? own : undefined,
      answers: isReview ? reviewIn(own) : this.#openReview(role),
      leftMs: () => wholeMs - this.durationMs,
    };
  }

  /** The review that has sent work back to a role; undefined if none has. */
  #openReview({ name, handoff }: Role): Review | undefined {
    if (handoff !== "implementation") return undefined;
    const reviewers = this.#parts.team.roles.filter((role) => role.sends_back_to === name);
    const reviews = reviewers.map((role) => reviewIn(this.#lastHandoff(role.name)));
    return reviews.find((review) => review?.verdict === "rework");
  }

  async #materials({ reads }: Role): Promise<Readonly<Record<string, string>>> {
    const { task, repository } = this.#parts;
    const texts = await Promise.all(
      reads.map(async (name): Promise<readonly [string, string][]> => {
        if (name === "task") return [[name, composePrompt(task)]];
        if (name === "criteria") return this.#criteria().map((text) => [name, text]);
        if (name === "diff") {
          const asked = { commit: this.commit, charactersMax: DIFF_CHARACTERS_MAX };
          return [[name, await diffOf(repository, asked, this.#parts.environment)]];
        }
        const handoff = this.#lastHandoff(name);
        return handoff === undefined ? [] : [[name, handoff.text]];
      }),
    );
    return Object.fromEntries(texts.flat());
  }

  #criteria(): readonly string[] {
    const plan = this.#finished
      .flatMap(({ turn: { handoff } }) => (handoff === null ? [] : [handoff.content]))
      .findLast(
        (content): content is Extract<Handoff, { handoff: "plan" }> => content.handoff === "plan",
      );
    return plan === undefined ? [] : [plan.criteria.map((one) => `- ${one}`).join("\n")];
  }

  #turnsOf(role: string): readonly Turn[] {
    return this.#finished.map(({ turn }) => turn).filter((turn) => turn.role === role);
  }

  #lastHandoff(role: string): AcceptedHandoff | undefined {
    return this.#turnsOf(role).findLast(({ handoff }) => handoff !== null)?.handoff ?? undefined;
  }

  /** Adds what the role was allowed to change to the work, and removes its workspace. */
  async #finish(worked: WorkedTurn, parent: string): Promise<FinishedTurn> {
    const { repository, environment, task, redactFile } = this.#parts;
    const { role, round } = worked.order;
    const { gitDir } = repository;
    const onto = this.commit;
    const bounds = boundsOf(role, workPathOf(worked, task));
    const beside = await changedBetween({ gitDir, from: parent, to: onto }, environment);
    const taken = [...beside.changed, ...beside.removed];
    const judge = (file: string) =>
      bounds(file) === "kept" && taken.some((one) => isSamePlace(one, file))
        ? "discarded"
        : bounds(file);
    const message = `${role.command}, round ${String(round)}, by the ${role.name}`;
    const { folder, base } = worked.workspace;
    const signal = this.#signal;
    const author = role.name;
    const work = { folder, parent, onto, author, message, judge, redactFile, signal };
    const { commit, discarded, leftOut } = await commitTurn(repository, work, environment);
    await removeFolder(base, this.#signal);
    this.commit = commit;
    this.leftOut.push(...leftOut);
    const breaches = discarded.map(({ path, change }): Breach =>
      bounds(path) === "kept"
        ? { path, change: "also changed by the role before" }
        : { path, change },
    );
    const isChanged = commit !== onto;
    const span = { gitDir, commitStart: onto, commitEnd: commit };
    const churn = isChanged
      ? await measureChurn(span, environment, endOfReading(this.#signal)).catch(nullIfGit)
      : null;
    const turn = turnOf(worked, { commit: isChanged ? commit : null, churn, breaches });
    return { worked, turn, commit, isEnd: endsWorkflow(worked) };
  }
}

function reviewIn(handoff: AcceptedHandoff | undefined): Review | undefined {
  const content = handoff?.content;
  return content !== undefined && isAfterReview(content) && content.handoff === "review"
    ? content
    : undefined;
}

/** A role's own spent budget ends the workflow only if the file says so. Others are not the role's own. */
function endsWorkflow({ end, order: { role }, runs }: WorkedTurn): boolean {
  if (end === "handed_over") return false;
  if (end !== "budget_spent") return true;
  const { scope, unpricedModel } = runs.at(-1)?.budget.refusal ?? {};
  if (unpricedModel !== undefined) return true;
  const isOwn = scope === "role" || scope === "command";
  return !isOwn || role.when_spent === "end";
}

function turnOf(worked: WorkedTurn, found: Pick<Turn, "commit" | "churn" | "breaches">): Turn {
  const { order, ready, startedAtMs, endedAtMs, end, reason, handoff, refusedHandoffs } = worked;
  const { role, turn, round } = order;
  const { tokens = null, usd = null, minutes = null } = role.budgets;
  return {
    turn,
    role: role.name,
    command: role.command,
    round,
    workedBy: ready.provider.id,
    model: ready.provider.model,
    startedAtMs,
    endedAtMs,
    durationMs: Math.max(0, endedAtMs - startedAtMs),
    end,
    reason,
    ...figuresOf(worked),
    limits: { tokens, usd, minutes },
    quality: null,
    handoff,
    refusedHandoffs,
    ...found,
  };
}
