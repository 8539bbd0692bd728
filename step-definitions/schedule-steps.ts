import assert from "node:assert/strict";
import { chmodSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { NEW_FILE } from "../runner/tracker/schedule/new-file.ts";
import { setClock } from "./support/set-clock.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "a calendar with the events {string} and {string}",
  function (this: ExperimentWorld, planning: string, other: string) {
    const times = "DTSTART:20261026T100000Z\r\nDTEND:20261026T150000Z";
    const events = [planning, other].map(
      (summary) => `BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:${summary}\r\n${times}\r\nEND:VEVENT`,
    );
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", ...events, "END:VCALENDAR"];
    this.write("calendar.ics", `${lines.join("\r\n")}\r\n`);
  },
);

Then(
  "each line of its output ends in CR and LF, and the last one says {string}",
  function (this: ExperimentWorld, line: string) {
    const { stdout } = this.last;
    assert.ok(stdout.endsWith(`\r\n${line}\r\n`), JSON.stringify(stdout));
    assert.doesNotMatch(stdout, /(?<!\r)\n/u);
  },
);

const PLAN = "windows.local.txt";
const DAY = "2026-10-26";

Given(
  "W0-07 of {word} is planned on 2026-10-26 from 10:00 to 15:00 UTC",
  function (this: ExperimentWorld, provider: string) {
    this.variables["TZ"] = "UTC";
    this.write(PLAN, `${DAY} 10:00  ${DAY} 15:00  W0-07  main  ${provider}\n`);
  },
);

/** Each report of a kind counts more than the last one, in the form of ccusage 20. */
const CCUSAGE = `#!/bin/sh
case "$*" in *weekly*) kind=weekly period=week ;; *) kind=daily period=date ;; esac
echo call >> "calls-$kind"
n=$(($(wc -l < "calls-$kind") * 100))
counts='"cacheCreationTokens":0,"cacheReadTokens":5,"inputTokens":'$n',"outputTokens":10,"totalCost":0.1,"totalTokens":'$((n + 15))
echo '{"'$kind'":[{"'$period'":"${DAY}","modelsUsed":["claude-sonnet-4-5"],'$counts'}],"totals":{'$counts'}}'
`;
/** The screen of claude-monitor, then the pane of Claude Code. */
const SCREENS = `#!/bin/sh
echo call >> calls-screens
n=$(wc -l < calls-screens)
echo "Token Usage: 12.3% $n,345 / 44,000"
echo "Time to Reset: 2h 0m"
echo "Current session"
echo "$n% used"
echo "Resets 5pm (UTC)"
`;
const HANGING = "#!/bin/sh\necho $$ > hung\nexec sleep 1000\n";
const PANE = '#!/bin/sh\necho "5h limit: [█] $1 used (resets 15:30)"\n';

Given(
  "these standing jobs, with a scripted ccusage and panes of codex:",
  function (this: ExperimentWorld, jobs: string) {
    this.write(PLAN, `${this.read(PLAN)}${jobs}\n`);
    writeProgram(this, "ccusage", CCUSAGE);
    writeProgram(this, "pane", PANE);
    writeProgram(this, "hanging", HANGING);
  },
);

Given(
  "the standing jobs of a new plan with claude-monitor, with scripted programs",
  function (this: ExperimentWorld) {
    const jobs = NEW_FILE.split("\n").filter((line) => line.startsWith("# job"));
    const wanted = jobs.filter((line) => !line.includes("--run"));
    const plan = wanted.map((line) => line.replace("# ", "")).join("\n");
    this.write(PLAN, `${this.read(PLAN)}${plan}\n`);
    writeProgram(this, "claude-screens", SCREENS);
    writeOnPath(this, "ccusage", CCUSAGE);
  },
);

function writeOnPath(world: ExperimentWorld, name: string, text: string): void {
  writeProgram(world, `bin/${name}`, text);
  world.variables["PATH"] = `${world.file("bin")}:${world.variables["PATH"] ?? ""}`;
}

function writeProgram(world: ExperimentWorld, name: string, text: string): void {
  world.write(name, text);
  chmodSync(world.file(name), 0o755);
}

