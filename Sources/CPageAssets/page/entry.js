// An entry of the directory, and how lately somebody has been reached there.

import {h} from "/dom.js";
import {span, t, today, word} from "/words.js";

export function verified(entry) {
  const last = entry.verifications[0];
  if (!last) return t("verified.never");
  if (last.result !== "confirmed") return t("verified.not", {time: span(last.on), code: last.by, result: word("verification", last.result)});
  if (last.on === today) return t("verified.today", {code: last.by});
  return t(entry.isVerified ? "verified.ok" : "verified.old", {time: span(last.on), code: last.by});
}

export function verifiedLine(entry) {
  return h("p", {class: "verified small " + (entry.isVerified ? "soft" : "text-warn")}, h("span", {class: "sign " + (entry.isVerified ? "full" : "bar"), "aria-hidden": "true"}), verified(entry));
}

const oldest = 40;
/** The ages they take as a stretch from 0 to 40, with the age that is looked for. */
export function ageSpan(entry, years) {
  const percent = (age) => Math.min(100, (100 * age) / oldest) + "%";
  return h("div", {class: "span"}, h("span", {}, entry.ages ?? t("dir.all")),
    h("i", {"aria-hidden": "true", class: years === undefined ? null : "at", vars: {"--from": percent(entry.ageFrom ?? 0), "--to": percent(entry.ageThrough ?? oldest), ...(years !== undefined && {"--at": percent(years)})}}));
}
