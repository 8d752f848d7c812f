// Reports drawn: columns for months, bars for shares, and tables. Every number stands beside what is drawn of it.

import {h} from "/dom.js";
import {t} from "/words.js";

const hiddenMark = "..";

export function shown(cell) { return cell === null ? hiddenMark : typeof cell === "number" ? cell.toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "sv-SE") : String(cell); }
function size(cell) { return typeof cell === "number" ? cell : 0; }

/** The steps of an axis: 1, 2 or 5 times a power of ten, at most five of them, and the first that is not below the largest. */
export function scale(largest) {
  let step = 1;
  for (let power = 1; largest > step * 5; power *= 10) for (const factor of [2, 5, 10]) if (largest > step * 5) step = power * factor;
  return {step, top: Math.max(step, Math.ceil(largest / step) * step)};
}

// MARK: Months

const width = 688, height = 236, left = 28, baseline = 204, highest = 16;
const numberedMonths = 15;

/** Two columns for each month, of its first two numbers. */
export function monthChart(table, id) {
  const rows = table.rows;
  const axis = scale(Math.max(1, ...rows.flatMap((row) => row.cells.slice(0, 2).map(size))));
  const y = (count) => baseline - (count / axis.top) * (baseline - highest);
  const step = (width - left) / rows.length;
  const bar = Math.min(23, step * 0.36);
  const parts = [h("defs", {}, h("pattern", {id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"}, h("line", {class: "hatch", x1: 0, y1: 0, x2: 0, y2: 5})))];
  for (let count = 0; count <= axis.top; count += axis.step) parts.push(h("line", {class: "grid", x1: left, x2: width, y1: y(count), y2: y(count)}), h("text", {class: "soft", x: left - 10, y: y(count) + 4, "text-anchor": "end"}, count));
  rows.forEach((row, index) => {
    const middle = left + (index + 0.5) * step;
    row.cells.slice(0, 2).forEach((cell, place) => {
      const x = place === 0 ? middle - bar - 1 : middle + 1;
      parts.push(h("rect", {class: place === 0 ? "bar" : "bar2", x, y: y(size(cell)), width: bar, height: baseline - y(size(cell))}));
      if (rows.length <= numberedMonths) parts.push(h("text", {x: x + bar / 2, y: y(size(cell)) - 6, "text-anchor": "middle"}, shown(cell)));
    });
    if (rows.length <= numberedMonths || index % Math.ceil(rows.length / 12) === 0) parts.push(h("text", {class: "soft", x: middle, y: 222, "text-anchor": "middle"}, row.short ?? row.label));
    if (index === 0 || row.word.endsWith("-01")) parts.push(h("text", {class: "soft", x: middle, y: height + 2, "text-anchor": "middle"}, row.word.slice(0, 4)));
  });
  const legend = h("p", {class: "legend small"}, ["solid", "hatched"].map((look, index) => h("b", {}, h("span", {class: "swatch " + look, "aria-hidden": "true"}), table.columns[index])));
  return [legend, h("div", {class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id}, h("svg", {viewBox: `0 0 ${width} ${height + 6}`, role: "img", "aria-labelledby": id}, parts)),
    h("details", {class: "no-print"}, h("summary", {}, t("stat.table")), figures(table)), h("div", {class: "only-print"}, figures(table))];
}

// MARK: Bars

/** A bar for each row, of its first number, with the share where there is one. */
export function bars(table) {
  const largest = Math.max(1, ...table.rows.map((row) => size(row.cells[0])));
  return h("table", {class: "bars"}, h("thead", {class: "vh"}, h("tr", {}, h("th", {scope: "col"}, table.heading || table.title), h("th", {scope: "col"}, table.columns[0]), table.shareHeading && h("th", {scope: "col"}, table.shareHeading))),
    h("tbody", {}, table.rows.map((row) => h("tr", {vars: {"--part": (100 * size(row.cells[0])) / largest + "%"}}, h("th", {scope: "row"}, row.label), h("td", {}, shown(row.cells[0])), table.shareHeading && h("td", {class: "soft"}, row.share ?? "")))));
}

// MARK: Tables

export function figures(table) {
  const isNumber = table.rows.some((row) => typeof row.cells[0] === "number");
  const kind = isNumber ? "num" : null;
  return h("div", {class: "scroll"}, h("table", {class: isNumber ? "figures" : "texts-table"}, h("thead", {}, h("tr", {}, h("th", {scope: "col"}, table.heading), table.columns.map((name) => h("th", {scope: "col", class: kind}, name)), table.shareHeading && h("th", {scope: "col", class: "num"}, table.shareHeading))),
    h("tbody", {}, table.rows.map((row) => h("tr", {}, h("th", {scope: "row"}, row.label), row.cells.map((cell) => h("td", {class: kind, dir: isNumber ? null : "auto"}, shown(cell))), table.shareHeading && h("td", {class: "num soft"}, row.share ?? ""))))));
}
