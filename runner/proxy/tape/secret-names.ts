const SECRET = /auth|key|token|secret|cookie|credential|session|password|signature/i;

/** Whether what has this name may be a credential: better one too many than one too few. */
export function maySayCredential(name: string): boolean {
  return SECRET.test(name);
}
