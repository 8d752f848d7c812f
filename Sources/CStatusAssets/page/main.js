// The operator's page: asks every five seconds, draws what came, and says so when nothing comes.

import {get, isOpened, reopen} from "/api.js";
import {changes} from "/changes.js";
import {openDetail} from "/detail.js";
import {deviceTable} from "/devices.js";
import {button, fill, h} from "/dom.js";
import {findings, lines, server, verdict} from "/overview.js";
import {plots} from "/plots.js";
import {language, setLanguage, setToday, dayOf, t, time} from "/words.js";

const pause = 5000;
/** After so long without an answer what is shown may be otherwise by now. */
const freshMilliseconds = 15000;
const auditPause = 60000;

const state = {survey: null, line: null, chosen: null, audit: undefined, auditAt: -Infinity, showsOut: false,
  // By the browser's own clock, which nobody sets; and by the wall clock, for people.
  goodAt: -Infinity, goodTime: null, problem: null, drawnStale: null};
const nodes = {};

function build() {
  document.title = t("page.name");
  for (const name of ["verdict", "banner", "findings", "server", "lines", "devices", "plots", "changes", "read"]) nodes[name] = h("div", {});
  nodes.read = h("p", {class: "read soft small"});
  nodes.verdict = h("div", {class: "verdict"});
  nodes.banner = h("div", {role: "alert"});
  nodes.announced = h("p", {class: "vh", "aria-live": "polite"});
  const section = (key, node, values) => h("section", {}, nodes[key + "Title"] = h("h2", {}, t("page." + key, values)), node);
  fill(document.body, h("a", {class: "skip", href: "#work", onclick: (event) => { event.preventDefault(); nodes.work.focus(); }}, t("page.skip")),
    h("header", {class: "status-top"}, h("b", {}, t("page.name")), nodes.source = h("span", {class: "soft"}), nodes.read, button(t("page.language"), changeLanguage, {low: true, id: "language"})),
    nodes.work = h("main", {id: "work", tabindex: "-1"}, nodes.banner, nodes.verdict, nodes.announced,
      h("div", {class: "board"}, section("todo", nodes.findings), section("server", nodes.server)),
      section("lines", nodes.lines), section("devices", nodes.devices, {line: ""}), section("plots", nodes.plots, {line: ""}), section("changes", nodes.changes)));
}

async function changeLanguage() {
  await setLanguage(language === "sv" ? "en" : "sv");
  build();
  draw();
  document.getElementById("language").focus();
}

async function look() {
  try {
    const survey = await get("survey");
    const ids = survey.status.lines.map((line) => line.line);
    if (!ids.includes(state.chosen)) state.chosen = worst(survey) ?? ids[0] ?? null;
    const line = state.chosen && (await get("line", {line: state.chosen}));
    if (performance.now() - state.auditAt > auditPause) {
      state.audit = await get("audit");
      state.auditAt = performance.now();
    }
    Object.assign(state, {survey, line, goodAt: performance.now(), goodTime: Date.now(), problem: null});
    setToday(dayOf(Date.now()));
  } catch (problem) {
    if (!problem.name) throw problem;
    if (problem.name === "open-again") return showClosed();
    state.problem = problem;
  }
  draw();
}

/** The line of the first workstation that something is wrong with. */
function worst(survey) { return survey.findings.find((one) => one.line)?.line; }

function isStale() { return state.problem !== null || performance.now() - state.goodAt > freshMilliseconds; }

function draw() {
  const focused = document.activeElement?.id;
  const stale = isStale();
  document.body.classList.toggle("is-stale", stale);
  drawVerdict(stale);
  if (state.survey) drawFacts();
  state.drawnStale = stale;
  // What is drawn anew takes the focus along.
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({preventScroll: true});
}

function drawVerdict(stale) {
  nodes.source.textContent = state.survey?.source ?? "";
  nodes.read.textContent = state.goodTime ? t("page.read", {time: time(state.goodTime) + "." + String(new Date(state.goodTime).getSeconds()).padStart(2, "0")}) : "";
  if (!state.survey && !state.problem) return fill(nodes.verdict, h("h1", {}, t("page.loading")));
  const facts = state.survey && verdict(state.survey.status);
  const title = stale ? t("page.stale.title") : facts.title;
  const sign = h("span", {class: "sign big " + (stale ? "cut" : facts.isGood ? "full" : "half"), "aria-hidden": "true"});
  if (nodes.verdict.textContent !== title + (facts && !stale ? facts.risk : "")) nodes.announced.textContent = title;
  fill(nodes.verdict, h("h1", {class: stale ? "warn" : null}, sign, title), facts && !stale ? h("p", {class: facts.atRisk ? "warn" : "soft"}, facts.risk) : null);
  const words = stale ? staleWords() : "";
  if (nodes.banner.textContent !== words) fill(nodes.banner, stale ? h("div", {class: "stale-words"}, staleWords().split("\n").map((one) => h("p", {}, one))) : null);
}

function staleWords() {
  const name = state.problem?.name;
  if (name === "stopped") return t("page.stale.stopped");
  if (name === "refused") return t("page.stale.refused", {why: state.problem.members.title});
  const since = state.goodTime ? t("page.stale.unreachable", {time: time(state.goodTime)}) : t("page.stale.never");
  return since + "\n" + t("page.stale.do");
}

function drawFacts() {
  const {status} = state.survey;
  const now = Date.parse(status.serverTime);
  fill(nodes.findings, findings(state.survey.findings, (one) => choose(one.line, one.device)));
  fill(nodes.server, server(status));
  fill(nodes.lines, lines(status, state.chosen, (id) => choose(id)));
  const line = status.lines.find((one) => one.line === state.chosen);
  if (!line || !state.line) return;
  nodes.devicesTitle.textContent = t("page.devices", {line: line.name});
  nodes.plotsTitle.textContent = t("page.plots", {line: line.name});
  fill(nodes.devices, deviceTable(state.line.devices, line.head, now, state.showsOut, {
    open: (id) => detail(id), toggle: () => { state.showsOut = !state.showsOut; draw(); }}));
  fill(nodes.plots, plots(state.line.history.lines[0], Date.parse(state.line.history.until)));
  fill(nodes.changes, changes(state.line.devices, state.audit, line.line));
}

async function choose(id, device) {
  if (id !== state.chosen) {
    state.chosen = id;
    await look();
  }
  if (device) detail(device);
}

function detail(id) {
  const device = state.line.devices.find((one) => one.device === id);
  const line = state.survey.status.lines.find((one) => one.line === state.chosen);
  if (device && line) openDetail(device, line, state.line.devices, Date.parse(state.line.serverTime));
}

function showClosed() {
  state.isClosed = true;
  document.body.classList.remove("is-stale");
  const asked = h("p", {"aria-live": "polite"});
  const again = async () => {
    asked.textContent = t("page.closed.asked");
    await reopen();
  };
  fill(document.body, h("main", {class: "lone-work"}, h("h1", {}, t("page.closed.title")), h("p", {class: "gap-s"}, t("page.closed.what")),
    h("p", {class: "gap-s"}, button(t("page.closed.do"), again, {kind: "primary", id: "reopen"})), asked));
  document.getElementById("reopen").focus();
}

await setLanguage(document.documentElement.lang);
if (isOpened) {
  history.replaceState(null, "", "/");
  build();
  draw();
  // What is old is said to be, also while a request still waits for its answer.
  setInterval(() => { if (!state.isClosed && isStale() !== state.drawnStale) draw(); }, 500);
  while (!state.isClosed) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
} else {
  showClosed();
}
