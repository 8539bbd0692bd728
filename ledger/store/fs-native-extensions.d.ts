declare module "fs-native-extensions" {
  /** Asks for the kernel's exclusive lock on the whole file; false where another descriptor holds it. */
  export function tryLock(fd: number): boolean;
  export function unlock(fd: number): void;
}
