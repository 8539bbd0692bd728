const CODE = /^[a-z][a-z0-9_.-]{0,63}$/i;

/** A vendor's or the system's name of an error, if it looks like one; else the fallback. Free text never passes. */
export function errorCode(code: unknown, fallback: string): string {
  return typeof code === "string" && CODE.test(code) ? code : fallback;
}
