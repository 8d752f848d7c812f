// The last day, drawn: a column for each quarter of an hour. What is not known is hatched, and never looks like nothing.

import {h} from "/dom.js";
import {number} from "/shown.js";
import {t, time} from "/words.js";

const width = 480, height = 92, baseline = 72, highest = 6, left = 34;
const minutesOfColumn = 15;

const ways = {
  lag: (values) => Math.max(...values),
  commits: (values) => values.reduce((sum, one) => sum + one, 0),
  conflicts: (values) => values.at(-1),
};

export function plots(history, until) {
  return h("div", {class: "plots"}, ["lag", "commits", "conflicts"].map((name) => plot(name, history[name], until)));
}

function plot(name, minutes, until) {
  const id = "plot-" + name;
  const columns = [];
  for (let start = 0; start < minutes.length; start += minutesOfColumn) {
    const known = minutes.slice(start, start + minutesOfColumn).filter((one) => one !== null);
    columns.push(known.length ? ways[name](known) : null);
  }
  const words = says(columns, until);
  return h("figure", {}, h("figcaption", {id}, h("h3", {}, t("page.plot." + name))),
    h("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": id, "aria-describedby": id + "-says"}, drawn(name, columns, until)),
    h("p", {class: "small", id: id + "-says"}, words));
}

function timeOf(column, count, until) { return until - (count - 1 - column) * minutesOfColumn * 60000; }

function says(columns, until) {
  const first = columns.findIndex((one) => one !== null);
  if (first < 0) return t("page.plot.unknown");
  const known = columns.filter((one) => one !== null);
  const top = Math.max(...known);
  const place = columns.indexOf(top);
  const now = known.at(-1);
  const facts = top === 0 ? t("page.plot.zero") : t("page.plot.says", {now: number(now), top: number(top), time: time(timeOf(place, columns.length, until))});
  return first > 0 ? facts + " " + t("page.plot.since", {time: time(timeOf(first, columns.length, until))}) : facts;
}

function drawn(name, columns, until) {
  const top = Math.max(1, ...columns.map((one) => one ?? 0));
  const step = (width - left) / columns.length;
  const y = (value) => baseline - (value / top) * (baseline - highest);
  const pattern = "unknown-" + name;
  const parts = [
    h("defs", {}, h("pattern", {id: pattern, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"}, h("line", {class: "unknown", x1: 0, y1: 0, x2: 0, y2: 6}))),
    h("line", {class: "grid", x1: left, x2: width, y1: y(top), y2: y(top)}), h("line", {class: "grid", x1: left, x2: width, y1: baseline, y2: baseline}),
    h("text", {class: "soft", x: left - 6, y: y(top) + 9, "text-anchor": "end"}, number(top)), h("text", {class: "soft", x: left - 6, y: baseline, "text-anchor": "end"}, "0"),
  ];
  let unknownFrom = null;
  columns.forEach((value, index) => {
    const x = left + index * step;
    if (value === null) {
      unknownFrom ??= x;
      if (columns[index + 1] !== null || index === columns.length - 1) { parts.push(h("rect", {fill: `url(#${pattern})`, x: unknownFrom, y: highest, width: x + step - unknownFrom, height: baseline - highest})); unknownFrom = null; }
    } else if (value > 0) {
      parts.push(h("rect", {class: "bar", x, y: Math.min(y(value), baseline - 1.5), width: Math.max(1, step - 0.6), height: Math.max(baseline - y(value), 1.5)}));
    }
  });
  for (const hours of [24, 18, 12, 6, 0]) {
    const x = width - (hours / 24) * (width - left);
    parts.push(h("text", {class: "soft", x, y: height - 4, "text-anchor": hours === 24 ? "start" : hours === 0 ? "end" : "middle"}, hours ? time(until - hours * 3600000) : t("page.plot.now")));
  }
  return parts;
}
