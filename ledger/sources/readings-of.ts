import { type SourceLine, textOf } from "./read-lines.ts";
import { problem, type UsageReader, type UsageReading } from "./usage-source.ts";

/** What a line says, by the reader of its file. */
export function readingsOf(line: SourceLine, reader: UsageReader): readonly UsageReading[] {
  const { number, fault } = line;
  if (fault === "too-long") {
    return [problem(number, "line-too-long", "Expected a line of a log.")];
  }
  const readings = reader.line(textOf(line), number);
  // The last line of a file that is still being written, or was cut, is not an error of its format.
  return fault === "cut" ? readings.map(asCut) : readings;
}

function asCut(reading: UsageReading): UsageReading {
  return reading.kind === "problem" && reading.reason === "not-json"
    ? problem(
        reading.line,
        "cut-line",
        "The file ends within this line. Read it again when it is whole.",
      )
    : reading;
}
