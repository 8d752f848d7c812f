// How this computer stands, in words: what waits and why, what is set aside, and what the words mean.

import {post} from "/api.js";
import {button, fill, h, section} from "/dom.js";
import {isWarning, loadState, open, problemWords, say, stateNow, stateSign, stateWords} from "/frame.js";
import {moment, t, time} from "/words.js";

const all = ["compared", "synced", "sending", "offline", "offline.none", "differs", "refused", "clockWrong", "revoked", "diskFull", "stopped"];

export async function showState() {
  await loadState();
  const work = h("div", {});
  const side = h("div", {});
  const attempt = async () => {
    try {
      await post("state/try");
      await loadState();
      draw();
      say(t("state.tried"));
    } catch (problem) {
      await loadState();
      draw();
      say(problemWords(problem), {warn: true});
    }
  };
  function draw() {
    const state = stateNow();
    fill(work, h("div", {class: "head"}, h("h1", {}, t("state.title")), button(t("state.try"), attempt, {kind: "end", key: "Alt J"}),
      h("p", {class: isWarning(state.condition) ? "warn" : null}, stateSign(state.condition), " ", stateWords(state))),
    h("p", {}, advice(state)), state.lastSync && state.condition === "offline" ? h("p", {class: "soft gap-s"}, t("state.last", {time: moment(state.lastSync)})) : null,
    section(t("state.waiting"), state.pending, state.pending ? h("p", {}, t("state.waiting.what", {n: state.pending, time: state.oldestPending ? moment(state.oldestPending) : ""})) : h("p", {class: "empty"}, t("empty.waiting"))),
    state.refused.length ? section(t("state.refused"), state.refused.length, h("ul", {class: "rows"}, state.refused.map((one) => h("li", {class: "pad"}, h("p", {}, t("state.refused.one", {n: one.count, time: moment(one.at)})), h("p", {class: "small soft"}, t("state.refused.safe")))))) : null,
    state.unopened ? section(t("state.aside.title"), state.unopened, h("p", {}, t("state.unopened", {n: state.unopened}))) : null,
    state.conflicts ? section(t("conflict.title"), state.conflicts, h("p", {}, button(t("case.conflict.see"), () => open("conflicts")))) : null,
    h("details", {class: "gap-m"}, h("summary", {}, t("state.all")), h("ul", {class: "rows states"}, all.map((name) => {
      const condition = name.split(".")[0];
      const example = {condition, pending: name === "offline" ? 3 : name === "sending" ? 2 : 0, setAside: 1, clockOffset: 420000, lastSync: state.lastSync ?? Date.now()};
      return h("li", {}, h("span", {class: isWarning(condition) ? "warn" : null}, stateSign(condition), stateWords(example)), h("span", {class: "soft"}, t("states." + name)));
    }))));
    const clock = Math.abs(state.clockOffset) > 120000 ? t("state.clock.wrong", {n: Math.round(Math.abs(state.clockOffset) / 60000)}) : t("state.clock.right");
    fill(side, h("section", {}, h("h2", {}, t("state.aside")), h("dl", {class: "facts small"}, h("dt", {}, t("state.numbers")), h("dd", {}, state.freeNumbers), h("dt", {}, t("state.clock")), h("dd", {}, clock),
      h("dt", {}, t("state.last.short")), h("dd", {}, state.lastSync ? time(state.lastSync) : t("state.never")))),
    h("section", {}, h("h2", {}, t("state.meaning")), ["compared", "synced", "offline"].map((name) => [h("p", {class: "small"}, h("b", {}, t("state.m." + name))), h("p", {class: "small soft"}, t("state.m." + name + ".what"))])));
  }
  draw();
  return {title: t("state.title"), work: [work], side: [side], keys: [{key: "Alt J", name: t("state.try"), run: attempt}],
    async refresh() { if (!work.contains(document.activeElement)) draw(); }};
}

function advice(state) {
  const name = state.condition === "offline" && !state.pending ? "offline.none" : state.condition;
  return t("states." + name);
}
