// What holds for the whole line: its name and rules, changed for every desk.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {open, problemWords, say, session} from "/frame.js";
import {t} from "/words.js";

const texts = ["name", "phone"];
const numbers = ["followUpFrom", "followUpThrough", "attempts", "attemptsForChild", "anonymousDays", "verificationMonths", "retentionMonths"];

export async function showSettings() {
  const settings = await get("settings");
  const inputs = Object.fromEntries([...texts, ...numbers].map((name) => [name, h("input", {type: "text", inputmode: numbers.includes(name) ? "numeric" : null, autocomplete: "off", value: String(settings[name] ?? "")})]));
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  async function save() {
    const changes = {};
    for (const name of texts) if (inputs[name].value !== (settings[name] ?? "")) changes[name] = inputs[name].value;
    for (const name of numbers) if (inputs[name].value !== String(settings[name])) changes[name] = Number(inputs[name].value);
    if ("followUpFrom" in changes || "followUpThrough" in changes) for (const name of ["followUpFrom", "followUpThrough"]) changes[name] = Number(inputs[name].value);
    const wrong = numbers.find((name) => name in changes && !Number.isInteger(changes[name]));
    try {
      if (!Object.keys(changes).length) return say(t("settings.same"));
      if (wrong || changes.followUpFrom > changes.followUpThrough) throw Object.assign(new Error("bad-value"), {name: "bad-value"});
      await post("settings", changes);
      if ("name" in changes) session.line = changes.name;
      await open("settings");
      return say(t("settings.saved"));
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
      return errors.focus();
    }
  }
  const field = (name) => labelled(t("settings." + name), inputs[name], {id: "set-" + name});
  return {
    title: t("nav.settings"),
    work: [h("div", {class: "head"}, h("h1", {}, t("nav.settings")), h("p", {}, t("settings.what"))), errors,
      h("section", {}, h("h2", {}, t("settings.line")), texts.map(field)),
      h("section", {}, h("h2", {}, t("settings.follow")), h("div", {class: "three"}, numbers.slice(0, 2).map(field)), h("div", {class: "three gap-s"}, numbers.slice(2, 5).map(field))),
      h("section", {}, h("h2", {}, t("settings.keeping")), h("div", {class: "three"}, numbers.slice(5).map(field)), h("p", {class: "small soft gap-s"}, t("settings.due", {n: settings.dueForRetention})))],
    end: [button(t("save"), save, {kind: "primary", key: "Ctrl S"})],
    side: [h("section", {}, h("h2", {}, t("settings.commands")), h("p", {class: "small soft"}, t("settings.commands.what")))],
    keys: [{key: "Ctrl S", name: t("save"), run: save}],
  };
}
