// What stands around every page: search, pages, state, the call that goes on, and what arrives at the edge.

import {get} from "/api.js";
import {button, fill, h} from "/dom.js";
import {setKeys} from "/keys.js";
import {has, running, t, time} from "/words.js";

export const session = {};
let view = null;
let openView = () => {};
let call = null;
let state = null;
const nodes = {};

export const pages = ["today", "find", "directory", "statistics", "state", "settings"];
const navigation = {today: "nav.today", find: "nav.cases", directory: "nav.directory", statistics: "nav.statistics", state: "nav.state", settings: "nav.settings"};

export function setOpener(open) { openView = open; }
/** open("case", {number}): shows a page. */
export function open(name, values = {}) { return openView(name, values); }

let join = () => {};
/** Takes this computer into a line, on a page of its own. */
export function joinLine() { return join(); }

/** Builds the frame. actions: {lock, join, palette, keys, newCall, backToCall, language, searched, submitted}. */
export function build(actions) {
  join = actions.join;
  nodes.input = h("input", {id: "find", type: "search", autocomplete: "off", spellcheck: "false", "aria-describedby": "find-hint find-mind", "aria-keyshortcuts": "Alt+S",
    oninput: () => actions.searched(nodes.input.value), onkeydown: (event) => actions.searchKey(event)});
  nodes.mind = h("span", {id: "find-mind", class: "find-mind", role: "status"});
  const find = h("form", {class: "find", role: "search", onsubmit: (event) => { event.preventDefault(); actions.submitted(nodes.input.value); }},
    h("label", {for: "find"}, t("find.label")), nodes.input, h("span", {id: "find-hint", class: "vh"}, t("find.hint")), nodes.mind, h("kbd", {"aria-hidden": "true"}, "Alt S"));
  nodes.state = h("p", {class: "state", role: "status"});
  nodes.name = h("a", {class: "name", href: "/", onclick: go("today")}, session.line || "Lugn");
  const top = h("header", {class: "top"}, nodes.name, h("button", {type: "button", class: "menu", popovertarget: "rail"}, t("frame.menu")), find, nodes.state);
  nodes.links = Object.fromEntries(pages.map((name, index) => [name,
    h("a", {href: "/", onclick: go(name), "aria-keyshortcuts": `Alt+Shift+${index + 1}`}, h("span", {}, t(navigation[name])), h("kbd", {"aria-hidden": "true"}, `Alt ⇧ ${index + 1}`))]));
  const rail = h("nav", {class: "rail", id: "rail", popover: true, "aria-label": t("frame.nav")},
    h("ul", {}, Object.values(nodes.links).map((link) => h("li", {}, link))),
    h("div", {class: "me small soft"}, h("p", {}, t("frame.me", {code: session.code, desk: session.desk || t("frame.desk")})),
      button(t("frame.lock"), actions.lock, {key: "Alt P", low: true}),
      button(t("palette.label.short"), actions.palette, {key: "Ctrl K", low: true}),
      button(t("frame.keys"), actions.keys, {key: "?", low: true}),
      h("button", {type: "button", class: "plain low", onclick: actions.language, lang: t("other.lang")}, h("span", {}, t("palette.language")))));
  nodes.oncall = h("section", {class: "oncall", "aria-label": t("frame.oncall.label"), hidden: true});
  nodes.work = h("main", {id: "work", tabindex: "-1"});
  nodes.side = h("aside", {class: "side", "aria-label": t("frame.aside")});
  nodes.end = h("footer", {class: "acts end", hidden: true});
  nodes.edge = h("div", {class: "edge-list", role: "status"});
  document.body.className = "";
  fill(document.body, h("a", {class: "skip", href: "#work", onclick: (event) => { event.preventDefault(); nodes.work.focus(); }}, t("frame.skip")),
    top, nodes.oncall, rail, nodes.work, nodes.side, nodes.end, nodes.edge);
  setKeys("frame", [
    {key: "Alt N", name: t("call.start"), run: actions.newCall},
    {key: "Alt 0", name: t("frame.oncall.back"), run: actions.backToCall},
    {key: "Alt S", name: t("palette.find"), run: () => { nodes.input.focus(); nodes.input.select(); }},
    {key: "Alt P", name: t("palette.lock"), run: actions.lock},
    {key: "Ctrl K", name: t("palette.label"), run: actions.palette},
    {key: null, name: t("palette.keys"), shown: "?", run: actions.keys},
    {key: null, name: t("palette.language"), run: actions.language},
    ...pages.map((name, index) => ({key: `Alt Shift ${index + 1}`, name: t(navigation[name]), run: () => open(name)})),
  ]);
  showState();
  showCall();
}

function go(name) { return (event) => { event.preventDefault(); open(name); }; }

