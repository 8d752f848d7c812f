// What holds for the whole line, changed for every desk, and who works at this computer. A lead changes it; all may read.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {open, problemWords, say, session} from "/frame.js";
import {leadGate} from "/lead.js";
import {hoursSection} from "/settings-hours.js";
import {importSection} from "/settings-import.js";
import {ownPIN, peopleSection} from "/settings-people.js";
import {keepingSection, followSection} from "/settings-rules.js";
import {t} from "/words.js";

const texts = ["name", "phone"];

// In the order of the page. Each is made from the form, and belongs to the module that it comes from.
const sections = [lineSection, hoursSection, followSection, keepingSection, peopleSection, importSection];

/** The fields of the page and what is in them; what a section needs of it. */
class Form {
  constructor(settings, redraw) {
    this.settings = settings;
    this.isLead = settings.isLead;
    this.isLeadDesk = settings.isLeadDesk;
    this.isLeadCode = settings.isLeadCode;
    this.redraw = redraw;
    this.inputs = {};
    this.lists = {};
    this.watching = [];
  }

  number(name) { return this.input(name, "numeric"); }

  input(name, mode = null) {
    const input = h("input", {type: "text", inputmode: mode, autocomplete: "off", disabled: !this.isLead, value: String(this.settings[name] ?? ""), oninput: () => this.watching.forEach((run) => run())});
    this.inputs[name] = {input, isNumber: mode === "numeric"};
    return labelled(t("settings." + name), input, {id: "set-" + name});
  }

  /** What was changed; throws the name of a field that cannot be read. */
  changes() {
    const changes = {};
    for (const [name, {input, isNumber}] of Object.entries(this.inputs)) {
      const text = input.value.trim();
      if (text === String(this.settings[name] ?? "")) continue;
      if (!isNumber) changes[name] = text;
      else if (/^\d{1,4}$/.test(text)) changes[name] = Number(text);
      else if (text === "" && name === "erasureMonths") changes[name] = 0;
      else throw Object.assign(new Error("bad-value"), {name: "bad-value", field: name});
    }
    if ("followUpFrom" in changes || "followUpThrough" in changes) for (const name of ["followUpFrom", "followUpThrough"]) changes[name] ??= this.settings[name];
    for (const [name, read] of Object.entries(this.lists)) {
      const value = read();
      if (JSON.stringify(value) !== JSON.stringify(this.settings[name])) changes[name] = value;
    }
    return changes;
  }

  /** Does something at once, and shows what it led to; false where it was refused. */
  async act(path, body, said) {
    try {
      await post(path, body);
      await this.redraw();
      say(t(said));
      return true;
    } catch (problem) {
      say(problemWords(problem), {warn: true});
      return false;
    }
  }
}

function lineSection(form) {
  const languages = h("input", {type: "text", autocomplete: "off", disabled: !form.isLead, value: form.settings.languages.join(", ")});
  form.lists.languages = () => languages.value.split(/[\s,;]+/).filter(Boolean);
  return h("section", {}, h("h2", {}, t("settings.line")), texts.map((name) => form.input(name)), labelled(t("settings.languages"), languages, {id: "set-languages", hint: t("settings.languages.hint")}));
}

export async function showSettings() {
  const work = h("div", {});
  const side = h("div", {});
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  let form = null;

  async function draw() {
    form = new Form(await get("settings"), draw);
    const shown = [];
    for (const section of sections) shown.push(await section(form));
    fill(work, h("div", {class: "head"}, h("h1", {}, t("nav.settings")), h("p", {}, t("settings.what"))), leadGate(form, draw), errors, shown);
    fill(side, h("section", {}, h("h2", {}, t("people.own", {code: session.code})), ownPIN()), h("section", {}, h("h2", {}, t("desks.title")), h("p", {class: "small soft"}, t("desks.settings")), session.isJoined ? h("p", {class: "acts tight"}, button(t("desks.see"), () => open("desks"), {kind: ""})) : h("p", {class: "small soft"}, t("states.notJoined"))));
    errors.hidden = true;
  }

  async function save() {
    if (!form.isLead) return say(t("problem.lead"), {warn: true});
    try {
      const changes = form.changes();
      if (!Object.keys(changes).length) return say(t("settings.same"));
      await post("settings", changes);
      if ("name" in changes) session.line = changes.name;
      await draw();
      return say(t("settings.saved"));
    } catch (problem) {
      const field = problem.field && t("settings." + problem.field);
      fill(errors, h("p", {}, field ? t("settings.wrong", {field}) : problemWords(problem)));
      errors.hidden = false;
      return errors.focus();
    }
  }

  await draw();
  return {title: t("nav.settings"), work: [work], side: [side], end: [button(t("save"), save, {kind: "primary", key: "Ctrl S"})], keys: [{key: "Ctrl S", name: t("save"), run: save}]};
}
