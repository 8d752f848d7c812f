// The call that goes on: one at a time, in a draft that is on disk while it is written.

import {get, post} from "/api.js";
import {CallForm} from "/call-form.js";
import {Draft} from "/draft.js";
import {button, h} from "/dom.js";
import {notice, open, problemWords, say, setCall} from "/frame.js";
import {panel} from "/panel.js";
import {t} from "/words.js";

let draft = null;
let form = null;
let followUpDay = "";

/** The call that goes on, for the frame and the lock. */
export function activeCall() {
  return draft && {startedAt: draft.startedAt, shown: () => (draft.form.subject === "existing" ? draft.form.quoted : draft.form.subject === "new" ? draft.number : "")};
}

function hold(next) {
  draft = next && new Draft(next, (news) => form?.told(news));
  form = null;
  setCall(activeCall());
}

/** After opening or unlocking: the call of this tab goes on. One of another tab waits in Today. */
export async function resumeCall() {
  const {calls, followUpDay: proposed} = await get("calls");
  followUpDay = proposed;
  const here = calls.find((entry) => entry.isHere && entry.id === draft?.id) ?? calls.find((entry) => entry.isHere);
  hold(here ?? null);
}

/** Begins a call; about a case where its number is given. A call that goes on already is shown instead. */
export async function startCall(quoted) {
  if (draft) {
    await open("call");
    if (quoted && draft.form.subject === "new" && !draft.savedIn) form?.quote(quoted);
    return;
  }
  try {
    hold(await post("calls/start", quoted ? {quoted} : {}));
    ({followUpDay} = await get("calls"));
    await open("call");
  } catch (problem) {
    say(problemWords(problem), {warn: true});
  }
}

/** Goes on with a draft that waits, here. */
export async function continueCall(id) {
  if (draft && draft.id !== id) return say(t("call.one"), {warn: true});
  hold(await post(`calls/${id}/take-over`));
  return open("call");
}

/** Everything that was typed is on disk when this resolves. */
export async function prepareToLeave() {
  if (draft) await draft.flush();
}

document.addEventListener("visibilitychange", () => { if (document.hidden) draft?.flush({leaving: true}).catch(() => {}); }); // told() has said it
window.addEventListener("pagehide", () => { draft?.flush({leaving: true}).catch(() => {}); });
window.addEventListener("blur", () => { draft?.flush().catch(() => {}); });

export async function showCall() {
  if (!draft) {
    await open("today");
    return null;
  }
  const details = draft.form.subject === "existing" ? await known(draft.form.quoted) : null;
  form = new CallForm(draft, {details, followUpDay, end, saveAndGoOn, discard, takeOver, again: () => open("call")});
  return form.view();
}

export async function known(number) {
  try {
    return await get("cases/" + encodeURIComponent(number));
  } catch (problem) {
    if (problem.name === "locked" || problem.name === "stopped") throw problem;
    return null; // the number is being typed, or its case is not here
  }
}

// MARK: Ending

async function save(values) {
  await draft.flush();
  return post(`calls/${draft.id}/save`, values);
}

async function end({withoutNumber = false, closing} = {}) {
  try {
    const saved = await save({withoutNumber, ...(closing && {closing})});
    const followed = ["call", "back"].includes(draft.form.research);
    draft.isEnded = true;
    hold(null);
    await (saved.number ? open("case", {number: saved.number}) : open("today"));
    say(t("call.ended", {n: saved.minutes}) + (followed ? " " + t("call.ended.slip") : "") + (closing ? " " + t("close.slip") : ""));
  } catch (problem) {
    form?.refused(problem);
  }
}

async function saveAndGoOn() {
  try {
    if (draft.form.subject === "without" || !(draft.form.text + draft.form.nextStep + draft.form.promise).trim()) {
      await draft.flush();
      return say(t("call.kept"));
    }
    const saved = await save({goesOn: true});
    draft.take(saved.draft);
    setCall(activeCall());
    await open("call");
    return say(t("call.saved.on", {number: saved.number}));
  } catch (problem) {
    return form?.refused(problem);
  }
}

async function discard() {
  const {id} = draft;
  try {
    await draft.flush();
  } catch {
    // It is thrown away: what could not be kept of it needs no keeping.
  }
  await post(`calls/${id}/discard`);
  hold(null);
  await open("today");
  notice((close) => [t("call.discarded"), " ", button(t("undo"), async () => {
    close();
    await post(`calls/${id}/restore`);
    await continueCall(id);
  }, {low: true})], {seconds: 60});
}

async function takeOver() {
  hold(await post(`calls/${draft.id}/take-over`));
  await open("call");
}

/** Asks which reason a case is closed for, by digits. */
export function askReason(run) {
  const reasons = ["finished", "unreachable", "referred", "mistake"];
  const list = h("ul", {class: "ways pad"}, reasons.map((reason, index) => h("li", {}, h("span", {class: "key", "aria-hidden": "true"}, index + 1),
    button(t("close." + reason), () => { close(); run(reason); }))));
  list.addEventListener("keydown", (event) => {
    const reason = reasons[Number(event.key) - 1];
    if (reason) { event.preventDefault(); close(); run(reason); }
  });
  const {close} = panel(t("close.why"), h("div", {class: "keylist"}, h("h1", {}, t("close.why")), list, h("p", {class: "small soft"}, t("close.slip"))), {first: list.querySelector("button")});
}

