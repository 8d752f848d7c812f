// What the team's report tells beside calls and cases: meetings, visits, lectures, what was learned.

import {post} from "/api.js";
import {choices, labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords, say, session} from "/frame.js";
import {Guard} from "/guard.js";
import {lastDay} from "/months.js";
import {confirmPanel, panel} from "/panel.js";
import {day, t, word} from "/words.js";

export const kinds = ["supportContact", "trainingContact", "meeting", "knowledgeCouncil", "studyVisit", "lecture", "training", "fieldWatch", "lesson"];

/** One table for each kind that there is something of. */
export function activityTables(activities, erased) {
  const known = [...kinds, ...new Set(activities.map((one) => one.kind).filter((kind) => !kinds.includes(kind)))];
  return known.map((kind) => {
    const rows = activities.filter((one) => one.kind === kind);
    if (!rows.length) return null;
    return h("figure", {}, h("figcaption", {}, h("h2", {}, word("activity", kind))), h("ul", {class: "rows"}, rows.map((one) => h("li", {class: "pad activity"},
      h("p", {class: "small soft"}, [one.on && day(one.on), one.by].filter(Boolean).join(" · ")),
      h("p", {dir: "auto"}, [one.organisation, one.place].filter(Boolean).join(", ")), one.text && h("p", {dir: "auto", class: "written"}, one.text),
      button(t("activity.erase"), () => erase(one, erased), {low: true})))));
  });
}

function erase(one, erased) {
  confirmPanel(t("activity.erase.title"), t("activity.erase.what"), t("activity.erase.do"), async () => {
    await post(`activities/${one.id}/erase`);
    await erased();
    say(t("activity.erased"));
  });
}

export function openActivity(month, saved) {
  const lines = {};
  const marks = {text: []};
  const kind = choices({name: "activity", legend: t("activity.kind"), layout: "half", options: kinds.map((one) => [one, t("activity." + one)]), value: "", changed: () => {}});
  for (const name of ["organisation", "place"]) lines[name] = h("input", {type: "text", autocomplete: "off"});
  // The day is in the month that is shown: today, or its last one.
  const on = h("input", {type: "text", autocomplete: "off", value: month === session.today.slice(0, 7) ? "" : lastDay(month)});
  const mind = h("p", {class: "small soft", role: "status"});
  on.addEventListener("input", async () => {
    try {
      mind.textContent = on.value.trim() ? day((await post("day", {text: on.value})).day) : "";
    } catch (problem) {
      mind.textContent = problemWords(problem);
    }
  });
  const text = new Guard({id: "activity-text", label: t("activity.text"), key: "Alt T", hint: t("call.text.hint"), text: "", typed: () => {}, changed: (next) => { marks.text = next; }});
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  const isEmpty = () => ![lines.organisation.value, lines.place.value, text.text].some((one) => one.trim());
  async function save() {
    const picked = kind.querySelector("input:checked")?.value;
    try {
      if (!picked || isEmpty()) throw Object.assign(new Error("activity"), {name: "activity"});
      await text.look();
      await post("activities", {kind: picked, day: on.value, organisation: lines.organisation.value, place: lines.place.value, text: text.text, marks: marks.text});
      close();
      await saved();
      say(t("activity.saved"));
    } catch (problem) {
      fill(errors, h("p", {}, problem.name === "activity" ? t("activity.missing") : problemWords(problem)));
      errors.hidden = false;
      errors.focus();
    }
  }
  const {dialog, close} = panel(t("activity.add"), h("div", {class: "keylist"}, h("h1", {}, t("activity.add")), errors, kind,
    h("div", {class: "two"}, labelled(t("activity.organisation"), lines.organisation, {id: "activity-organisation"}), labelled(t("activity.place"), lines.place, {id: "activity-place"})),
    h("div", {class: "narrow"}, labelled(t("activity.day"), on, {id: "activity-day"}), mind), text.node,
    h("p", {class: "acts"}, button(t("save"), save, {kind: "primary", key: "Ctrl S"}), button(t("cancel"), () => close()))), {first: kind.querySelector("input")});
  dialog.addEventListener("keydown", (event) => { if (event.ctrlKey && event.code === "KeyS") { event.preventDefault(); save(); } });
  dialog.addEventListener("cancel", (event) => { if (!isEmpty()) event.preventDefault(); });
}
