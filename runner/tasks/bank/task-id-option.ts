import { ConfigurationError } from "../../platform/environment/configuration-error.ts";

/** Reads the name of a new task from an option or argument. */
export function taskIdFrom(option: string, given: string): string {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(given)) return given;
  throw new ConfigurationError(
    `${option}: expected lower-case words joined by hyphens, got "${given}". Write e.g. parser-errors.`,
  );
}
