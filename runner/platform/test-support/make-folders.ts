import { makeFolder } from "../environment/data-folder.ts";

// Makes each folder that it receives, and answers "made" or the reason for a failure.
process.on("message", (folder: string) => {
  try {
    makeFolder(folder);
    process.send?.("made");
  } catch (error) {
    process.send?.(String(error));
  }
});
process.send?.("ready");
