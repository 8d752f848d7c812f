// One box: a number goes to its case, anything else is looked for.

import {get} from "/api.js";
import {button, fill, h, matched, section} from "/dom.js";
import {current, mind, open, problemWords, say, searchBox, session, stateNow} from "/frame.js";
import {startCall} from "/call.js";
import {choices} from "/choices.js";
import {concerns, pairs} from "/call-side.js";
import {verified} from "/entry.js";
import {day, dayOf, t, time} from "/words.js";

const pauseMilliseconds = 20;
let timer = 0;
let asked = 0;
let filter = {};

/** While something is typed: what is wrong with a number is said at once, hits come when there are enough letters. */
export function searched(text) {
  clearTimeout(timer);
  timer = setTimeout(() => look(text), pauseMilliseconds);
}

async function look(text) {
  mind("");
  const trimmed = text.trim();
  const isNumber = /^[\d\s\-–—/]+$/.test(trimmed);
  if (isNumber && trimmed.replace(/\D/g, "").length < 7) return;
  if (!isNumber && trimmed.length < 2 && current()?.name !== "find") return;
  try {
    if (current()?.name === "find") return await current().search(trimmed);
    if (isNumber) return tell(await get("find", {q: trimmed}));
    await open("find", {q: trimmed});
  } catch (problem) {
    say(problemWords(problem), {warn: true});
  }
}

function tell(found) {
  if (found.number?.is === "mistyped") mind(t("find.mistyped.short"));
  if (found.number?.is === "unknown") mind(t("find.unknown.short"));
}

export async function submitted(text) {
  clearTimeout(timer);
  const trimmed = text.trim();
  const found = await get("find", {q: trimmed});
  if (found.number?.is === "found") return open("case", {number: found.number.number});
  if (current()?.name === "find" && current().top && current().query === trimmed) return current().top();
  return open("find", {q: trimmed});
}

/** The arrows walk through the hits without leaving the box. */
export function searchKey(event) {
  if (current()?.name !== "find" || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  current().move(event.key === "ArrowDown" ? 1 : -1);
}

function caseHit(hit) {
  const when = hit.isOpen ? t("case.open") : t("case.closed") + (hit.closedAt ? " " + day(dayOf(hit.closedAt)) : "");
  const facts = [when, hit.by && t("find.note", {code: hit.by, day: day(dayOf(hit.at))}), !hit.by && hit.openedAt && t("today.opened", {day: day(dayOf(hit.openedAt))}), hit.concernsChild && t("child.title")];
  return {go: () => open("case", {number: hit.number}), number: hit.number, what: hit.excerpt ? matched(hit.excerpt) : hit.isShredded ? t("find.shredded") : t("find.case"), when: facts.filter(Boolean).join(" · ")};
}

function contactHit(entry) {
  return {go: () => open("directory", {id: entry.id}), number: entry.ages ?? t("dir.all"), isSmall: true, what: entry.name + (entry.area ? ", " + entry.area : ""), when: verified(entry)};
}

function rows(hits) {
  return h("ul", {class: "rows hits"}, hits.map((hit) => h("li", {}, hit.node = h("a", {class: "row", href: "/", onclick: (event) => { event.preventDefault(); hit.go(); }},
    h("span", {class: "no" + (hit.isSmall ? " small soft" : "")}, hit.number), h("span", {class: "what", dir: "auto"}, hit.what), h("span", {class: "when"}, hit.when)))));
}

function mistyped(found) {
  const isMistyped = found.number.is === "mistyped";
  return [h("div", {class: "head"}, h("h1", {}, t("find.mistyped"))), h("p", {}, t(isMistyped ? "find.mistyped.what" : "find.unknown")), h("p", {class: "soft gap-s"}, t("find.mistyped.safe")),
    h("section", {}, h("h2", {}, t("find.lost")), h("p", {}, t("find.lost.what")), h("p", {class: "acts"}, button(t("find.new"), () => startCall(), {kind: "", key: "Alt N"})))];
}

function nothing(query) {
  const state = stateNow();
  return [h("div", {class: "head"}, h("h1", {}, t("find.none"))), h("p", {dir: "auto"}, t("find.none.what", {q: query})),
    state?.condition === "offline" && state.lastSync ? h("p", {class: "soft gap-s"}, t("find.none.offline", {time: time(state.lastSync)})) : null];
}

export async function showFind({q = ""}) {
  const work = h("div", {});
  let hits = [];
  let active = 0;
  const box = searchBox();
  const view = {
    title: t("nav.cases"), work: [work], query: q, focus: box, sideLabel: t("find.filters"),
    top: () => hits[active]?.go(),
    move(step) {
      hits[active]?.node.classList.remove("is-active");
      active = Math.max(0, Math.min(hits.length - 1, active + step));
      hits[active]?.node.classList.add("is-active");
      hits[active]?.node.scrollIntoView({block: "nearest"});
    },
    async search(query) {
      view.query = query;
      const number = ++asked;
      const found = await get("find", {q: query, ...filter});
      if (number !== asked) return;
      tell(found);
      draw(found, query);
    },
    async refresh() { if (!work.contains(document.activeElement)) await view.search(view.query); },
  };
  function draw(found, query) {
    hits = [];
    active = 0;
    if (found.number && found.number.is !== "found") return fill(work, mistyped(found));
    const cases = found.number ? [{...caseHit({number: found.number.number, isOpen: true}), when: t("find.enter")}] : found.cases.map(caseHit);
    const contacts = found.contacts.map(contactHit);
    hits = [...cases, ...contacts];
    if (!hits.length) return fill(work, nothing(query));
    fill(work, h("div", {class: "head"}, h("h1", {}, query ? t("find.title", {n: hits.length}) : t("nav.cases")),
      h("p", {role: "status"}, query ? t("find.status", {cases: cases.length, contacts: contacts.length}) : t("find.latest"))),
    cases.length ? section(t("find.cases"), cases.length, rows(cases)) : null, contacts.length ? section(t("nav.directory"), contacts.length, rows(contacts)) : null);
    return view.move(0);
  }
  view.side = filters(() => view.search(view.query).catch((problem) => say(problemWords(problem), {warn: true})));
  view.keys = [{key: "Alt Y", name: t("find.filters"), run: () => view.side[0].focusFirst()}];
  if (box.value.trim() !== q) box.value = q;
  await view.search(q);
  return view;
}

function filters(changed) {
  const names = ["open", "mine", "follow", "child"];
  const shown = choices({name: "filter", legend: t("find.filters"), key: "Alt Y", several: true, options: pairs("find.f", names), value: names.filter((name) => filter[name]),
    changed: (picked) => {
      for (const name of names) if (picked.includes(name)) filter[name] = 1; else delete filter[name];
      changed();
    }});
  const select = (id, label, name, options) => {
    const node = h("select", {id, onchange: () => { if (node.value) filter[name] = node.value; else delete filter[name]; changed(); }}, [["", t("find.all")], ...options].map(([value, text]) => h("option", {value}, text)));
    node.value = filter[name] ?? "";
    return h("div", {class: "field"}, h("label", {for: id}, label), node);
  };
  return [shown, select("concern", t("class.concern.short"), "concern", pairs("concern", concerns)), select("month", t("find.month"), "month", months()),
    h("p", {class: "small soft gap-s"}, t("find.how"))];
}

function months() {
  const [year, month] = session.today.split("-").map(Number);
  return Array.from({length: 24}, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1 - index, 1));
    const value = date.toISOString().slice(0, 7);
    return [value, new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "sv-SE", {month: "long", year: "numeric", timeZone: "UTC"}).format(date)];
  });
}
