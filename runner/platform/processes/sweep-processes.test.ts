import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { afterEach, describe, expect, it } from "vitest";

import { processEnvironment } from "../environment/environment.ts";
import { findExecutable } from "./find-executable.ts";
import { listFromPs, listProcesses } from "./list-processes.ts";
import { MARKER_VARIABLE, sweepProcesses } from "./sweep-processes.ts";

const environment = processEnvironment();
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function sleeper(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn("/bin/sleep", ["60"], { env, stdio: "ignore" });
  children.push(child);
  await once(child, "spawn");
  return child;
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;
const prefix = () => `cb-${environment.randomId()}-`;

describe("sweepProcesses", () => {
  it("kills the processes that carry exactly the marker and spares those that resemble it", async () => {
    const marker = `${prefix()}W0-01-1`;
    const marked = await sleeper({ [MARKER_VARIABLE]: marker });
    const spared = [
      await sleeper({ [MARKER_VARIABLE]: `${marker}1` }),
      await sleeper({ [MARKER_VARIABLE]: marker.slice(0, -1) }),
      await sleeper({ [`X${MARKER_VARIABLE}`]: marker }),
      await sleeper({ OTHER: `${MARKER_VARIABLE}=${marker}` }),
      await sleeper({ OTHER: `\n${MARKER_VARIABLE}=${marker}` }),
    ];
    const ended = once(marked, "exit");
    expect(await sweepProcesses({ marker })).toEqual({ found: 1, remaining: 0 });
    await ended;
    expect(marked.signalCode).toBe("SIGKILL");
    expect(spared.map(isRunning)).toEqual(spared.map(() => true));
  });

  it("kills by a prefix what several attempts of an experiment left", async () => {
    const markerPrefix = prefix();
    const marked = [
      await sleeper({ [MARKER_VARIABLE]: `${markerPrefix}W0-01-1` }),
      await sleeper({ [MARKER_VARIABLE]: `${markerPrefix}W0-02-1` }),
    ];
    const other = await sleeper({ [MARKER_VARIABLE]: prefix() });
    const ended = marked.map((child) => once(child, "exit"));
    expect(await sweepProcesses({ markerPrefix })).toEqual({ found: 2, remaining: 0 });
    await Promise.all(ended);
    expect(isRunning(other)).toBe(true);
  });

  it("finds nothing where nothing was left", async () => {
    expect(await sweepProcesses({ marker: prefix() })).toEqual({ found: 0, remaining: 0 });
  });

  it.each([{ marker: "" }, { markerPrefix: "" }])("refuses %o", async (target) => {
    await expect(sweepProcesses(target)).rejects.toThrow(/needs a marker/u);
  });
});

describe("sweepProcesses and the harness", () => {
  it("finds what a harness left that was itself killed", async () => {
    const markerPrefix = prefix();
    const script = `
      const { runAgentProcess } = await import(process.env.MODULE);
      const commandLine = { file: "/bin/sh", args: ["-c", "setsid sleep 60 & kill -9 $PPID; sleep 60"], env: {} };
      await runAgentProcess({
        commandLine, cwd: "/", marker: process.env.PREFIX + "W0-01-1", capture: "/dev/null",
        wallLimitMs: 60_000, idleLimitMs: 60_000, outputBytesMax: 1000,
        clock: { nowMs: () => 0, monotonicMs: () => 0 }, signal: new AbortController().signal,
      });`;
    const MODULE = new URL("run-agent-process.ts", import.meta.url).href;
    const harness = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: { MODULE, PREFIX: markerPrefix },
      stdio: "inherit",
    });
    children.push(harness);
    await once(harness, "exit");
    expect(harness.signalCode).toBe("SIGKILL");
    const sweep = await sweepProcesses({ markerPrefix });
    expect(sweep.found).toBeGreaterThanOrEqual(2);
    expect(sweep.remaining).toBe(0);
    expect(await sweepProcesses({ markerPrefix })).toEqual({ found: 0, remaining: 0 });
  });

  it("spares the process that sweeps, even where it carries the marker itself", async () => {
    const marker = prefix();
    const script = `
      const { spawn } = await import("node:child_process");
      const { sweepProcesses } = await import(process.env.MODULE);
      spawn("/bin/sleep", ["60"], { stdio: "ignore", env: { ${MARKER_VARIABLE}: process.env.MARKER } });
      await new Promise((done) => setTimeout(done, 200));
      console.log(JSON.stringify(await sweepProcesses({ marker: process.env.MARKER })));
      process.exit(0);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: {
        [MARKER_VARIABLE]: marker,
        MARKER: marker,
        MODULE: new URL("sweep-processes.ts", import.meta.url).href,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    await once(child, "close");
    expect(child.exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual({ found: 1, remaining: 0 });
  });
});

const { variables } = environment;
const hasPs =
  variables["CI"] === "true" || (await findExecutable("ps", variables["PATH"])) !== undefined;

describe(`listProcesses and listFromPs${hasPs ? "" : ": ps is not installed"}`, () => {
  it.skipIf(!hasPs)("agree on a marked process and its parent", async () => {
    const marker = prefix();
    const child = await sleeper({ [MARKER_VARIABLE]: marker, PATH: "/bin" });
    for (const list of [listProcesses, listFromPs]) {
      const entry = (await list(MARKER_VARIABLE)).find(({ pid }) => pid === child.pid);
      expect(entry).toEqual({
        pid: child.pid,
        parentPid: process.pid,
        values: [marker],
        isUnsettled: false,
      });
    }
  });
});
