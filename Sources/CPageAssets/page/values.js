// A field's value as people read it.

import {day, has, t} from "/words.js";

const topics = {caller: "caller.", age: "age.", status: "status.", channel: "channel.", request: "request.", outcome: "outcome.", closing_reason: "close."};

export function shownValue(field, text) {
  if (text === "") return t("class.none");
  const topic = topics[field];
  if (topic && has(topic + text)) return t(topic + text);
  if (text === "yes" || text === "no") return t(text);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? day(text) : text;
}
