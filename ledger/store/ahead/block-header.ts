/** The numbers that begin a block. */
export const HEADER = { lines: 0, offset: 1, isLast: 2, namesBytes: 3 } as const;
export const HEADER_NUMBERS = 4;
/** Stands for a text that is null. */
export const NO_NAME = -1;
