// The rules for following up and for how long texts are kept, with what they would mean today while they are typed.

import {get, post} from "/api.js";
import {button, fill, h} from "/dom.js";
import {open, problemWords, say} from "/frame.js";
import {panel} from "/panel.js";
import {day, t} from "/words.js";

const pauseMilliseconds = 250;

/** A line that says what the fields mean, kept in step with them. */
function preview(form, words) {
  const line = h("p", {class: "small soft gap-s", role: "status"});
  let timer = 0;
  let asked = 0;
  async function look() {
    const number = ++asked;
    try {
      const meant = await post("settings/preview", form.changes());
      if (number === asked) fill(line, words(meant));
    } catch (problem) {
      if (number === asked) line.textContent = problem.field ? t("settings.wrong", {field: t("settings." + problem.field)}) : problemWords(problem);
    }
  }
  form.watching.push(() => { clearTimeout(timer); timer = setTimeout(look, pauseMilliseconds); });
  look();
  return line;
}

export function followSection(form) {
  const fields = (names) => names.map((name) => form.number(name));
  return h("section", {}, h("h2", {}, t("settings.follow")), h("div", {class: "three"}, fields(["followUpFrom", "followUpThrough", "anonymousDays"])), h("div", {class: "three gap-s"}, fields(["attempts", "attemptsForChild", "quietDays"])),
    preview(form, (meant) => [t("rules.follow", {days: meant.attempts.map(day).join(", ")}), " ", t("rules.closing", {day: day(meant.closing)})]));
}

export async function keepingSection(form) {
  const due = await get("retention");
  const fields = ["retentionMonths", "erasureMonths"].map((name) => form.number(name));
  const meanings = ["verificationMonths", "reminderMonths"].map((name) => form.number(name));
  return h("section", {}, h("h2", {}, t("settings.keeping")), h("div", {class: "two even"}, fields), h("p", {class: "hint"}, t("rules.erasure.hint")),
    preview(form, (meant) => t("rules.keeping", {shredded: meant.shredded, erased: meant.erased})),
    due.length ? h("p", {class: "acts"}, button(t("retention.see", {n: due.length}), () => openRetention(form, due), {kind: ""})) : h("p", {class: "small soft"}, t("retention.none")),
    h("h3", {}, t("nav.directory")), h("div", {class: "two even"}, meanings));
}

/** What is to go, case by case; what cannot be undone is typed. */
function openRetention(form, due) {
  const typed = h("input", {type: "text", inputmode: "numeric", autocomplete: "off", id: "retention-typed"});
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  async function apply() {
    try {
      const done = await post("retention", {typed: typed.value});
      close();
      await form.redraw();
      say(t("retention.done", done));
    } catch (problem) {
      fill(errors, h("p", {}, problem.name === "not-typed" ? t("retention.typed.wrong") : problemWords(problem)));
      errors.hidden = false;
      errors.focus();
    }
  }
  const rows = due.map((item) => h("li", {}, h("a", {class: "row", href: "/", onclick: (event) => { event.preventDefault(); close(); open("case", {number: item.number}); }}, h("span", {class: "no"}, item.number ?? ""), h("span", {class: "what"}, t("retention." + item.action, {n: item.texts})), h("span", {class: "when"}, t("retention.closed", {day: day(item.closedOn)})))));
  const {close} = panel(t("retention.title"), h("div", {class: "keylist"}, h("h1", {}, t("retention.title")), h("p", {class: "soft"}, t("retention.what")), errors, h("ul", {class: "rows hits long"}, rows),
    form.isLead ? [h("div", {class: "field gap-m"}, h("label", {for: "retention-typed"}, t("retention.ask", {n: due.length})), typed), h("p", {class: "acts"}, button(t("retention.do"), apply, {kind: ""}), button(t("cancel"), () => close()))] : h("p", {class: "acts"}, button(t("cancel"), () => close(), {kind: ""}))), {first: form.isLead ? typed : null});
}
