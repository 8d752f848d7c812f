// A panel in which something is written down in a case, and saved, or taken back.

import {post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords} from "/frame.js";
import {Guard} from "/guard.js";
import {panel} from "/panel.js";
import {day, t} from "/words.js";

/** openWriting(page, {title, action, hasDay, fields, body, said}): sends `cases/NUMBER/action`. */
export function openWriting(page, {title, action, said, hasDay = false, fields, body, isEmpty}) {
  let marks = [];
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  const guard = fields ? null : new Guard({id: "writing", label: title, key: "Alt T", hint: t("call.text.hint"), text: "", rows: "tall", typed: () => {}, changed: (next) => { marks = next; }});
  const mind = h("p", {class: "small soft", role: "status"});
  const dayInput = h("input", {type: "text", autocomplete: "off", oninput: async () => {
    try {
      mind.textContent = dayInput.value.trim() ? day((await post("day", {text: dayInput.value})).day) : "";
    } catch (problem) {
      mind.textContent = problemWords(problem);
    }
  }});
  async function save() {
    if (isEmpty?.()) return close();
    const content = body ? body() : {text: guard.text, marks, ...(hasDay && {day: dayInput.value})};
    if (guard) {
      await guard.look();
      content.marks = marks;
    }
    try {
      const number = page.number.split("/").map(encodeURIComponent).join("/");
      const details = await post(`cases/${number}/${action}`, content);
      close();
      return page.taken(details, said);
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
      return errors.focus();
    }
  }
  const {dialog, close} = panel(title, h("div", {class: "keylist"}, h("h1", {}, title), errors, guard?.node ?? fields, hasDay ? h("div", {class: "narrow"}, labelled(t("call.promise.by"), dayInput, {id: "writing-day"}), mind) : null,
    h("p", {class: "acts"}, button(t("save"), save, {kind: "primary", key: "Ctrl S"}), button(t("cancel"), () => close()))), {first: guard?.area ?? fields?.[0].querySelector("input:checked, input")});
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey && (event.code === "KeyS" || event.code === "Enter")) { event.preventDefault(); save(); }
    // Escape closes a panel in which nothing was written; a text is never lost by it.
    if (event.key === "Escape" && guard?.text.trim()) event.preventDefault();
  });
  dialog.addEventListener("cancel", (event) => { if (guard?.text.trim()) event.preventDefault(); });
}
