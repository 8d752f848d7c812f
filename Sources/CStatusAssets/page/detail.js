// One workstation: all that is known of it, and what it sent in the last week, by headers.

import {get} from "/api.js";
import {agreed, lag, nameById, nameOf, stateSign, unsent} from "/devices.js";
import {button, fill, h} from "/dom.js";
import {age, bytes, duration, number} from "/shown.js";
import {dayOf, moment, t, time} from "/words.js";

const week = 7 * 86400000;
const listed = 20;

/** Opens the details over the page. They are of the moment at which they were opened, and say so by the page's own line. */
export async function openDetail(device, line, devices, now) {
  const dialog = h("dialog", {class: "detail", "aria-labelledby": "detail-title"});
  const sent = h("div", {}, h("p", {class: "soft"}, t("page.loading")));
  const close = () => dialog.close();
  fill(dialog, h("div", {class: "head"}, h("h2", {id: "detail-title", tabindex: "-1"}, nameOf(device)), button(t("page.detail.close"), close, {kind: "end"}),
    h("p", {}, stateSign(device.state), " ", t("page.why." + device.state))), facts(device, line, devices, now),
    h("h3", {class: "gap-m"}, t("page.detail.week")), sent);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // The row may have been drawn anew meanwhile.
    document.getElementById("device-" + device.device)?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("#detail-title").focus();
  try {
    const commits = await get("device", {line: line.line, device: device.device, since: now - week});
    fill(sent, week_(commits));
  } catch (problem) {
    fill(sent, h("p", {class: "warn"}, t("page.stale.never")));
  }
}

function facts(device, line, devices, now) {
  const fact = (key, value) => [h("dt", {}, t("page." + key)), h("dd", {}, value)];
  const by = (at, who, sheet) => t("page.detail.by", {time: moment(Date.parse(at)), who: who ? nameById(devices, who) : sheet});
  const called = device.lastSeen !== null;
  return h("dl", {class: "facts"},
    fact("detail.id", h("span", {class: "id"}, device.device)), fact("detail.role", t("page.detail.role." + device.role)),
    fact("detail.admitted", by(device.admitted, device.admittedBy, t("page.detail.sheet"))),
    device.removedAt ? fact("detail.removed", by(device.removedAt, device.removedBy, t("page.detail.sheet"))) : null,
    called ? [
      fact("device.seen", moment(Date.parse(device.lastSeen)) + " (" + t("page.device.seen.v", {age: age(device.lastSeen, now)}) + ")"),
      fact("device.lag", lag(device, now)), fact("device.unsent", unsent(device, now)), fact("device.agreed", agreed(device, line.head)),
      fact("device.clock", duration(device.clockOffsetMilliseconds)), fact("device.version", device.program || "–"), fact("detail.schema", device.schema),
      fact("detail.aside", number(device.setAside)), fact("detail.unopened", number(device.unopened)), fact("detail.numbers", number(device.numbersLeft)),
      fact("detail.replicas", [t("page.detail.replicas.v", {n: device.replicas.length}), device.replicas.map((one) => h("span", {class: "id block"}, one.replica))]),
    ] : null);
}

function week_(commits) {
  if (!commits.length) return h("p", {class: "soft"}, t("page.detail.week.none"));
  const days = new Map();
  for (const one of commits) {
    const at = Date.parse(one.time), day = dayOf(at);
    const known = days.get(day) ?? {count: 0, first: at, last: at};
    days.set(day, {count: known.count + 1, first: Math.min(known.first, at), last: Math.max(known.last, at)});
  }
  const heading = (keys) => h("thead", {}, h("tr", {}, keys.map((key, index) => h("th", {scope: "col", class: index ? "num" : null}, t("page.detail." + key)))));
  return [
    h("table", {}, heading(["day", "commits", "between"]), h("tbody", {}, [...days].map(([day, facts]) => h("tr", {}, h("th", {scope: "row"}, day), h("td", {class: "num"}, number(facts.count)), h("td", {class: "num"}, time(facts.first) + "–" + time(facts.last)))))),
    h("h3", {class: "gap-m"}, t("page.detail.latest")),
    h("table", {}, heading(["position", "written", "bytes"]), h("tbody", {}, commits.slice(0, listed).map((one) => h("tr", {}, h("th", {scope: "row"}, number(one.position)), h("td", {class: "num"}, moment(Date.parse(one.time))), h("td", {class: "num"}, bytes(one.sealedBytes)))))),
    commits.length > listed ? h("p", {class: "small soft"}, t("page.and.more", {n: commits.length - listed})) : null,
  ];
}
