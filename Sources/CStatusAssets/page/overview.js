// What stands first: whether all are in sync, what is to be done, the server, its lines.

import {button, h} from "/dom.js";
import {age, bytes, duration, number} from "/shown.js";
import {capital, has, moment, t} from "/words.js";

/** The first sentence, of all lines together. */
export function verdict(status) {
  const sum = (name) => status.lines.reduce((all, line) => all + line[name], 0);
  const all = sum("workstations");
  const equal = sum("inSync");
  const away = sum("away");
  const atRisk = sum("unsent");
  const title = all === 0 ? t("page.none") : equal === all ? t("page.good", {n: all}) : equal + away === all ? t("page.goodAway", {n: equal, away, all}) : t("page.partly", {n: equal, all});
  return {isGood: all > 0 && equal === all, title, risk: atRisk ? t("page.atRisk", {n: atRisk}) : t("page.noRisk"), atRisk};
}

/** What is wrong and what to do about it; `open` is called with the line and the workstation that it is about. */
export function findings(list, open) {
  if (!list.length) return h("p", {class: "empty"}, t("page.todo.none"));
  return h("ul", {class: "rows findings"}, list.map((one) => h("li", {class: "pad"},
    h("p", {}, h("span", {class: "sign bar warn", "aria-hidden": "true"}), " ", one.device ? button(one.place, () => open(one), {low: true}) : h("b", {}, one.place === "server" ? t("page.server") : one.place), ": ", sentence("finding." + one.key, one.values), "."),
    h("p", {class: "small soft"}, capital(sentence("finding." + one.key + ".do", one.values)) + "."))));
}

function sentence(key, values) { return t(values.count === "1" && has(key + ".one") ? key + ".one" : key, values); }

export function server(status) {
  const now = Date.parse(status.serverTime);
  const {store, backup} = status;
  const fact = (key, value, isWrong) => [h("dt", {}, t("page.fact." + key)), h("dd", {class: isWrong ? "warn" : null}, value)];
  const backupAge = backup.last ? now - Date.parse(backup.last) : Infinity;
  return h("dl", {class: "facts"},
    fact("version", t("page.fact.version.v", {version: status.version, age: age(status.started, now)})),
    fact("ready", t("page.fact.ready." + (status.ready ? "yes" : "no")), !status.ready),
    fact("traffic", t("page.fact.traffic.v", {minute: number(status.commitsLastMinute), hour: number(status.commitsLastHour), day: number(status.commitsLastDay)})),
    fact("work", t("page.fact.work.v", {working: status.working, limit: status.workLimit, waiting: status.waiting})),
    fact("size", t("page.fact.size.v", {bytes: bytes(store.bytes), log: bytes(store.logBytes)})),
    fact("growth", store.growth ? t("page.fact.growth.v", {bytes: bytes(store.growth.bytes), age: duration(store.growth.minutes * 60000)}) : t("page.fact.growth.unknown")),
    fact("free", bytes(store.freeBytes)),
    fact("backup", backup.last ? t("page.fact.backup.v", {age: duration(backupAge), time: moment(Date.parse(backup.last))}) : t("page.fact.backup.never"), backupAge > 3 * 3600000),
    fact("certificate", status.certificateExpires ? t("page.fact.certificate.v", {time: moment(Date.parse(status.certificateExpires))}) : t("page.fact.certificate.none"), status.certificateExpires && Date.parse(status.certificateExpires) - now < 14 * 86400000));
}

/** The lines; `choose` is called with the one whose workstations are wanted. */
export function lines(status, chosen, choose) {
  const now = Date.parse(status.serverTime);
  const columns = ["name", "inSync", "unsent", "silent", "conflicts", "size", "minimum", "verified"];
  const cell = (name, content, isWrong) => h("td", {"data-label": t("page.line." + name), class: isWrong ? "warn" : null}, content);
  return h("table", {class: "lines"}, h("thead", {}, h("tr", {}, columns.map((name) => h("th", {scope: "col"}, t("page.line." + name))))),
    h("tbody", {}, status.lines.map((line) => h("tr", {class: line.line === chosen ? "is-chosen" : null},
      h("th", {scope: "row"}, status.lines.length === 1 ? line.name : button(line.name, () => choose(line.line), {low: true, id: "line-" + line.line, "aria-pressed": String(line.line === chosen)})),
      cell("inSync", t(line.away ? "page.line.inSync.away" : "page.line.inSync.v", {n: line.inSync, away: line.away, all: line.workstations})),
      cell("unsent", line.oldestUnsent ? t("page.device.unsent.v", {n: line.unsent, age: age(line.oldestUnsent, now)}) : number(line.unsent), line.unsent > 0),
      cell("silent", number(line.silent), line.silent > 0),
      cell("conflicts", conflicts(line, now)),
      cell("size", line.quotaBytes ? t("page.line.size.v", {held: bytes(line.sealedBytes), quota: bytes(line.quotaBytes)}) : bytes(line.sealedBytes), line.quotaBytes && line.sealedBytes >= line.quotaBytes * 0.9),
      cell("minimum", (line.minimumProgram ?? t("page.line.minimum.any")) + (line.tooOld ? " (" + line.tooOld + ")" : ""), line.tooOld > 0),
      cell("verified", verified(line), line.verified?.sound === false || line.setAsideChanges > 0)))));
}

function conflicts(line, now) {
  if (!line.conflicts) return t("page.line.conflicts.unknown");
  return line.conflicts.oldest ? t("page.line.conflicts.v", {n: number(line.conflicts.records), age: age(line.conflicts.oldest, now)}) : number(line.conflicts.records);
}

function verified(line) {
  if (!line.verified) return t("page.line.verified.never");
  const at = moment(Date.parse(line.verified.at));
  return line.verified.sound ? at : t("page.line.verified.bad", {time: at});
}
