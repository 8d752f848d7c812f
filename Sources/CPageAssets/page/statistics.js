// The line's figures: of a period or a month for the team, and what was published.

import {get, post} from "/api.js";
import {activityTables, openActivity} from "/activities.js";
import {bars, figures, monthChart, shown} from "/charts.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {monthPicker, monthName, monthsBack, lastDay} from "/months.js";
import {problemWords, say, session, stateNow} from "/frame.js";
import {saveFile} from "/files.js";
import {panel} from "/panel.js";
import {t} from "/words.js";

const choice = {kind: "line", period: "year"};

export async function showStatistics() {
  const work = h("div", {class: "report"});
  const thisMonth = session.today.slice(0, 7);
  choice.month ??= thisMonth;
  choice.from ??= thisMonth;
  choice.through ??= thisMonth;
  let report = null;
  let activities = [];
  let asked = 0;

  function query() {
    if (choice.kind === "month") return {month: choice.month};
    if (choice.kind === "published") return choice.published ?? null;
    return {from: choice.from + "-01", through: lastDay(choice.through)};
  }
  async function read(others) {
    const wanted = query();
    if (!wanted) return null;
    return get(choice.kind === "published" ? "statistics/published" : "statistics", {...wanted, ...(others && {others: 1})});
  }
  async function draw() {
    const number = ++asked;
    try {
      const [next, list] = await Promise.all([read(false), choice.kind === "month" ? get("activities", {month: choice.month}) : []]);
      if (number !== asked) return;
      const isSame = report && JSON.stringify([{...next, generated: ""}, list]) === JSON.stringify([{...report, generated: ""}, activities]);
      report = next;
      activities = list;
      if (!isSame || !work.firstChild) fill(work, next ? body(next, activities, {erased: draw}) : nothingPublished());
      if (next && choice.kind !== "published" && stateNow()?.condition !== "offline") await askOthers(number);
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  }
  // The server is asked how the other desks stand while the figures are there already.
  async function askOthers(number) {
    const next = await read(true);
    const line = work.querySelector(".desks");
    if (number === asked && line) line.textContent = next.desks;
  }

  choosePeriod();
  await draw();
  const side = h("div", {});
  await drawSide();

  async function drawSide() {
    const kind = select([["line", t("stat.line")], ["month", t("stat.internal")], ["published", t("stat.public")]], choice.kind, async (value) => { choice.kind = value; report = null; await drawSide(); await draw(); });
    const fields = {line: periodFields, month: monthField, published: publishedFields}[choice.kind];
    fill(side, h("div", {class: "field"}, labelled(t("stat.kind"), kind, {id: "kind"})), await fields(),
      h("p", {class: "acts"}, button(t("stat.print"), () => window.print(), {kind: ""})),
      choice.kind === "month" ? h("p", {class: "acts"}, button(t("activity.add"), add, {kind: "", key: "Alt L"})) : null,
      h("section", {class: "gap-m"}, h("h2", {}, t(choice.kind === "published" ? "stat.hidden" : "stat.team")), h("p", {class: "small soft"}, t(choice.kind === "published" ? "stat.hidden.what" : "stat.team.what"))));
  }
  function add() { openActivity(choice.month, draw); }

  function choosePeriod() {
    const year = session.today.slice(0, 4);
    const last = monthsBack(thisMonth, 1);
    const periods = {year: [year + "-01", thisMonth], month: [thisMonth, thisMonth], last: [last, last], before: [Number(year) - 1 + "-01", Number(year) - 1 + "-12"]};
    if (periods[choice.period]) [choice.from, choice.through] = periods[choice.period];
  }
  function periodFields() {
    const own = h("div", {hidden: choice.period !== "own"});
    const picker = (name, label) => monthPicker({id: "stat-" + name, label: t(label), value: choice[name], latest: thisMonth, changed: (value) => {
      choice[name] = value;
      if (choice.from > choice.through) choice[name === "from" ? "through" : "from"] = value;
      fill(own, picker("from", "stat.from"), picker("through", "stat.to"));
      draw();
    }});
    fill(own, picker("from", "stat.from"), picker("through", "stat.to"));
    const period = select([["year", t("stat.p.year")], ["month", t("stat.p.month")], ["last", t("stat.p.last")], ["before", t("stat.p.before")], ["own", t("stat.p.own")]], choice.period, (value) => { choice.period = value; choosePeriod(); own.hidden = value !== "own"; draw(); });
    return [h("div", {class: "field"}, labelled(t("stat.period"), period, {id: "period"})), own];
  }
  function monthField() { return monthPicker({id: "stat-month", label: t("find.month"), value: choice.month, latest: thisMonth, changed: (value) => { choice.month = value; draw(); }}); }

  async function publishedFields() {
    const series = (await get("statistics/published")).reverse();
    if (!series.some((one) => one.from === choice.published?.from && one.through === choice.published?.through)) choice.published = series[0] && {from: series[0].from, through: series[0].through};
    const name = (one) => (one.from.slice(0, 7) === one.through.slice(0, 7) ? monthName(one.from.slice(0, 7)) : monthName(one.from.slice(0, 7)) + " – " + monthName(one.through.slice(0, 7)));
    const list = series.length ? select(series.map((one, index) => [String(index), name(one)]), String(series.findIndex((one) => one.from === choice.published.from && one.through === choice.published.through)), (value) => {
      const {from, through} = series[Number(value)];
      choice.published = {from, through};
      draw();
    }) : null;
    return [list && h("div", {class: "field"}, labelled(t("stat.published"), list, {id: "published"})), h("p", {class: "acts"}, button(t("stat.publish"), () => askPublish(thisMonth, async (period) => { choice.published = period; report = null; await drawSide(); await draw(); }), {kind: ""}))];
  }

  return {
    title: t("nav.statistics"), work: [work], sideLabel: t("stat.aside"), side: [side], refresh: draw,
    keys: [{key: null, shown: "Ctrl P", name: t("stat.print"), run: () => window.print()}, {key: "Alt L", name: t("activity.add"), run: () => { if (choice.kind === "month") add(); }}],
  };
}

function select(options, value, changed) {
  const node = h("select", {onchange: () => changed(node.value)}, options.map(([one, label]) => h("option", {value: one}, label)));
  node.value = value;
  return node;
}

function nothingPublished() { return [h("div", {class: "head"}, h("h1", {}, t("stat.public"))), h("p", {class: "empty"}, t("stat.published.none"))]; }

// MARK: The report

const charts = ["concern", "caller", "age"];

function body(report, activities, actions) {
  const months = report.tables.find((table) => table.chart === "months");
  const drawn = charts.map((word) => report.tables.find((table) => table.word === word)).filter(Boolean);
  const isFigures = (table) => table.rows.some((row) => typeof row.cells[0] === "number" || row.cells[0] === "..");
  // A month without something has no table of zeros of it.
  const rest = report.tables.filter((table) => table !== months && !drawn.includes(table) && isFigures(table) && table.rows.some((row) => row.cells.some((cell) => cell !== 0)));
  const isEmpty = report.headlines.every((one) => one.count === 0);
  return [h("div", {class: "head"}, h("h1", {}, report.period), h("p", {}, [report.lineName, report.title].filter(Boolean).join(" · ")), report.notice && h("p", {class: "notice-line"}, report.notice)),
    h("dl", {class: "sums"}, report.headlines.map((one) => h("div", {}, h("dt", {}, one.label), h("dd", {}, shown(one.count))))),
    isEmpty ? h("p", {class: "empty"}, t("empty.statistics")) : null,
    months && !isEmpty ? figure(report, months, "wide", monthChart) : null,
    isEmpty ? null : h("div", {class: "charts"}, drawn.map((table) => figure(report, table, "", bars))),
    h("div", {class: "pairs"}, rest.map((table) => figure(report, table, "", figures))),
    activityTables(activities, actions.erased),
    h("div", {class: "small soft gap-m notes"}, report.notes.map((note) => h("p", {}, note)), h("p", {class: "desks"}, report.desks), h("p", {}, report.generated)),
    report.notice && h("p", {class: "notice-line only-print"}, report.notice)];
}

/** One table of the report, with its own file. */
function figure(report, table, kind, draw) {
  const id = "table-" + table.word;
  const file = report.csv.find((one) => one.name === table.word);
  return h("figure", {class: kind || null}, h("figcaption", {}, h("h2", {id}, table.title), file && button("CSV", () => saveFile(`${file.name} ${report.period}.csv`, "text/csv", "\ufeff" + file.content), {low: true, "aria-label": t("stat.csv") + ": " + table.title})),
    draw(table, id), table.remark && h("p", {class: "small soft gap-s"}, table.remark));
}

// MARK: Publishing

function askPublish(thisMonth, done) {
  const chosen = {from: monthsBack(thisMonth, 1), through: monthsBack(thisMonth, 1)};
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  const fields = h("div", {});
  const picker = (name, label) => monthPicker({id: "publish-" + name, label: t(label), value: chosen[name], latest: monthsBack(thisMonth, 1), changed: (value) => {
    chosen[name] = value;
    if (chosen.from > chosen.through) chosen[name === "from" ? "through" : "from"] = value;
    fill(fields, picker("from", "stat.from"), picker("through", "stat.to"));
  }});
  fill(fields, picker("from", "stat.from"), picker("through", "stat.to"));
  async function publish() {
    const period = {from: chosen.from + "-01", through: lastDay(chosen.through)};
    try {
      await post("statistics/publish", period);
      close();
      await done(period);
      say(t("stat.publish.done"));
    } catch (problem) {
      fill(errors, h("p", {}, problem.name === "bad-value" ? t("stat.publish.overlap") : problemWords(problem)));
      errors.hidden = false;
      errors.focus();
    }
  }
  const {close} = panel(t("stat.publish"), h("div", {class: "keylist"}, h("h1", {}, t("stat.publish")), h("p", {class: "soft"}, t("stat.publish.what")), errors, fields,
    h("p", {class: "acts"}, button(t("stat.publish.do"), publish, {kind: "primary"}), button(t("cancel"), () => close()))), {first: fields.querySelector("select")});
}
