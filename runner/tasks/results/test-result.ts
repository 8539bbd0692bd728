/** The verdict on one test. */
export interface TestResult {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  /** What a failed test says, shortened. */
  readonly message?: string;
}

/** Results that are missing, cut off or not what their format demands. */
export class ResultsFault extends Error {}

const MESSAGE_CHARACTERS_MAX = 500;
const TESTS_MAX = 50_000;

/** The name of a test as tasks list it: the places that hold it, from the outside in, and its own name. */
export function testName(places: readonly (string | undefined)[], name: string): string {
  const named = places.filter((place) => place !== undefined && place !== "");
  return [...new Set(named), name]
    .map((part) => part?.replaceAll(/\s+/gu, " ").trim())
    .join(SEPARATOR);
}

/** The name of the one test that a suite is if only its exit code counts. */
export const SUITE = "suite";

/** The test that fails, below the name of its package, if the tests of a package could not be built. */
export const BUILD = "build";

/** Whether the results say that the package of a test could not be built, so that none of its tests ran. */
export function isUnbuilt(test: string, found: ReadonlyMap<string, TestResult>): boolean {
  const places = test.split(SEPARATOR).slice(0, -1);
  return found.get(testName(places, BUILD))?.status === "failed";
}

const SEPARATOR = " :: ";

/** Collects results. If several have one name, the worst counts: a test passes only if all of them do. */
export class Results {
  readonly #found = new Map<string, TestResult>();

  add(result: TestResult): void {
    const before = this.#found.get(result.name);
    if (before === undefined && this.#found.size >= TESTS_MAX) {
      throw new ResultsFault(`there are more than ${String(TESTS_MAX)} tests`);
    }
    if (before !== undefined && RANK[before.status] >= RANK[result.status]) return;
    const message = result.message?.trim().slice(0, MESSAGE_CHARACTERS_MAX);
    const { name, status } = result;
    this.#found.set(name, {
      name,
      status,
      ...(message === undefined || message === "" ? {} : { message }),
    });
  }

  list(): readonly TestResult[] {
    return [...this.#found.values()];
  }
}

const RANK = { passed: 0, skipped: 1, failed: 2 };
