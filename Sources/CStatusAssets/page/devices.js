// The workstations of a line, the worst first.

import {button, h} from "/dom.js";
import {age, duration, number, short} from "/shown.js";
import {t} from "/words.js";

const order = ["differs", "tooOld", "silent", "unsent", "unproven", "behind", "never", "away", "inSync", "out"];
const signs = {inSync: "full", away: "half", behind: "half", unproven: "half", unsent: "cut", silent: "cut", never: "cut", tooOld: "bar", differs: "bar", out: "cut"};
const loud = ["differs", "tooOld", "silent"];

export function stateSign(state) { return h("span", {class: "sign " + signs[state], "aria-hidden": "true"}); }
export function isLoud(device) { return loud.includes(device.state) || device.isTroubled; }
export function nameOf(device) { return device.name || t("page.device.nameless") + " " + short(device.device); }

/** The name of a workstation by its id, where it is known; else the beginning of the id. */
export function nameById(devices, id) {
  const found = devices.find((one) => one.device === id);
  return found ? nameOf(found) : short(id);
}

export function sorted(devices) {
  return [...devices].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || nameOf(one).localeCompare(nameOf(other)));
}

/** The table; `open` is called with the device whose details are wanted. */
export function deviceTable(devices, head, now, showsAll, {open, toggle}) {
  const present = sorted(devices).filter((one) => one.state !== "out");
  const out = sorted(devices).filter((one) => one.state === "out");
  if (!devices.length) return h("p", {class: "empty"}, t("page.devices.none"));
  const columns = ["name", "seen", "lag", "unsent", "agreed", "clock", "version"];
  return [
    h("table", {class: "devices"}, h("thead", {}, h("tr", {}, columns.map((name) => h("th", {scope: "col"}, t("page.device." + name))))),
      h("tbody", {}, (showsAll ? [...present, ...out] : present).map((device) => row(device, head, now, open)))),
    out.length ? h("p", {class: "gap-s"}, h("label", {class: "check"}, h("input", {type: "checkbox", id: "show-out", checked: showsAll, onchange: toggle}), " ", t("page.device.all", {n: out.length}))) : null,
  ];
}

function row(device, head, now, open) {
  const cell = (name, content, isWrong) => h("td", {"data-label": t("page.device." + name), class: isWrong ? "warn" : null}, content);
  const called = device.lastSeen !== null;
  return h("tr", {class: "is-" + device.state + (isLoud(device) ? " is-loud" : "")},
    h("th", {scope: "row"}, button(nameOf(device), () => open(device.device), {low: true, id: "device-" + device.device}),
      h("span", {class: "state-words" + (loud.includes(device.state) ? " warn" : "")}, stateSign(device.state), t("page.state." + device.state))),
    cell("seen", called ? t("page.device.seen.v", {age: age(device.lastSeen, now)}) : t("page.device.seen.never"), device.state === "silent"),
    cell("lag", called ? lag(device, now) : "–", device.lag > 1000),
    cell("unsent", called ? unsent(device, now) : "–", device.pending > 0 && device.isTroubled),
    cell("agreed", agreed(device, head), device.verified === false),
    cell("clock", called ? duration(device.clockOffsetMilliseconds) : "–", Math.abs(device.clockOffsetMilliseconds ?? 0) > 60000),
    cell("version", device.program || "–", device.tooOld));
}

export function lag(device, now) {
  if (!device.lag) return "0";
  return device.lagSince ? t("page.device.lag.v", {n: number(device.lag), age: age(device.lagSince, now)}) : number(device.lag);
}

export function unsent(device, now) {
  if (!device.pending) return "0";
  return device.oldestPending ? t("page.device.unsent.v", {n: number(device.pending), age: age(device.oldestPending, now)}) : number(device.pending);
}

export function agreed(device, head) {
  if (device.verified === false) return t("page.state.differs");
  if (device.agreedAt === null || device.agreedAt === undefined) return "–";
  const mark = device.verified ? "" : " ?";
  return device.agreedAt === head && device.verified ? t("page.device.agreed.head", {n: number(device.agreedAt)}) : number(device.agreedAt) + mark;
}