/** Shows a view: {name, title, work, side, end, keys, focus, wide, leave, refresh}. */
export function show(next) {
  view = next;
  document.title = next.title + " · Lugn";
  document.body.classList.toggle("wide", Boolean(next.wide));
  fill(nodes.work, next.work);
  fill(nodes.side, next.side ?? []);
  nodes.side.hidden = !next.side?.length;
  nodes.side.setAttribute("aria-label", next.sideLabel ?? t("frame.aside"));
  fill(nodes.end, next.end ?? []);
  nodes.end.hidden = !next.end?.length;
  for (const [name, link] of Object.entries(nodes.links)) {
    if (name === (next.page ?? next.name)) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  setKeys("page", next.keys ?? []);
  setKeys("panel", []);
  if (next.name !== "find") { nodes.input.value = ""; mind(""); }
  showCall();
  if (!next.keepsFocus) {
    window.scrollTo(0, 0);
    (next.focus ?? nodes.work).focus({preventScroll: true});
  }
}

export function current() { return view; }
export function searchBox() { return nodes.input; }
/** What is wrong with the number that is being typed. */
export function mind(text) { nodes.mind.textContent = text; }

/** Something that has arrived: it waits at the edge, moves nothing, and takes no focus. */
export function notice(content, {warn = false, seconds = 12} = {}) {
  const close = () => node.remove();
  const node = h("div", {class: "notice edge" + (warn ? " is-warn" : "")}, h("div", {}, content(close)),
    h("button", {type: "button", class: "plain low", onclick: close, "aria-label": t("notice.close")}, "×"));
  nodes.edge.append(node);
  while (nodes.edge.children.length > 3) nodes.edge.firstChild.remove();
  if (seconds) setTimeout(close, seconds * 1000);
}

export function say(text, options) { notice(() => text, options); }

// The call that goes on is shown on every page but its own.
export function setCall(next) { call = next; showCall(); }
function showCall() {
  if (!nodes.oncall) return;
  nodes.oncall.hidden = !call || view?.name === "call";
  if (nodes.oncall.hidden) return;
  nodes.timer = h("b", {role: "timer"}, running(Date.now() - call.startedAt));
  fill(nodes.oncall, h("span", {}, t("frame.oncall"), " ", nodes.timer), h("span", {class: "no"}, call.shown()),
    h("a", {href: "/", onclick: go("call"), "aria-keyshortcuts": "Alt+0"}, t("frame.oncall.back")), h("kbd", {"aria-hidden": "true"}, "Alt 0"));
}
setInterval(() => { if (call && nodes.timer) nodes.timer.textContent = running(Date.now() - call.startedAt); }, 1000);

// The state line says what is true now, or that it is not known.
const signs = {compared: "full", synced: "half", sending: "half", offline: "cut", differs: "bar", disagrees: "bar", refused: "bar", clockWrong: "bar", revoked: "bar", diskFull: "bar", tooOld: "bar", noRoom: "bar", stopped: "bar", connecting: "", fetching: "half", notJoined: "cut"};
const warnings = ["differs", "disagrees", "refused", "clockWrong", "revoked", "diskFull", "tooOld", "noRoom", "stopped"];

export function stateWords(value) {
  const at = value.lastSync ? time(value.lastSync) : t("state.never");
  const values = {n: value.pending, time: at};
  switch (value.condition) {
    case "offline": return t(value.pending ? "state.offline" : "state.offline.none", values);
    case "clockWrong": return t("state.clock.wrong", {n: Math.round(Math.abs(value.clockOffset) / 60000)});
    case "disagrees": return t("state.disagrees", {desk: value.comparisons?.find((one) => !one.isEqual)?.name ?? t("desks.unnamed")});
    case "refused": return t("state.refused.line", {n: value.setAside});
    default: return t("state." + value.condition, values);
  }
}
export function stateSign(condition) { return h("span", {class: "sign " + (signs[condition] ?? ""), "aria-hidden": "true"}); }
export function isWarning(condition) { return warnings.includes(condition); }

export async function loadState() {
  state = await get("state");
  showState();
  return state;
}
export function setStopped() {
  state = {...(state ?? {pending: 0}), condition: "stopped"};
  showState();
}
export function stateNow() { return state; }

function showState() {
  if (!nodes.state || !state) return;
  const text = stateWords(state);
  if (nodes.state.textContent === text) return;
  fill(nodes.state, h("a", {href: "/", onclick: go("state"), class: isWarning(state.condition) ? "is-warn" : null}, stateSign(state.condition), h("span", {}, text)));
}

/** The words of a problem: what happened, what is safe, what to do. */
export function problemWords(problem) {
  const key = "problem." + problem.name;
  return t(has(key) ? key : "problem.unknown", {n: problem.members?.triesLeft ?? ""});
}
