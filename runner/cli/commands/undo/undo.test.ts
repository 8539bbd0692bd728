import { expect, it } from "vitest";

import { CommandLab } from "../../test-support/command-lab.ts";

const READING = "override --window W0-01 --provider codex --reading 5h=1";

async function labWithReading() {
  const lab = new CommandLab();
  const written = await lab.json(`${READING} --phase before --at 2025-10-19T09:00:00Z`);
  const [id = ""] = /[0-9a-f]{32}/u.exec(JSON.stringify(written)) ?? [];
  return { lab, id };
}

it("takes the first eight characters of an id", async () => {
  const { lab, id } = await labWithReading();
  expect(await lab.json(`undo --id ${id.slice(0, 8)}`)).toMatchObject({ id });
});

it("refuses seven characters, although they are of one row only", async () => {
  const { lab, id } = await labWithReading();
  const { exitCode, err } = await lab.run(`undo --id ${id.slice(0, 7)}`);
  expect([exitCode, err]).toEqual([2, expect.stringContaining("got an unknown one")]);
  expect(await lab.json(`undo --id ${id}`)).toMatchObject({ id });
});
