// What a lead is asked before a computer of the line is changed, and the recovery sheet that is rehearsed.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords, session} from "/frame.js";
import {panel} from "/panel.js";
import {groupFields, printSheet, sheetWords} from "/sheet.js";
import {t} from "/words.js";

/** A panel with a form; send() throws what is wrong, and it is said. */
function ask(title, what, content, label, first, send, {words = problemWords, leave = "cancel"} = {}) {
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  const {close} = panel(title, h("form", {class: "keylist", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    errors.hidden = true;
    try {
      if (await send() !== false) close();
    } catch (problem) {
      fill(errors, h("p", {}, words(problem)));
      errors.hidden = false;
      if (!problem.isMarked) errors.focus();
    }
  }}, h("h1", {}, title), what.map((text) => h("p", {class: "gap-xs"}, text)), content, errors, h("p", {class: "acts"}, h("button", {class: "primary"}, label), button(t(leave), () => close(), {kind: ""}))), {first});
}

export function openRename(desk, changed) {
  const name = h("input", {type: "text", autocomplete: "off", maxlength: "60", value: desk.name ?? ""});
  ask(t("desks.rename.title"), [], labelled(t("join.name"), name, {id: "desk-rename", hint: t("join.name.hint")}), t("save"), name, async () => {
    await post("line/rename", {desk: desk.id, name: name.value});
    if (desk.isHere) session.desk = name.value.trim();
    await changed();
  });
}

/** It cannot be undone: the computer's name is typed. */
export function openRemoval(desk, changed) {
  const name = desk.name ?? desk.id;
  const typed = h("input", {type: "text", autocomplete: "off"});
  ask(t("desks.remove.title", {desk: name}), ["read", "unsent", "key", "back"].map((part) => t("desks.remove." + part)), labelled(t("desks.remove.ask", {desk: name}), typed, {id: "desk-typed"}), t("desks.remove.do"), typed, async () => {
    await post("line/remove", {desk: desk.id, typed: typed.value});
    await changed(t("desks.remove.done", {desk: name}));
  }, {words: (problem) => (problem.name === "not-typed" ? t("desks.remove.wrong") : problemWords(problem))});
}

/** Types the sheet that lies in the safe, to know that it can be read and is the line's. */
export function openRehearsal() {
  const fields = groupFields();
  const result = h("div", {role: "status"});
  ask(t("sheet.rehearse"), [t("sheet.rehearse.type")], [fields.node, result], t("sheet.rehearse.do"), fields.first, async () => {
    fill(result);
    const answer = await post("line/rehearse", {sheet: fields.text()});
    const isGood = answer.isCurrent && answer.opens === answer.newest;
    const groups = fields.groups();
    const line = isGood && (await get("line")).id;
    fill(result, h("p", {class: isGood ? "beside" : "errors"}, t(isGood ? "sheet.good" : answer.isCurrent ? "sheet.noKey" : "sheet.old")),
      isGood ? h("p", {class: "acts"}, button(t("sheet.copy"), () => printSheet(groups, {line, name: session.line, desk: session.desk}), {kind: ""})) : null);
    return false;
  }, {leave: "keys.close", words(problem) {
    const words = sheetWords(problem, fields);
    problem.isMarked = words !== null;
    return words ?? problemWords(problem);
  }});
}
