// Who was let in or out of a line, and by whom; and what operators have done.

import {nameById, nameOf} from "/devices.js";
import {h} from "/dom.js";
import {short} from "/shown.js";
import {moment, t} from "/words.js";

const shown = 20;

export function changes(devices, audit, line) {
  const found = [...ofRoster(devices), ...ofOperators(audit, devices, line)].sort((one, other) => other.at - one.at);
  const list = found.length ? h("ul", {class: "rows"}, found.slice(0, shown).map((one) => h("li", {class: "change"}, h("span", {class: "soft when"}, moment(one.at)), h("span", {}, one.what))))
    : h("p", {class: "empty"}, t("page.changes.none"));
  return [list, found.length > shown ? h("p", {class: "small soft"}, t("page.and.more", {n: found.length - shown})) : null,
    audit === null ? h("p", {class: "small soft"}, t("page.changes.oneLine")) : null];
}

function ofRoster(devices) {
  const who = (id) => (id ? nameById(devices, id) : t("page.detail.sheet"));
  return devices.flatMap((device) => [
    {at: Date.parse(device.admitted), what: device.admittedBy === device.device ? t("page.changes.founded", {device: nameOf(device)}) : t("page.changes.admitted", {who: who(device.admittedBy), device: nameOf(device)})},
    ...(device.removedAt ? [{at: Date.parse(device.removedAt), what: t("page.changes.removed", {who: who(device.removedBy), device: nameOf(device)})}] : []),
  ]);
}

/** Of this line, and of the server as a whole. */
function ofOperators(audit, devices, line) {
  if (!audit) return [];
  const who = (id) => audit.operators.find((one) => one.operator === id)?.label ?? (id ? short(id) : t("page.changes.server"));
  const subject = (id) => (id ? audit.operators.find((one) => one.operator === id)?.label ?? nameById(devices, id) : "");
  return audit.entries.filter((one) => one.line === null || one.line === line)
    .map((one) => ({at: Date.parse(one.at), what: t("page.act." + one.act, {who: who(one.by), subject: subject(one.subject)})}));
}
