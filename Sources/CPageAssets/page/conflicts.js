// Two wrote differently without knowing of each other: both values side by side, and one key each.

import {get, post} from "/api.js";
import {button, h} from "/dom.js";
import {notice, open, problemWords, say} from "/frame.js";
import {shownValue} from "/values.js";
import {moment, t} from "/words.js";

export async function showConflicts() {
  const conflicts = await get("conflicts");
  const settle = async (conflict, takeOther) => {
    try {
      await post("conflicts", {id: conflict.id, takeOther});
      await open("conflicts");
      notice((close) => [t("conflict.settled"), " ", button(t("conflict.undo"), () => { close(); reverse(conflict.id); }, {low: true})], {seconds: 120});
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  };
  // The other value instead, for as long as nobody has written there since.
  const reverse = async (id) => {
    try {
      await post("conflicts/reverse", {id});
      say(t("conflict.reversed"));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  };
  const [first] = conflicts;
  const side = (conflict, text, when, isHere, desk, takeOther, key, isFirst) => h("div", {class: takeOther ? null : "now"}, h("p", {class: "small soft"}, t(isHere ? "conflict.here" : desk ? "conflict.desk" : "conflict.there", {when, desk})), h("blockquote", {dir: "auto"}, shownValue(conflict.field, text)),
    h("p", {class: "acts"}, button(t(takeOther ? "conflict.other" : "conflict.keep"), () => settle(conflict, takeOther), {kind: "", key: isFirst ? key : null})));
  return {
    title: t("conflict.title"), page: "today",
    work: [h("div", {class: "head"}, h("h1", {}, t("conflict.title")), h("p", {}, conflicts.length ? t("conflict.what") : t("empty.conflict"))),
      conflicts.map((conflict) => h("section", {}, h("h2", {}, t("field." + conflict.field), conflict.number ? [" · ", button(conflict.number, () => open("case", {number: conflict.number}))] : null),
        h("div", {class: "versus"}, side(conflict, conflict.kept, moment(conflict.keptAt), conflict.isKeptFromHere, conflict.keptBy, false, "Alt M", conflict === first), side(conflict, conflict.other, moment(conflict.otherAt), conflict.isOtherFromHere, conflict.otherBy, true, "Alt A", conflict === first))))],
    keys: first ? [{key: "Alt M", name: t("conflict.keep"), run: () => settle(first, false)}, {key: "Alt A", name: t("conflict.other"), run: () => settle(first, true)}] : [],
    async refresh() {
      const next = await get("conflicts");
      if (JSON.stringify(next) !== JSON.stringify(conflicts)) notice((close) => [t("live.changed"), " ", button(t("live.show"), () => { close(); open("conflicts"); }, {low: true})]);
    },
  };
}
