// Shortcuts: by the place of the key, so that they are the same on every keyboard. All have Ctrl or Alt, work while
// writing, and stand in the list of keys.

const scopes = {frame: [], page: [], panel: []};
let isModal = false;

/** [{key: "Alt N", name: "Ta ett samtal", run}], for the frame or the page that is shown. */
export function setKeys(scope, keys) { scopes[scope] = keys; }
export function addKeys(scope, keys) { scopes[scope] = [...scopes[scope], ...keys]; }
export function setModal(value) { isModal = value; }

/** All that can be done now: the page's first. */
export function allKeys() { return [...scopes.page, ...scopes.panel, ...scopes.frame]; }
export function keysOf(scope) { return scopes[scope]; }

function code(name) {
  if (/^[A-Z]$/.test(name)) return "Key" + name;
  if (/^[0-9]$/.test(name)) return "Digit" + name;
  return name;
}

function fits(event, key) {
  const names = key.split(" ");
  const wanted = code(names.at(-1));
  const isSame = event.code === wanted || (wanted === "Enter" && event.code === "NumpadEnter");
  const ctrl = names.includes("Ctrl");
  return isSame && event.altKey === names.includes("Alt") && event.shiftKey === names.includes("Shift")
    && (event.ctrlKey || event.metaKey) === ctrl;
}

document.addEventListener("keydown", (event) => {
  if (isModal || event.isComposing || event.getModifierState("AltGraph")) return;
  const found = allKeys().find((entry) => entry.key && fits(event, entry.key));
  if (!found) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) found.run();
}, true);
