import { makeFolder } from "../data-folder.ts";

// Makes each folder that it is told of, and answers "made" or why not.
process.on("message", (folder: string) => {
  try {
    makeFolder(folder);
    process.send?.("made");
  } catch (error) {
    process.send?.(String(error));
  }
});
process.send?.("ready");
