// What a shift begins with: late, today, when it is calm.

import {get} from "/api.js";
import {button, fill, h, section} from "/dom.js";
import {open, session, stateNow} from "/frame.js";
import {startCall, continueCall} from "/call.js";
import {capital, day, dayOf, daysUntil, longDay, moment, t, time} from "/words.js";

function row(kind, what, when, number, go, isLate) {
  return h("li", {}, h("a", {class: "row", href: "/", onclick: (event) => { event.preventDefault(); go(); }},
    h("span", {class: "kind"}, t("kind." + kind)), h("span", {class: "what", dir: "auto"}, what),
    when && h("span", {class: "when" + (isLate ? " mind" : "")}, when), h("span", {class: "no"}, number ?? "")));
}

function item(entry) {
  const go = () => open("case", {number: entry.number});
  const late = entry.isOverdue && t("today.was", {day: day(entry.due)});
  switch (entry.kind) {
    case "followUp": {
      const isLast = entry.attempt === entry.attempts;
      const what = t("today.attempt", {n: entry.attempt, max: entry.attempts}) + (isLast ? ", " + t("today.lasttry") : "") + (entry.concernsChild ? ", " + t("today.child") : "");
      return row("call", what, late || (isLast && t("today.lasttry.then")), entry.number, go, entry.isOverdue);
    }
    case "promise": return row("promise", entry.text ?? t("today.shredded"), late, entry.number, go, entry.isOverdue);
    case "ringBack": return row("expected", t("today.expected"), late || t("today.agreed", {when: day(entry.due)}), entry.number, go, false);
    case "proposeClosing": return row("close", t("today.silent"), entry.due && t("today.silent.days", {n: -daysUntil(entry.due)}), entry.number, go, false);
    case "verify": return row("verify", entry.text, entry.due ? t("today.verified.due", {day: day(entry.due)}) : t("today.never"), "", () => open("directory", {id: entry.id}), false);
    case "assess": return row("child", t("today.assess"), late || null, entry.number, go, entry.isOverdue);
    case "quiet": return row("still", t("today.still"), entry.due && t("today.still.since", {day: day(entry.due)}), entry.number, go);
    case "conflict": return row("conflict", t("today.conflict", {field: t("field." + entry.field)}), null, entry.number, () => open("conflicts"));
    case "remind": return row("mail", t("today.remind"), entry.text, "", () => open("reminders"));
    default: return row("same", t("today.same"), null, entry.number, go, true);
  }
}

function quiet(entry) {
  return row("latenote", t("today.latenote"), t("today.latenote.by", {code: entry.by, day: day(dayOf(entry.at))}), entry.number, () => open("case", {number: entry.number}));
}

function hoursLine(data) {
  const clock = (minutes) => time(Date.UTC(2020, 0, 1, 0, minutes) - 3600000);
  if (data.hours.length) return t("today.hours", {day: capital(longDay(session.today)), hours: data.hours.map(([from, to]) => clock(from) + "–" + clock(to)).join(", ")});
  return data.nextOpening ? t("today.day.closed", {day: capital(longDay(session.today)), open: moment(data.nextOpening)}) : capital(longDay(session.today));
}

// How much of each heading is shown at once; the rest is one key away.
const shownRows = {late: 30, today: 30, calm: 8};
const unfolded = new Set();

/** One heading: the rows are made as they are shown, since there may be thousands. */
function list(name, entries, more = 0) {
  const count = entries.length + more;
  if (!count) return null;
  const rows = h("ul", {class: "rows"}, entries.slice(0, unfolded.has(name) ? undefined : shownRows[name]).map((one) => one()));
  const rest = entries.length - rows.children.length;
  const all = rest ? h("p", {class: "acts tight"}, button(t("today.more", {n: rest}), () => {
    unfolded.add(name);
    rows.append(...entries.slice(shownRows[name]).map((one) => one()));
    all.remove();
    rows.children[shownRows[name]].querySelector("a").focus();
  }, {low: true})) : null;
  return section(t("today." + name), count, rows, all, more && !rest ? h("p", {class: "small soft"}, t("today.rest", {n: more})) : null);
}

function body(data) {
  const calm = (entry) => ["verify", "proposeClosing", "quiet", "remind"].includes(entry.kind);
  const made = (entry) => () => item(entry);
  const late = data.items.filter((entry) => entry.isOverdue && !calm(entry)).map(made);
  const now = data.items.filter((entry) => !entry.isOverdue && !calm(entry)).map(made);
  const rest = [...data.quiet.map((entry) => () => quiet(entry)), ...data.items.filter(calm).map(made)];
  if (!late.length && !now.length && !rest.length) return section(t("today.none"), null, h("p", {class: "empty"}, t("today.none.what")));
  return [list("late", late), now.length || late.length ? list("today", now) : section(t("today.none"), null, h("p", {class: "empty"}, t("today.none.what"))), list("calm", rest, data.more)];
}

function beside(data) {
  const pending = stateNow()?.pending ?? 0;
  return [
    data.drafts.length ? h("section", {}, h("h2", {}, t("today.draft")), data.drafts.map((draft) => h("p", {class: "small"}, h("span", {class: "soft"}, t("today.draft.what", {when: moment(draft.startedAt)})), h("br"),
      button(t("today.draft.go"), () => continueCall(draft.id), {low: true})))) : null,
    h("section", {}, h("h2", {}, t("today.since")), h("dl", {class: "facts small"},
      h("dt", {}, t("today.since.contacts")), h("dd", {}, data.since.contacts), h("dt", {}, t("today.since.new")), h("dd", {}, data.since.new),
      h("dt", {}, t("today.since.closed")), h("dd", {}, data.since.closed))),
    h("section", {}, h("h2", {}, t("today.unsent")), h("p", {class: "small soft"}, pending ? t("today.unsent.some", {n: pending}) : t("today.unsent.none"))),
  ];
}

export async function showToday() {
  let data = await get("today");
  const lists = h("div", {}, body(data));
  const line = h("p", {}, hoursLine(data));
  const side = h("div", {}, beside(data));
  return {
    title: t("today.title"), focus: document.getElementById("find"),
    work: [h("div", {class: "head"}, h("h1", {}, t("today.title")), button(t("call.start"), () => startCall(), {kind: "primary end", key: "Alt N"}), line), lists],
    side: [side],
    async refresh() {
      const next = await get("today");
      const isSame = JSON.stringify([next, stateNow()?.pending]) === JSON.stringify([data, side.dataset.pending]);
      data = next;
      // Not while somebody walks through the list: nothing jumps under a key that is about to be pressed.
      if (isSame || lists.contains(document.activeElement)) return;
      fill(lists, body(data));
      fill(side, beside(data));
    },
  };
}
