export class History {
  constructor(_options) {}

  text() {
    throw new Error("not built yet");
  }

  edit(_change) {
    throw new Error("not built yet");
  }

  begin(_label) {
    throw new Error("not built yet");
  }

  end() {
    throw new Error("not built yet");
  }

  cancel() {
    throw new Error("not built yet");
  }

  undo() {
    throw new Error("not built yet");
  }

  redo() {
    throw new Error("not built yet");
  }

  save() {
    throw new Error("not built yet");
  }

  isSaved() {
    throw new Error("not built yet");
  }
}
