// Beside a case: what it implies for a child, the agreed calls, and what was promised.

import {choices, labelled} from "/choices.js";
import {button, h} from "/dom.js";
import {day, t} from "/words.js";

export function beside(page) {
  const {details} = page;
  const follow = followUp(page);
  const nodes = [child(page), h("section", {}, h("div", {class: "keyed"}, h("h2", {}, t("case.follow")), h("kbd", {"aria-hidden": "true"}, "Alt O")), follow.node), promises(page),
    h("section", {}, h("h2", {}, t("case.here")), h("p", {class: "small soft"}, t("case.asof.now")))].filter(Boolean);
  return {nodes, keys: [{key: "Alt O", name: t("case.follow"), run: follow.focus}]};
}

function child(page) {
  const {details} = page;
  if (!details.concernsChild) return null;
  const latest = (kind) => details.measures.filter((measure) => measure.kind === kind).at(-1);
  const check = (kind, done, open, label) => {
    const made = latest(kind);
    const words = (measure) => t(done, {day: day(measure.on), code: measure.by});
    return h("li", {}, h("span", {class: "sign" + (made ? " full" : ""), "aria-hidden": "true"}), h("span", {}, made ? words(made) : [t(open), " ", button(t(label), () => page.act("measure", {kind}, t("case.saved")), {low: true})]));
  };
  return h("section", {}, h("h2", {}, t("child.title")),
    h("ul", {class: "checks"}, check("assessment", "child.assessed", "today.assess", "child.assess.do"), check("concernReport", "child.report.done", "child.noreport", "child.report")),
    h("details", {class: "small"}, h("summary", {}, t("child.what")), h("p", {class: "soft"}, t("child.report.when"))));
}

function tries(followUp, max) {
  const done = followUp.attempts.length;
  return h("p", {class: "tries", role: "img", "aria-label": t("tries.label", {n: done, max})}, Array.from({length: Math.max(max, done)}, (_, index) => h("i", {class: index < done ? "done" : null})));
}

function followUp(page) {
  const {details} = page;
  const planned = details.followUps.find((entry) => entry.status === "planned");
  if (!planned) return details.isOpen ? adding(page) : {node: h("p", {class: "small soft"}, t("follow.none")), focus: () => {}};
  const {next} = planned;
  if (next?.is === "ringBack") {
    const back = button(t("case.call"), () => document.querySelector("#work .primary")?.click(), {low: true});
    return {node: h("div", {class: "small"}, h("p", {}, t("follow.back", {day: day(next.on)})), h("p", {class: "soft"}, t("follow.back.then", {day: day(next.closingFrom)})), h("p", {class: "acts tight"}, cancel(page, planned))), focus: () => back.focus()};
  }
  const max = next?.of ?? details.attempts;
  const result = choices({name: "attempt", legend: t("follow.called"), options: [["noAnswer", t("attempt.noanswer")], ["answered", t("follow.spoke")]], value: "",
    changed: (value) => (value === "noAnswer" ? page.act("no-answer", {id: planned.id}, t("follow.noted")) : page.act("answered", {id: planned.id}, t("follow.noted")))});
  return {node: h("div", {}, tries(planned, max),
    next?.is === "call" ? h("p", {class: "small " + (next.isOverdue ? "mind text-warn" : "soft")}, t(next.isOverdue ? "follow.late" : "follow.next", {day: day(next.from)})) : h("p", {class: "small"}, t("follow.close")),
    details.concernsChild ? h("p", {class: "small soft"}, t("child.extra.n", {n: max})) : null, result, h("p", {class: "small soft"}, t("follow.slip")), h("p", {class: "acts tight"}, cancel(page, planned))), focus: () => result.focusFirst()};
}

function cancel(page, planned) { return button(t("follow.cancel"), () => page.act("follow-up-cancelled", {id: planned.id}, t("follow.cancelled")), {low: true}); }

function adding(page) {
  const input = h("input", {type: "text", autocomplete: "off"});
  const add = (kind) => page.act("follow-up", {kind, day: input.value}, t("follow.added"));
  const kind = choices({name: "kind", legend: t("follow.add"), options: [["call", t("research.call.plain")], ["ringBack", t("research.back.plain")]], value: "", changed: add});
  return {node: h("div", {}, h("p", {class: "small soft"}, t("follow.none")), labelled(t("follow.day"), input, {id: "follow-day", hint: t("follow.day.hint")}), kind), focus: () => kind.focusFirst()};
}

function promises(page) {
  const open = page.details.promises.filter((promise) => promise.status === "open");
  return h("section", {}, h("h2", {}, t("case.promises")), open.length ? open.map((promise) => h("div", {class: "small gap-s"}, h("p", {dir: "auto"}, promise.text ?? t("today.shredded")),
    h("p", {class: promise.isOverdue ? "mind text-warn" : "soft"}, t("promise.due", {day: day(promise.due), code: promise.by})),
    h("p", {class: "acts tight"}, button(t("promise.keep"), () => page.act("promise-kept", {id: promise.id}, t("promise.kept.done")), {low: true}), button(t("promise.drop"), () => page.act("promise-dropped", {id: promise.id}), {low: true}))))
    : h("p", {class: "small soft"}, t("case.promises.none")));
}
