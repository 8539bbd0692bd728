/** What an agent needs of the harness's environment: where programs are, language and time zone. */
const NEEDED = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

/** The few variables that every agent gets; none of them is a secret. */
export function passOn(
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const passed: Record<string, string> = { LANG: "C.UTF-8" };
  for (const name of NEEDED) {
    const value = variables[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}
