// Ctrl+K: everything that can be done here, by name, with its key beside it. ?: the same as a list.

import {get, post} from "/api.js";
import {button, fill, h} from "/dom.js";
import {keysOf} from "/keys.js";
import {open, problemWords, say, session} from "/frame.js";
import {panel} from "/panel.js";
import {t} from "/words.js";

export const shownKey = (entry) => entry.shown ?? (entry.key ?? "").replace("Shift", "⇧");

export function openPalette() {
  let selected = 0;
  let shown = [];
  let search = 0;
  const input = h("input", {type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", autocomplete: "off", id: "palette-input"});
  const list = h("div", {id: "palette-list", role: "listbox", "aria-label": t("palette.label")});
  const here = () => keysOf("page").concat(keysOf("panel")).map((entry) => ({...entry, group: t("palette.here.group")}));
  const always = () => keysOf("frame").map((entry) => ({...entry, group: t("palette.always")}));

  function draw(cases = []) {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [...here(), ...cases, ...always()].filter((entry) => entry.isHit || words.every((part) => entry.name.toLowerCase().includes(part)));
    selected = Math.min(selected, Math.max(0, shown.length - 1));
    let group = "";
    fill(list, shown.flatMap((entry, index) => {
      const heading = entry.group === group ? [] : [h("h2", {role: "presentation"}, entry.group)];
      group = entry.group;
      return [...heading, h("div", {role: "option", id: "palette-" + index, "aria-selected": String(index === selected), onclick: () => run(entry)},
        h("span", {}, entry.name), h("kbd", {}, shownKey(entry)))];
    }));
    if (!shown.length) fill(list, h("p", {class: "empty"}, t("palette.none")));
    input.setAttribute("aria-activedescendant", shown.length ? "palette-" + selected : "");
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({block: "nearest"});
  }
  function run(entry) {
    close();
    entry.run();
  }
  async function look() {
    draw();
    const asked = ++search;
    if (input.value.trim().length < 3) return;
    const found = await get("find", {q: input.value});
    if (asked !== search) return;
    const hits = found.number?.is === "found" ? [{number: found.number.number}] : found.cases.slice(0, 5);
    draw(hits.map((hit) => ({name: hit.number, shown: "", isHit: true, group: t("palette.cases"), run: () => open("case", {number: hit.number})})));
  }
  input.addEventListener("input", () => { selected = 0; look().catch(() => draw()); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      selected = (selected + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(1, shown.length);
      draw();
    } else if (event.key === "Enter" && shown[selected]) {
      event.preventDefault();
      run(shown[selected]);
    }
  });
  const {close} = panel(t("palette.label"), [
    h("div", {class: "ask"}, h("label", {for: "palette-input"}, t("palette.label")), input), list,
    h("footer", {}, h("span", {}, t("palette.move")), h("span", {}, t("palette.go")), h("span", {}, t("palette.back"))),
  ], {first: input});
  draw();
}

/** Keys without Ctrl and Alt can be switched off, at this computer: they are a nuisance to who speaks to the computer. */
function bareKeys() {
  const box = h("input", {type: "checkbox", "data-key": "✓", checked: !session.hasBareKeys, onchange: async () => {
    try {
      Object.assign(session, await post("session/keys", {hasBareKeys: !box.checked}));
    } catch (problem) {
      say(problemWords(problem), {warn: true});
    }
  }});
  return h("div", {class: "choices gap-m"}, h("label", {}, box, t("keys.off")));
}

export function openKeys() {
  const rows = (entries) => entries.filter((entry) => shownKey(entry)).map((entry) => h("div", {class: "keyrow"}, h("dt", {}, entry.name), h("dd", {}, h("kbd", {}, shownKey(entry)))));
  const choice = [["1–9", t("keys.digit")], ["Enter", t("keys.next")], ["↑ ↓", t("palette.move")], ["Tab", t("keys.tab")]];
  const closing = button(t("keys.close"), () => close(), {kind: ""});
  const {close} = panel(t("keys.title"), [
    h("div", {class: "keylist"}, h("h1", {}, t("keys.title")),
      keysOf("page").length ? [h("h2", {}, t("palette.here.group")), h("dl", {}, rows(keysOf("page").concat(keysOf("panel"))))] : null,
      h("h2", {}, t("palette.always")), h("dl", {}, rows(keysOf("frame"))),
      h("h2", {}, t("keys.choices")), h("dl", {}, choice.map(([key, name]) => h("div", {class: "keyrow"}, h("dt", {}, name), h("dd", {}, h("kbd", {}, key))))),
      bareKeys(), h("p", {class: "acts"}, closing)),
  ], {first: closing});
}
