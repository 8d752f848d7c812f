// Months: their names, their days, and a field to choose one by its name or step by step.

import {h} from "/dom.js";
import {language, t} from "/words.js";

/** "november 2026", of 2026-11. */
export function monthName(month) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "sv-SE", {month: "long", year: "numeric", timeZone: "UTC"}).format(Date.parse(month + "-01T12:00:00Z"));
}

export function monthsBack(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7);
}

export function lastDay(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

const shownMonths = 120;

/** A month from a list, with a step back and one forward beside it. */
export function monthPicker({id, label, value, latest, changed}) {
  const months = Array.from({length: shownMonths}, (_, index) => monthsBack(latest, index));
  const list = h("select", {id, onchange: () => set(list.value)}, months.map((month) => h("option", {value: month}, monthName(month))));
  const step = (count, name, sign) => h("button", {type: "button", "aria-label": t(name), onclick: () => set(monthsBack(list.value, count))}, sign);
  const back = step(1, "month.back", "‹");
  const forth = step(-1, "month.forth", "›");
  function mark() {
    list.value = value;
    back.disabled = value === months.at(-1);
    forth.disabled = value === latest;
  }
  function set(month) {
    if (!months.includes(month)) return;
    value = month;
    mark();
    changed(month);
  }
  mark();
  return h("div", {class: "field"}, h("label", {for: id}, label), h("div", {class: "stepped"}, back, list, forth));
}
