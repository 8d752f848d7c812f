// The line's recovery sheet: groups that are put on paper, and typed back from it.

import {h} from "/dom.js";
import {dayOf, t} from "/words.js";

export const groupCount = 13;
const groupLength = 5;

/** The groups with their numbers, as they stand on paper. */
export function groupList(groups) {
  return h("ol", {class: "groups"}, groups.map((group) => h("li", {}, h("b", {translate: "no"}, group))));
}

/** A field for each group; each goes on to the next when it is full. text(): what was typed; mark(n): group n is wrong. */
export function groupFields() {
  const inputs = Array.from({length: groupCount}, (_, index) => h("input", {type: "text", maxlength: "5", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    "aria-label": t("sheet.group", {n: index + 1}), id: "group-" + (index + 1), oninput: () => typed(index), onkeydown: (event) => back(event, index), onpaste: (event) => paste(event, index)}));
  function typed(index) {
    inputs[index].removeAttribute("aria-invalid");
    if (inputs[index].value.length === groupLength) inputs[index + 1]?.focus();
  }
  function back(event, index) {
    if (event.key !== "Backspace" || inputs[index].value || index === 0) return;
    event.preventDefault();
    inputs[index - 1].focus();
  }
  function paste(event, start) {
    const text = event.clipboardData.getData("text").replace(/[^0-9a-z]/gi, "");
    if (text.length <= groupLength) return;
    event.preventDefault();
    for (let index = start; index < groupCount; index++) inputs[index].value = text.slice((index - start) * groupLength, (index - start + 1) * groupLength);
    inputs[Math.min(groupCount - 1, start + Math.ceil(text.length / groupLength) - 1)].focus();
  }
  return {
    node: h("ol", {class: "groups"}, inputs.map((input) => h("li", {}, input))), first: inputs[0],
    text: () => inputs.map((input) => input.value.trim().padEnd(groupLength, "-")).join(" "),
    groups: () => inputs.map((input) => input.value.trim().toUpperCase()),
    mark(number) {
      inputs[number - 1].setAttribute("aria-invalid", "true");
      inputs[number - 1].focus();
      inputs[number - 1].select();
    },
  };
}

/** What is wrong with a sheet that was typed; the field of the group is marked. */
export function sheetWords(problem, fields) {
  if (problem.name !== "mistyped-sheet") return null;
  const empty = fields.groups().findIndex((group) => group.length < groupLength) + 1;
  const number = empty || problem.members.group;
  if (!number) return t("problem.mistyped-sheet");
  fields.mark(number);
  return t(empty ? "sheet.short" : "sheet.wrong", {n: number});
}

/** Prints the sheet on a page of its own; nothing else of what is shown. */
export function printSheet(groups, {line, name, desk}) {
  const fact = (key, value) => value && [h("dt", {}, t(key)), h("dd", {}, value)];
  const paper = h("div", {class: "paper"}, h("h1", {}, t("sheet.title")),
    h("dl", {class: "facts"}, fact("sheet.line", name), fact("sheet.id", line), fact("sheet.desk", desk), fact("sheet.day", dayOf(Date.now()))),
    groupList(groups), ["what", "use", "keep"].map((part) => [h("h2", {}, t("sheet.paper." + part)), h("p", {}, t("sheet.paper." + part + ".what"))]));
  document.body.append(paper);
  addEventListener("afterprint", () => paper.remove(), {once: true});
  print();
}
