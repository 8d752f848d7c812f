// Who works at this computer, and their PINs. They hold on this computer only.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords, say} from "/frame.js";
import {confirmPanel, panel} from "/panel.js";
import {t} from "/words.js";

export async function peopleSection(form) {
  const people = await get("people");
  return h("section", {}, h("h2", {}, t("people.title")), h("p", {class: "soft small"}, t("people.what")),
    h("ul", {class: "rows"}, people.map((one) => h("li", {class: "pad keyed"}, h("p", {}, h("b", {}, one.code), one.isLead ? " · " + t("people.lead") : ""),
      form.isLeadCode ? h("p", {class: "acts tight"}, button(t(one.isLead ? "people.unlead" : "people.makelead"), () => form.act("people/lead", {code: one.code, isLead: !one.isLead}, "settings.done"), {low: true}),
        button(t("people.forget"), () => forget(form, one.code), {low: true})) : null))));
}

function forget(form, code) {
  confirmPanel(t("people.forget"), t("people.forget.what", {code}), t("people.forget.do"), async () => {
    await post("people/forget-pin", {code});
    await form.redraw();
    say(t("settings.done"));
  });
}

/** One's own PIN, changed. */
export function ownPIN() { return h("p", {class: "acts tight"}, button(t("people.pin"), openPIN, {kind: ""})); }

function openPIN() {
  const field = (name) => h("input", {type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "12", name});
  const [old, next, again] = [field("old"), field("next"), field("again")];
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  async function save() {
    try {
      if (next.value !== again.value) throw Object.assign(new Error("pin"), {name: "pin-differs"});
      await post("people/pin", {old: old.value, new: next.value});
      close();
      say(t("people.pin.done"));
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
      errors.focus();
    }
  }
  const {close} = panel(t("people.pin"), h("form", {class: "keylist", onsubmit: (event) => { event.preventDefault(); save(); }}, h("h1", {}, t("people.pin")), errors, h("div", {class: "narrow"}, labelled(t("people.pin.old"), old, {id: "pin-old"}), labelled(t("people.pin.new"), next, {id: "pin-new", hint: t("problem.bad-pin")}), labelled(t("people.pin.again"), again, {id: "pin-again"})),
    h("p", {class: "acts"}, h("button", {class: "primary"}, t("save")), button(t("cancel"), () => close()))), {first: old});
}
