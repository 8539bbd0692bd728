import { apply, invert, makeEdit, nameOf } from "./edits.js";

export class History {
  #options;
  #text;
  #done = [];
  #undone = [];
  #depth = 0;
  /** The open group, if any. */
  #group;
  /** The place and the time up to which typing joins the last step. */
  #joins = {};
  /** The step behind the oldest one that can be undone, which leads to the same text. */
  #forgotten = {};
  #saved = this.#forgotten;

  constructor({ text, ...options }) {
    this.#text = text;
    this.#options = options;
  }

  text() {
    return this.#text;
  }

  edit(change) {
    const edit = makeEdit(this.#text, change);
    if (edit.removed === edit.inserted) return;
    this.#text = apply(this.#text, edit);
    if (this.#depth > 0) this.#group.edits.push(edit);
    else this.#addEdit(edit);
  }

  begin(label) {
    if (this.#depth === 0) this.#group = { label, edits: [] };
    this.#depth += 1;
  }

  end() {
    this.#needGroup();
    this.#depth -= 1;
    this.#stopJoining();
    if (this.#depth === 0 && this.#group.edits.length > 0) this.#addStep(this.#group);
  }

  cancel() {
    this.#needGroup();
    this.#depth = 0;
    this.#takeBack(this.#group);
    this.#stopJoining();
  }

  undo() {
    const step = this.#depth > 0 ? undefined : this.#done.pop();
    if (step === undefined) return null;
    this.#takeBack(step);
    this.#undone.push(step);
    this.#stopJoining();
    return step.label;
  }

  redo() {
    const step = this.#depth > 0 ? undefined : this.#undone.pop();
    if (step === undefined) return null;
    for (const edit of step.edits) this.#text = apply(this.#text, edit);
    this.#done.push(step);
    this.#stopJoining();
    return step.label;
  }

  save() {
    this.#saved = this.#current();
    this.#stopJoining();
  }

  isSaved() {
    const isInChange = this.#depth > 0 && this.#group.edits.length > 0;
    return !isInChange && this.#saved === this.#current();
  }

  #current() {
    return this.#done.at(-1) ?? this.#forgotten;
  }

  #addEdit(edit) {
    const nowMs = this.#options.now();
    const isTyping = edit.removed === "";
    if (isTyping && !Number.isNaN(this.#joins.at) && nowMs <= this.#joins.untilMs) this.#done.at(-1)?.edits.push(edit);
    else this.#addStep({ label: nameOf(edit), edits: [edit] });
    if (isTyping) this.#joins = { at: edit.at + edit.inserted.length, untilMs: nowMs + this.#options.joinMs };
  }

  #addStep(step) {
    this.#done.push(step);
    this.#undone = [];
    if (this.#done.length > this.#options.limit) this.#forgotten = this.#done.shift();
    this.#stopJoining();
  }

  #stopJoining() {
    this.#joins = {};
  }

  #takeBack({ edits }) {
    for (const edit of edits.toReversed()) this.#text = apply(this.#text, invert(edit));
  }

  #needGroup() {
    if (this.#depth === 0) throw new RangeError();
  }
}
