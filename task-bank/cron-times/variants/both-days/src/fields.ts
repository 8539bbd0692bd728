export interface Field {
  first: number;
  last: number;
  /** Names of values, from the first value on. */
  names: string[];
}

/** The fields of an expression, in their order. */
export const FIELDS: Field[] = [
  { first: 0, last: 59, names: [] },
  { first: 0, last: 23, names: [] },
  { first: 1, last: 31, names: [] },
  { first: 1, last: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ") },
  // Sunday is 0 and 7.
  { first: 0, last: 7, names: "SUN MON TUE WED THU FRI SAT".split(" ") },
];
