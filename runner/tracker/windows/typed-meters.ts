import { Meter } from "../../../ledger/domain/meter.ts";
import { readLimitLabel } from "../../../ledger/sources/codex-status/limit-label.ts";
import { TrackerUsageError } from "./tracker-errors.ts";
import { readAmount, readCount, readMoment } from "./window-options.ts";

const UNITS = Meter.unwrap().shape.unit.options;

const PERCENT_MAX = 100;

/** Meters as an operator types them: one in options of its own, or several readings. */
interface MeterOptions {
  readonly reading?: readonly string[];
  readonly meter?: string;
  readonly used?: string;
  readonly unit: Meter["unit"];
  readonly limit?: string;
  readonly resetsAt?: string;
  readonly minutes?: string;
  readonly at?: string;
}

/** @throws TrackerUsageError naming the option that is wrong. */
export function readMeters(options: MeterOptions, nowMs: number): readonly Meter[] {
  const { reading = [] } = options;
  const typed =
    reading.length === 0
      ? [readSingle(options)]
      : reading.map((text) => readReading(text, options.unit));
  const names = typed.map(({ name }) => name.toLowerCase());
  const twin = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twin !== -1) {
    throw new TrackerUsageError(
      `--reading ${reading[twin] ?? ""}: expected each meter once, got two figures. Leave one of them out.`,
    );
  }
  return typed.map((meter) => readMeter(meter, options, nowMs));
}

/** A meter as it was typed, and which option to name if something is wrong with it. */
interface TypedMeter {
  readonly name: string;
  readonly used: string;
  readonly unit: Meter["unit"];
  readonly limit?: string | undefined;
  readonly resetsAt?: string | undefined;
  readonly minutes?: string | undefined;
  /** For example `--used`, or `--reading 5h`. */
  readonly option: (single: string) => string;
}

function readSingle(options: MeterOptions): TypedMeter {
  const { meter, used, unit, limit, resetsAt, minutes } = options;
  if (meter === undefined) {
    throw new TrackerUsageError(
      "--reading: expected a reading, got none. Write e.g. --reading 5h=12, or --meter 5h --used 12.",
    );
  }
  if (used !== undefined) {
    return { name: meter, used, unit, limit, resetsAt, minutes, option: (single) => single };
  }
  throw new TrackerUsageError(
    "--used: expected what was used, got none. Write e.g. --used 42 with --meter.",
  );
}

const READING =
  /^(?<name>[^=]{1,64})=(?<used>[^/@]+?)(?:(?<=\d) ?(?<unit>[a-z]+))?(?:\/(?<limit>[^@]+))?(?:@(?<resetsAt>.+))?$/u;

/** Reads `5h=12prompts/30@2025-10-19T13:01:00Z`; unit, limit and reset may be left out. */
function readReading(text: string, usual: Meter["unit"]): TypedMeter {
  const { name, used, unit = usual, limit, resetsAt } = READING.exec(text)?.groups ?? {};
  if (name !== undefined && used !== undefined) {
    const option = `--reading ${name}`;
    return { name, used, unit: checkUnit(unit, option), limit, resetsAt, option: () => option };
  }
  throw new TrackerUsageError(
    `--reading: expected a meter and what was used, such as 5h=12, got ${JSON.stringify(text)}. Write e.g. --reading 5h=12prompts/30@2025-10-19T13:01:00Z for 12 of 30 prompts with their reset.`,
  );
}

function checkUnit(text: string, option: string): Meter["unit"] {
  const unit = UNITS.find((one) => one === text);
  if (unit !== undefined) return unit;
  throw new TrackerUsageError(
    `${option}: expected one of ${UNITS.join(", ")}, got ${JSON.stringify(text)}. Write e.g. 12prompts.`,
  );
}

function readMeter(typed: TypedMeter, { at }: MeterOptions, nowMs: number): Meter {
  const { name, unit, limit, resetsAt, option } = typed;
  const used = readAmount(option("--used"), typed.used);
  if (unit === "percent" && used > PERCENT_MAX) {
    throw new TrackerUsageError(
      `${option("--used")}: expected at most 100 percent, got ${typed.used}. Write what was used, or another --unit.`,
    );
  }
  if (unit === "percent" && limit !== undefined) {
    throw new TrackerUsageError(
      `${option("--limit")}: expected --unit with a limit, got percents, whose limit is 100. Write e.g. --unit prompts, or leave the limit out.`,
    );
  }
  return {
    name: name.toLowerCase(),
    limit_window_minutes: minutesOf(typed),
    unit,
    used,
    ...(limit === undefined ? {} : { limit: readAmount(option("--limit"), limit) }),
    resets_at: resetsAt === undefined ? null : readMoment(option("--resets-at"), resetsAt, nowMs),
    as_of: readMoment("--at", at, nowMs),
  };
}

/** A meter without a reset, and without a duration in its name, never resets. */
function minutesOf({ name, minutes, resetsAt, option }: TypedMeter): number | null {
  if (minutes !== undefined) return readCount("--minutes", minutes);
  const known = readLimitLabel(name.toLowerCase().replace(/^(weekly) .+$/u, "$1"));
  if (known !== undefined) return known.minutes;
  if (resetsAt === undefined) return null;
  throw new TrackerUsageError(
    option("") === ""
      ? `--meter ${name}: expected --minutes, since the name says no duration. Write the minutes of the limit's window, e.g. 10080 for a week.`
      : `${option("")}: expected a duration in the name, such as "${name} weekly", got none. Otherwise type this meter alone, with --meter, --used and --minutes.`,
  );
}
