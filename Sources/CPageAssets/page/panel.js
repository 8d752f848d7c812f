// A panel over the page, and the question before what cannot be undone.

import {button, fill, h} from "/dom.js";
import {setModal} from "/keys.js";
import {problemWords} from "/frame.js";
import {t} from "/words.js";

/** A panel over the page: the focus goes in, stays in, and goes back. */
export function panel(label, content, {first, kind = "palette"} = {}) {
  const before = document.activeElement;
  const dialog = h("dialog", {class: kind, "aria-label": label}, content);
  const close = () => dialog.close();
  dialog.addEventListener("close", () => {
    setModal(false);
    dialog.remove();
    if (before?.isConnected) before.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
  document.body.append(dialog);
  setModal(true);
  dialog.showModal();
  first?.focus();
  return {dialog, close};
}

/** Asks once more before what cannot be undone. */
export function confirmPanel(title, what, label, run) {
  const errors = h("div", {class: "errors", tabindex: "-1", role: "alert", hidden: true});
  const sure = async () => {
    try {
      await run();
      close();
    } catch (problem) {
      fill(errors, h("p", {}, problemWords(problem)));
      errors.hidden = false;
      errors.focus();
    }
  };
  const no = button(t("cancel"), () => close(), {kind: ""});
  const {close} = panel(title, h("div", {class: "keylist"}, h("h1", {}, title), errors, h("p", {}, what), h("p", {class: "acts"}, no, button(label, sure))), {first: no});
}
