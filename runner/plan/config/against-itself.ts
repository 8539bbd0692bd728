import type { ExperimentFile } from "./experiment-file.ts";

/** The same experiment with the baseline in both arms: every difference between them is chance. */
export function againstItself(content: ExperimentFile): ExperimentFile {
  const [first] = Object.keys(content.providers);
  const id = content.baseline ?? first ?? "";
  const own = content.providers[id];
  if (own === undefined) throw new Error("The experiment file was not checked for its providers.");
  return {
    ...content,
    name: `${content.name}-aa`,
    baseline: id,
    providers: { [id]: own, [`${id}-again`]: own },
  };
}
