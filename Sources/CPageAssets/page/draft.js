// The draft of a call on its way to the disk: 300 ms after a pause, 2 s while typing, and at once when the page is left.

import {post} from "/api.js";

const pauseMilliseconds = 300;
const typingMilliseconds = 2000;
const retryMilliseconds = 2000;
const textNames = ["text", "nextStep", "promise"];
// A request that outlives the page may have 64 KiB altogether.
const keepaliveUnits = 15000;

export class Draft {
  /** told({savedAt}) or told({problem}) after every attempt. */
  constructor(draft, told) {
    this.id = draft.id;
    this.startedAt = draft.startedAt;
    this.number = draft.number;
    this.savedIn = draft.savedIn;
    this.told = told;
    this.take(draft);
  }

  take(draft) {
    this.form = structuredClone(draft.form);
    this.kept = structuredClone(draft.form);
    this.revision = draft.revision;
    this.savedAt = draft.savedAt;
    this.savedIn = draft.savedIn;
  }

  get isClean() { return JSON.stringify(this.form) === JSON.stringify(this.kept); }

  /** Notes what was entered; it is sent soon. */
  set(name, value) {
    this.form[name] = value;
    const now = Date.now();
    this.firstChange ??= now;
    this.schedule(Math.max(0, Math.min(pauseMilliseconds, this.firstChange + typingMilliseconds - now)));
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush().catch(() => {}), milliseconds); // told() has said what went wrong
  }

  /** Sends what is not on disk yet. Resolves when all of it is. */
  async flush({leaving = false} = {}) {
    clearTimeout(this.timer);
    if (this.sending) {
      await this.sending;
      return this.isClean ? undefined : this.flush({leaving});
    }
    if (this.isClean || this.isEnded) return undefined;
    this.firstChange = undefined;
    const sent = structuredClone(this.form);
    const changes = difference(this.kept, sent);
    const keepalive = JSON.stringify(changes).length < keepaliveUnits;
    this.sending = post(`calls/${this.id}/keep`, {revision: this.revision, changes}, {keepalive});
    try {
      const answer = await this.sending;
      this.kept = sent;
      this.revision = answer.revision;
      this.savedAt = answer.savedAt;
      this.told({savedAt: answer.savedAt});
    } catch (problem) {
      this.told({problem});
      if (problem.status === 0 || problem.status >= 500) this.schedule(retryMilliseconds);
      throw problem;
    } finally {
      this.sending = undefined;
    }
    return this.isClean ? undefined : this.schedule(pauseMilliseconds);
  }
}

function difference(before, after) {
  const changes = {};
  for (const [name, value] of Object.entries(after)) {
    if (JSON.stringify(value) === JSON.stringify(before[name])) continue;
    changes[name] = textNames.includes(name) ? splice(before[name], value) : value;
  }
  return changes;
}

/** What was removed and inserted, in UTF-16 units; never half of a character outside of the first plane. */
export function splice(before, after) {
  let at = 0;
  const shortest = Math.min(before.length, after.length);
  while (at < shortest && before[at] === after[at]) at += 1;
  if (at > 0 && isHigh(before[at - 1])) at -= 1;
  let end = 0;
  while (end < shortest - at && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (end > 0 && isLow(before.at(-end))) end -= 1;
  return {at, remove: before.length - at - end, insert: after.slice(at, after.length - end)};
}

function isHigh(unit) { return unit >= "\ud800" && unit <= "\udbff"; }
function isLow(unit) { return unit >= "\udc00" && unit <= "\udfff"; }
