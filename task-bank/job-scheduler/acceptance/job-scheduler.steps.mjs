import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

const START_MS = 1_000_000;

async function pass(world, ms) {
  world.nowMs += ms;
  await world.now.returns(world.nowMs);
}

async function add(world, text) {
  const { id, priority, ms } = /^(?<id>\S+)(?: (?<priority>-?\d+))?(?: in (?<ms>\d+) ms)?$/.exec(text).groups;
  const job = { id };
  if (priority !== undefined) job.priority = Number(priority);
  if (ms !== undefined) job.notBefore = world.nowMs + Number(ms);
  return await world.scheduler.call("add", job);
}

async function take(world, id, attempt) {
  assert.deepEqual(await world.scheduler.call("take"), { id, attempt });
}

async function takeNothing(world) {
  assert.equal(await world.scheduler.call("take"), null);
}

async function fail(world, id, attempt) {
  assert.equal(await world.scheduler.call("fail", { id, attempt }), true);
}

/** The job must wait for just so long. */
async function takeAfter(world, ms, { id, attempt }) {
  assert.equal(await world.scheduler.call("nextAt"), world.nowMs + ms);
  await pass(world, ms - 1);
  await takeNothing(world);
  await pass(world, 1);
  await take(world, id, attempt);
}

async function refuseReports(world, report) {
  assert.equal(await world.scheduler.call("succeed", report), false);
  assert.equal(await world.scheduler.call("fail", report), false);
}

async function count(world, counts) {
  assert.deepEqual(await world.scheduler.call("counts"), counts);
}

Given(
  "a scheduler with {int} try/tries and waits of {int} ms up to {int} ms and leases of {int} ms",
  async function (tries, waitMs, waitMsMax, leaseMs) {
    this.nowMs = START_MS;
    this.now = await this.solution.double(START_MS);
    const options = { tries, waitMs, waitMsMax, leaseMs, now: this.now };
    this.scheduler = await this.solution.construct("Scheduler", options);
  },
);

Given("the jobs {string}", async function (jobs) {
  for (const job of jobs.split(", ")) assert.equal(await add(this, job), true, job);
});

Given("a worker had {string} for {int} ms, and another one has it now", async function (id, ms) {
  await take(this, id, 1);
  await pass(this, ms);
  await take(this, id, 2);
});

When("{int} ms pass", async function (ms) {
  await pass(this, ms);
});

When("{string} is taken for try {int}", async function (id, attempt) {
  await take(this, id, attempt);
});

When("try {int} of {string} is taken and fails", async function (attempt, id) {
  await take(this, id, attempt);
  await fail(this, id, attempt);
});

When("{string} fails in all its {int} tries", async function (id, tries) {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    await take(this, id, attempt);
    await fail(this, id, attempt);
    await pass(this, 5000);
  }
});

When("try {int} of {string} fails", async function (attempt, id) {
  await fail(this, id, attempt);
});

When("try {int} of {string} succeeds", async function (attempt, id) {
  assert.equal(await this.scheduler.call("succeed", { id, attempt }), true);
});

Then("the jobs are taken in the order {string}", async function (order) {
  const taken = [];
  // One look more than there are jobs, so that a job that is given twice shows.
  for (const _ of [...order.split(", "), "end"]) {
    const job = await this.scheduler.call("take");
    if (job !== null) taken.push(job.id);
  }
  assert.equal(taken.join(", "), order);
});

Then("no job can be taken", async function () {
  await takeNothing(this);
});

Then("{int} ms later no job can be taken", async function (ms) {
  await pass(this, ms);
  await takeNothing(this);
});

Then("{int} ms later {string} is taken for try {int}", async function (ms, id, attempt) {
  await takeAfter(this, ms, { id, attempt });
});

Then("{string} can be taken again after {int} ms", async function (id, ms) {
  await takeAfter(this, ms, { id, attempt: 2 });
});

Then(
  "when try {int} fails as well, {string} can be taken again after {int} ms",
  async function (attempt, id, ms) {
    await fail(this, id, attempt);
    await takeAfter(this, ms, { id, attempt: attempt + 1 });
  },
);

Then("{string} fails try after try with waits of {string} ms", async function (id, waits) {
  await take(this, id, 1);
  for (const [index, ms] of waits.split(", ").entries()) {
    await fail(this, id, index + 1);
    await takeAfter(this, Number(ms), { id, attempt: index + 2 });
  }
});

Then(
  "there is/are {int} job(s) waiting, {int} running, {int} done and {int} dead",
  async function (waiting, running, done, dead) {
    await count(this, { waiting, running, done, dead });
  },
);

Then(
  "{int} ms later there is/are {int} job(s) waiting, {int} running, {int} done and {int} dead",
  async function (ms, waiting, running, done, dead) {
    await pass(this, ms);
    await count(this, { waiting, running, done, dead });
  },
);

Then("the scheduler has nothing to wait for", async function () {
  assert.equal(await this.scheduler.call("nextAt"), null);
});

Then("the scheduler has to wait {int} ms", async function (ms) {
  assert.equal(await this.scheduler.call("nextAt"), this.nowMs + ms);
});

Then("{int} ms later the scheduler has to wait {int} ms", async function (passed, ms) {
  await pass(this, passed);
  assert.equal(await this.scheduler.call("nextAt"), this.nowMs + ms);
});

Then("when try {int} of {string} fails, it has to wait {int} ms", async function (attempt, id, ms) {
  await fail(this, id, attempt);
  assert.equal(await this.scheduler.call("nextAt"), this.nowMs + ms);
});

Then("the first worker can't report success or failure", async function () {
  await refuseReports(this, { id: "mail", attempt: 1 });
});

Then("try {int} of {string} can't succeed or fail any more", async function (attempt, id) {
  await refuseReports(this, { id, attempt });
});

Then("{string} is not accepted again, but {string} is", async function (id, other) {
  assert.equal(await add(this, id), false);
  assert.equal(await add(this, other), true);
});
