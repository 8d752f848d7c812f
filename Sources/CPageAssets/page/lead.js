// A lead's code and PIN, in somebody else's page.

import {post} from "/api.js";
import {labelled} from "/choices.js";
import {h} from "/dom.js";
import {problemWords, say} from "/frame.js";
import {t} from "/words.js";

/** Where the page may not change what holds for the line: why not, and fields in which a lead lets it, for ten minutes. */
export function leadGate({isLead, isLeadDesk, isLeadCode}, draw) {
  if (isLead) return null;
  const why = isLeadDesk ? null : h("p", {class: "beside lead"}, t("lead.desk"));
  return isLeadDesk || isLeadCode === false ? [why, form(isLeadDesk ? "lead.what" : "lead.what.here", draw)] : why;
}

function form(what, draw) {
  const code = h("input", {type: "text", autocomplete: "off"});
  const pin = h("input", {type: "password", inputmode: "numeric", autocomplete: "off"});
  const mind = h("p", {class: "error", role: "alert", hidden: true});
  return h("form", {class: "beside lead", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await post("session/lead", {code: code.value, pin: pin.value});
      await draw();
      say(t("lead.open"));
    } catch (problem) {
      mind.textContent = problemWords(problem);
      mind.hidden = false;
      pin.value = "";
      pin.focus();
    }
  }}, h("p", {}, t(what)), mind, h("div", {class: "three"}, labelled(t("lead.code"), code, {id: "lead-code"}), labelled(t("lead.pin"), pin, {id: "lead-pin"}), h("p", {}, h("button", {}, t("lead.do")))));
}
