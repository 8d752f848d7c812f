// The figures of a period, as they are published; the month's internal report.

import {get} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords, say, session} from "/frame.js";
import {t} from "/words.js";

const choice = {kind: "public"};

export async function showStatistics() {
  const work = h("div", {});
  const year = session.today.slice(0, 4);
  choice.from ??= year + "-01-01";
  choice.through ??= session.today;
  choice.month ??= session.today.slice(0, 7);
  const from = h("input", {type: "date", value: choice.from, onchange: () => { choice.from = from.value; draw(); }});
  const through = h("input", {type: "date", value: choice.through, onchange: () => { choice.through = through.value; draw(); }});
  const month = h("input", {type: "month", value: choice.month, onchange: () => { choice.month = month.value; draw(); }});
  const kind = h("select", {onchange: () => { choice.kind = kind.value; show(); draw(); }}, h("option", {value: "public"}, t("stat.public")), h("option", {value: "internal"}, t("stat.internal")));
  kind.value = choice.kind;
  const period = h("div", {}, labelled(t("stat.from"), from, {id: "from"}), labelled(t("stat.to"), through, {id: "through"}));
  const monthField = labelled(t("find.month"), month, {id: "stat-month"});
  const show = () => { period.hidden = choice.kind !== "public"; monthField.hidden = choice.kind === "public"; };
  let report = null;
  async function draw() {
    try {
      report = await get("statistics", choice.kind === "public" ? {from: choice.from, through: choice.through} : {month: choice.month});
      fill(work, body(report));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  }
  show();
  await draw();
  return {
    title: t("nav.statistics"), work: [work], sideLabel: t("stat.aside"),
    side: [h("div", {class: "field"}, labelled(t("stat.kind"), kind, {id: "kind"})), period, monthField, h("p", {class: "acts"}, button(t("stat.print"), () => window.print(), {kind: ""})), h("p", {class: "acts tight"}, button(t("stat.csv"), () => download(report))),
      choice.kind === "public" ? h("section", {class: "gap-m"}, h("h2", {}, t("stat.hidden")), h("p", {class: "small soft"}, t("stat.hidden.what"))) : null],
  };
}

function body(report) {
  const shown = (cell) => (cell === null ? ".." : String(cell));
  return [h("div", {class: "head"}, h("h1", {}, report.title), h("p", {}, [report.lineName, report.period].filter(Boolean).join(", "))),
    h("dl", {class: "sums"}, report.headlines.map((one) => h("div", {}, h("dt", {}, one.label), h("dd", {}, shown(one.count))))),
    report.tables.filter((table) => table.rows.length).map((table) => h("figure", {}, h("figcaption", {}, h("h2", {}, table.title)), figures(table, shown))),
    h("div", {class: "small soft gap-m"}, report.notes.map((note) => h("p", {}, note)), h("p", {}, report.desks), h("p", {}, report.generated))];
}

/** A table whose first numbers are drawn as bars: the numbers stand beside them, so that nothing is in the bar alone. */
function figures(table, shown) {
  const isNumber = table.rows.some((row) => typeof row.cells[0] === "number");
  const largest = Math.max(1, ...table.rows.map((row) => (typeof row.cells[0] === "number" ? row.cells[0] : 0)));
  return h("div", {class: "scroll"}, h("table", {}, h("thead", {}, h("tr", {}, h("th", {scope: "col"}, table.heading), table.columns.map((name) => h("th", {scope: "col", class: isNumber ? "num" : null}, name)), isNumber ? h("td", {class: "barcell"}) : null)),
    h("tbody", {}, table.rows.map((row) => h("tr", {}, h("th", {scope: "row"}, row.label), row.cells.map((cell) => h("td", {class: isNumber ? "num" : null}, shown(cell))),
      isNumber ? h("td", {class: "barcell"}, h("span", {class: "barline", "aria-hidden": "true", vars: {"--part": (typeof row.cells[0] === "number" ? (100 * row.cells[0]) / largest : 0) + "%"}})) : null)))));
}

/** One file with all tables, made here: nothing is fetched by an address. */
function download(report) {
  const text = report.csv.map((file) => file.name + "\r\n" + file.content).join("\r\n");
  const link = h("a", {href: URL.createObjectURL(new Blob(["\ufeff" + text], {type: "text/csv"})), download: "lugn-" + report.period.replace(/[^\d-]+/g, "-") + ".csv"});
  link.click();
  URL.revokeObjectURL(link.href);
}
