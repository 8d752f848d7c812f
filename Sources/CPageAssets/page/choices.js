// A question whose answers are picked by their digits: the digit is the control.

import {h} from "/dom.js";

/**
 * choices({name, legend, key, hint, options: [[value, label]], several, layout, value, changed, done})
 * A digit picks while the question has the focus; of one answer it also goes on to the next question, of several Enter does.
 */
export function choices({name, legend, key, hint, options, several = false, layout = "down", value, changed, done, disabled = []}) {
  const inputs = options.map(([option], index) => h("input", {
    type: several ? "checkbox" : "radio", name, "data-key": index + 1, value: option, disabled: disabled.includes(option),
    checked: several ? (value ?? []).includes(option) : value === option,
    onchange: () => changed(current()),
  }));
  function current() {
    const picked = inputs.filter((input) => input.checked).map((input) => input.value);
    return several ? picked : picked[0] ?? "";
  }
  const list = h("div", {class: "choices " + layout}, inputs.map((input, index) => h("label", {}, input, options[index][1])));
  const field = h("fieldset", {class: "field", onkeydown: (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const digit = event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1];
    const input = inputs[Number(digit) - 1];
    if (digit && input && !input.disabled) {
      event.preventDefault();
      input.checked = several ? !input.checked : true;
      input.focus();
      changed(current());
      if (!several) done?.();
    } else if (event.key === "Enter") {
      event.preventDefault();
      done?.();
    }
  }}, h("legend", {}, legend, hint && h("small", {class: "soft"}, hint), key && h("kbd", {"aria-hidden": "true"}, key)), list);
  field.focusFirst = () => (inputs.find((input) => input.checked && !several) ?? inputs.find((input) => !input.disabled))?.focus();
  field.set = (new_) => inputs.forEach((input) => {
    input.checked = several ? (new_ ?? []).includes(input.value) : new_ === input.value;
  });
  return field;
}

/** A labelled text field, select or area. */
export function labelled(label, control, {key, hint, id}) {
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", id + "-hint");
  if (key) control.setAttribute("aria-keyshortcuts", key.replace(" ", "+"));
  return h("div", {class: "field"}, h("label", {for: id}, label, key && h("kbd", {"aria-hidden": "true"}, key)),
    hint && h("p", {class: "hint", id: id + "-hint"}, hint), control);
}
