// What waits for a lead: work that a removed computer had not sent, and changes that came with a key of before.

import {get, post} from "/api.js";
import {button, fill, h, section} from "/dom.js";
import {open, problemWords, say} from "/frame.js";
import {leadGate} from "/lead.js";
import {confirmPanel, panel} from "/panel.js";
import {shownValue} from "/values.js";
import {capital, has, moment, t} from "/words.js";

/** "Nytt ärende", "Ändrat ärende": what was done, by the collection. */
function what(item) {
  const isNew = item.kind === "note" || item.values.some(({field}) => field === "opened_at" || field === "at");
  const sign = item.kind === "erasure" ? "-" : isNew ? "" : "+";
  const name = "work." + item.collection;
  if (has(name + sign)) return capital(t(name + sign));
  return capital(t(has(name) ? name : "work.other")) + (item.kind === "erasure" ? t("late.erased") : "");
}

const manyValues = 4;
/** What people have words for. That something was not the case is left out where much is said. */
function values(item) {
  const told = item.values.filter(({field}) => field === "text" || has("field." + field));
  const shown = told.length > manyValues ? told.filter(({text}) => text !== "no") : told;
  return shown.length ? h("dl", {class: "facts small gap-xs"}, shown.map(({field, text}) => [h("dt", {}, t(field === "text" ? "late.text" : "field." + field)), h("dd", {class: "written", dir: "auto"}, shownValue(field, text))])) : null;
}
function caseLink(number, close = () => {}) {
  return number ? [" · ", button(number, () => { close(); open("case", {number}); }, {low: true})] : null;
}

export async function showLate() {
  const work = h("div", {});
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});

  async function act(path, body, said) {
    const answer = await post("late/" + path, body);
    await draw();
    say(t(said, {n: answer.records ?? 0}));
  }
  const quick = (path, body, said) => act(path, body, said).catch((problem) => say(problemWords(problem), {warn: true}));

  async function read(item) {
    try {
      const changes = (await post("late/read", {desk: item.desk})).filter((one) => one.collection !== "numbers");
      const {close} = panel(t("unsent.title"), h("div", {class: "keylist"}, h("h1", {}, item.name ?? t("desks.unnamed")), h("p", {class: "soft"}, t("unsent.read.what")),
        changes.length ? h("ul", {class: "rows long"}, changes.map((one) => h("li", {class: "pad plain-row"}, h("p", {}, h("b", {}, what(one)), one.number ? " · " + one.number : "", h("span", {class: "small soft"}, " · " + moment(one.at))), values(one)))) : h("p", {class: "empty"}, t("unsent.nothing")),
        h("p", {class: "acts"}, button(t("unsent.take"), () => { close(); quick("take-in", {desk: item.desk}, "unsent.taken"); }, {kind: "primary"}), button(t("keys.close"), () => close(), {kind: ""}))));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  }

  function unsentRow(item) {
    const name = item.name ?? t("desks.unnamed");
    return h("li", {class: "pad keyed"}, h("div", {}, h("p", {}, h("b", {}, name)), h("p", {class: "small soft"}, moment(item.at), item.isWhole ? "" : " · " + t("unsent.partly"))),
      item.isWhole ? h("p", {class: "acts tight"}, button(t("unsent.read"), () => read(item), {low: true}),
        button(t("unsent.discard"), () => confirmPanel(t("unsent.discard.title", {desk: name}), t("unsent.discard.what"), t("unsent.discard"), () => act("discard", {desk: item.desk}, "unsent.discarded")), {low: true})) : null);
  }

  function lateRow(item) {
    const held = item.destroyedAt ? t("late.held", {n: item.held, time: moment(item.destroyedAt)}) : item.held ? t("late.kept", {n: item.held}) : "";
    return h("li", {class: "pad"}, h("p", {}, h("b", {}, what(item)), caseLink(item.kind === "erasure" ? null : item.number), item.kind === "erasure" && item.number ? " · " + item.number : "", h("span", {class: "small soft"}, " · " + moment(item.at))),
      held ? h("p", {class: "small warn"}, held) : null, item.values.length ? h("details", {}, h("summary", {}, t("late.before")), values(item)) : null,
      h("p", {class: "acts tight"}, item.kind === "erasure" && item.held ? button(t("late.keep"), () => quick("keep", {id: item.id}, "late.restored"), {kind: ""}) : null,
        button(t("late.accept"), () => (item.held && !item.isKept ? confirmPanel(t("late.accept.title"), t("late.accept.what", {n: item.held}), t("late.accept"), () => act("accept", {id: item.id}, "settings.done")) : quick("accept", {id: item.id}, "settings.done")), {low: true})));
  }

  async function draw() {
    const line = await get("line");
    if (!line.isLead) return fill(work, leadGate(line, draw));
    const late = await get("late");
    let unsent = [];
    errors.hidden = true;
    try {
      unsent = await get("late/unsent");
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
    }
    return fill(work, errors,
      section(t("unsent.title"), unsent.length, h("p", {class: "small soft"}, t("unsent.what")), unsent.length ? h("ul", {class: "rows gap-s"}, unsent.map(unsentRow)) : h("p", {class: "empty"}, t("unsent.none"))),
      section(t("late.title"), late.length, h("p", {class: "small soft"}, t("late.what")), late.length ? h("ul", {class: "rows gap-s"}, late.map(lateRow)) : h("p", {class: "empty"}, t("late.none"))));
  }

  await draw();
  return {
    title: t("late.page"), page: "settings", work: [h("div", {class: "head"}, h("h1", {}, t("late.page")), h("p", {}, t("late.page.what"))), work],
    side: [h("section", {}, h("h2", {}, t("late.why")), h("p", {class: "small soft"}, t("late.why.what")))],
    async refresh() { if (!work.contains(document.activeElement)) await draw(); },
  };
}