/** Starts the schedule, comes to each time and waits until `isOver`, then presses Ctrl-C. */
async function followSchedule(
  world: ExperimentWorld,
  times: readonly string[],
  isOver: (printed: string, time: string) => boolean,
): Promise<void> {
  world.start("experiment schedule run");
  const { running } = world;
  const printed = () => running?.printed() ?? "";
  await waitUntil(() => printed().includes("Ctrl-C ends it"), printed);
  for (const time of times) {
    setClock(world, `${DAY}T${time}:00.000Z`);
    await waitUntil(() => isOver(printed(), time), printed);
  }
  running?.interrupt();
  await world.finish();
}

/** Every planned moment up to a time has its outcomes. */
function isAllDone(world: ExperimentWorld, time: string): boolean {
  const plan = world.read(PLAN);
  const provider = / (?<provider>\S+)$/mu.exec(plan)?.groups?.["provider"] ?? "";
  const jobs = (kind: string) => plan.split("\n").filter((line) => line.startsWith(`job ${kind} `));
  const readings = (phase: string) => {
    const own = [...jobs(phase), ...jobs(`${phase}:${provider}`)];
    return own.length + (own.some((line) => line.includes("experiment snapshot")) ? 0 : 1);
  };
  const due =
    (time >= "10:00" ? readings("before") : 0) +
    (time >= "15:00" ? readings("after") : 0) +
    jobs("daily").length;
  return outcomes(world).length === due;
}

function outcomes(world: ExperimentWorld): readonly string[] {
  const file = ".experiment/state/schedule.jsonl";
  return world
    .read(file)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { outcome: string } => JSON.parse(line))
    .map(({ outcome }) => outcome)
    .filter((outcome) => outcome !== "started");
}

When(
  /^the schedule (?:runs|has run), at (.+) of that day, until (nothing is due|the program hangs|it waits until "\S+")$/u,
  async function (this: ExperimentWorld, said: string, end: string) {
    const times = [...said.matchAll(/\d\d:\d\d/gu)].map(([time]) => time);
    const [, until] = /"(\S+)"/u.exec(end) ?? [];
    await followSchedule(this, times, (printed, time) => {
      if (until !== undefined) {
        return printed.includes(`waits  W0-07 (codex) after: until ${DAY} ${until}`);
      }
      return end === "nothing is due"
        ? isAllDone(this, time)
        : this.exists("hung") && this.read("hung") !== "";
    });
    if (end === "the program hangs") this.isExitCodeSeen = true;
  },
);

Given("the program that hung ends at once from now on", function (this: ExperimentWorld) {
  writeProgram(this, "hanging", "#!/bin/sh\n");
});

When(
  "the schedule runs once at each of {string}",
  async function (this: ExperimentWorld, times: string) {
    for (const time of times.split(", ")) {
      setClock(this, `${DAY}T${time}:00.000Z`);
      await this.run("experiment schedule run --once");
    }
  },
);

Then("the program that hung has ended", function (this: ExperimentWorld) {
  assert.throws(() => process.kill(Number(this.read("hung")), 0), /ESRCH/u);
});

Then(
  "every snapshot and every count says {string}, and {string} has counts from each of {string}",
  function (this: ExperimentWorld, by: string, window: string, origins: string) {
    assertSource(this, by);
    assertOrigins(this, window, origins);
  },
);

function assertSource(world: ExperimentWorld, by: string): void {
  const rows = [
    ...world.rowsOf("snapshots", "snapshot_taken"),
    ...world.rowsOf("usage", "usage_ingested"),
  ];
  assert.equal(new Set(rows.map(({ record }) => record)).size, 2);
  for (const { record, source } of rows) assert.equal(source, by, record);
}

function assertOrigins(world: ExperimentWorld, window: string, origins: string): void {
  const rows = world.rowsOf("usage", "usage_ingested").filter((row) => row["window"] === window);
  const own = rows.map((row) => String(row["origin"]));
  assert.equal(own.toSorted().join(", "), origins);
}

Then("the kept outcomes are {string}", function (this: ExperimentWorld, expected: string) {
  assert.equal(outcomes(this).toSorted().join(", "), expected);
});

Then("the terminal's bell rings", function (this: ExperimentWorld) {
  assert.ok(this.last.stderr.includes("\u0007"), JSON.stringify(this.last.stderr));
});
