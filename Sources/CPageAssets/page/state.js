// How this computer stands, in words: what waits and why, what is set aside, and what the words mean.

import {get, post} from "/api.js";
import {button, fill, h, section} from "/dom.js";
import {isWarning, joinLine, loadState, open, problemWords, say, session, stateNow, stateSign, stateWords} from "/frame.js";
import {confirmPanel} from "/panel.js";
import {capital, has, moment, t, time} from "/words.js";

const all = ["compared", "synced", "sending", "offline", "offline.none", "differs", "disagrees", "refused", "clockWrong", "revoked", "diskFull", "tooOld", "noRoom", "stopped"];
const clockTolerance = 120000;

export async function showState() {
  const work = h("div", {});
  const side = h("div", {});
  let only = await read();

  async function read() {
    const [, found] = await Promise.all([loadState(), get("waiting")]);
    return found;
  }
  async function again() {
    only = await read();
    draw();
  }
  async function attempt() {
    try {
      await post("state/try");
      await again();
      say(t("state.tried"));
    } catch (problem) {
      await again();
      say(problemWords(problem), {warn: true});
    }
  }
  function discard(one) {
    confirmPanel(t("state.discard.title"), t("state.discard.what"), t("state.discard.do"), async () => {
      await post("state/discard", {number: one.commit});
      await again();
    });
  }
  function draw() {
    const state = stateNow();
    fill(work, h("div", {class: "head"}, h("h1", {}, t("state.title")), button(t("state.try"), attempt, {kind: "end", key: "Alt J"}), h("p", {class: isWarning(state.condition) ? "is-warn" : null}, stateSign(state.condition), " ", stateWords(state))),
      h("p", {}, advice(state)), state.condition === "notJoined" ? h("p", {class: "acts"}, button(t("join.title"), joinLine, {kind: ""})) : null, state.comparisons.filter((one) => !one.isEqual).map(disagrees), state.lastSync && state.condition === "offline" ? h("p", {class: "soft gap-s"}, t("state.last", {time: moment(state.lastSync)})) : null,
      section(t("state.waiting"), state.pending, only.waiting.length ? h("ul", {class: "rows"}, only.waiting.map((one) => waiting(one, state))) : h("p", {class: "empty"}, t("empty.waiting")),
        state.pending > only.waiting.length ? h("p", {class: "small soft"}, t("state.waiting.more", {n: state.pending - only.waiting.length})) : null),
      only.setAside.length ? section(t("state.refused"), only.setAside.length, h("ul", {class: "rows"}, only.setAside.map((one) => refused(one, discard)))) : null,
      state.unopened ? section(t("state.aside.title"), state.unopened, h("p", {}, t("state.unopened", {n: state.unopened}))) : null,
      state.late ? section(t("late.see"), state.late, h("p", {}, t("late.count", {n: state.late})), h("p", {class: "acts"}, button(t("late.open"), () => open("late"), {kind: ""}))) : null,
      state.conflicts ? section(t("conflict.title"), state.conflicts, h("p", {}, button(t("case.conflict.see"), () => open("conflicts")))) : null,
      legend(state));
    fill(side, beside(state));
  }

  draw();
  return {title: t("state.title"), work: [work], side: [side], keys: [{key: "Alt J", name: t("state.try"), run: attempt}],
    async refresh() { if (!work.contains(document.activeElement) || document.activeElement === work) await again(); }};
}

function advice(state) { return t("states." + (state.condition === "offline" && !state.pending ? "offline.none" : state.condition)); }

/** "Nytt ärende, anteckning och löfte": what a commit did, by the names of collections. */
function what(one) {
  const names = one.parts.filter((part) => part !== "numbers").map((part) => (has("work." + part) ? t("work." + part) : has("work." + part.replace(/[+-]$/, "")) ? t("work." + part.replace(/[+-]$/, "")) : t("work.other")));
  const all = [...new Set(names.filter(Boolean))];
  return capital(all.length > 1 ? all.slice(0, -1).join(", ") + " " + t("and") + " " + all.at(-1) : all[0] ?? t("work.other"));
}

/** Another computer of the line held something else, which only a server that shows different things can lead to. */
function disagrees(one) {
  return h("div", {class: "errors gap-s"}, h("p", {}, h("b", {}, t("compared.not", {desk: one.name ?? t("desks.unnamed"), time: moment(one.at)}))), h("p", {}, t("compared.not.what")));
}

function waiting(one, state) {
  const content = [h("span", {class: "what"}, what(one)), h("span", {class: "when"}, moment(one.at) + " · " + t(state.condition === "sending" ? "state.why.sending" : ["offline", "connecting"].includes(state.condition) ? "state.why.net" : "state.why." + (has("state.why." + state.condition) ? state.condition : "net"))), h("span", {class: "no"}, one.number ?? "")];
  return h("li", {}, one.number ? h("a", {class: "row plainrow", href: "/", onclick: (event) => { event.preventDefault(); open("case", {number: one.number}); }}, content) : h("div", {class: "row plainrow"}, content));
}

function refused(one, discard) {
  return h("li", {class: "pad"}, h("p", {}, what(one), one.number ? [" · ", button(one.number, () => open("case", {number: one.number}), {low: true})] : null, h("span", {class: "small soft"}, " · " + moment(one.at))),
    h("p", {class: "small"}, t(has("state.reason." + one.reason) ? "state.reason." + one.reason : "state.reason.malformed")), h("p", {class: "small soft"}, t("state.refused.safe")),
    one.texts.length ? h("details", {}, h("summary", {}, t("state.read")), one.texts.map((text) => h("p", {class: "written", dir: "auto"}, text))) : null,
    h("p", {class: "acts tight"}, button(t("state.discard"), () => discard(one), {low: true})));
}

function legend(state) {
  return h("details", {class: "gap-m"}, h("summary", {}, t("state.all")), h("ul", {class: "rows states"}, all.map((name) => {
    const condition = name.split(".")[0];
    const example = {condition, pending: name === "offline" ? 3 : name === "sending" ? 2 : 0, setAside: 1, comparisons: [{name: t("state.example.desk"), isEqual: false}], clockOffset: 420000, lastSync: state.lastSync ?? Date.now()};
    return h("li", {}, h("span", {class: isWarning(condition) ? "warn" : null}, stateSign(condition), stateWords(example)), h("span", {class: "soft"}, t("states." + name)));
  })));
}

function beside(state) {
  const clock = Math.abs(state.clockOffset) > clockTolerance ? t("state.clock.wrong", {n: Math.round(Math.abs(state.clockOffset) / 60000)}) : t("state.clock.right");
  const fact = (key, value) => [h("dt", {}, t(key)), h("dd", {}, value)];
  return [h("section", {}, h("h2", {}, t("state.aside")), h("dl", {class: "facts small"}, session.desk ? fact("state.name", session.desk) : null, fact("state.numbers", state.freeNumbers), fact("state.clock", clock), fact("state.last.short", state.lastSync ? time(state.lastSync) : t("state.never")))),
    state.comparisons.length ? h("section", {}, h("h2", {}, t("compared.title")), state.comparisons.map((one) => h("p", {class: "small" + (one.isEqual ? "" : " warn")}, t(one.isEqual ? "compared.equal" : "compared.not", {desk: one.name ?? t("desks.unnamed"), time: moment(one.at)})))) : null,
    h("section", {}, h("h2", {}, t("state.meaning")), ["compared", "synced", "offline"].map((name) => [h("p", {class: "small"}, h("b", {}, t("state.m." + name))), h("p", {class: "small soft"}, t("state.m." + name + ".what"))]))];
}
