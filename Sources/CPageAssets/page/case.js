// A case: its three chapters on one page.

import {get, post} from "/api.js";
import {askReason, startCall} from "/call.js";
import {pairs} from "/call-side.js";
import {choices} from "/choices.js";
import {beside} from "/case-side.js";
import {button, h, written} from "/dom.js";
import {current, notice, open, problemWords, say, show} from "/frame.js";
import {chooseReferral, referrals} from "/referral.js";
import {openWriting} from "/writing.js";
import {day, dayOf, longDay, t, time, word} from "/words.js";

export async function showCase({number}) {
  const page = {details: await get(path(number)), number};
  page.taken = async (details, said) => {
    await take(page, details);
    if (said) say(said);
  };
  page.act = async (action, body, said) => {
    try {
      await page.taken(await post(path(number) + "/" + action, body), said);
      return true;
    } catch (problem) {
      say(problemWords(problem), {warn: true});
      return false;
    }
  };
  return view(page);
}

function path(number) { return "cases/" + number.split("/").map(encodeURIComponent).join("/"); }

/** Shows what has changed; the focus stays where it was. */
async function take(page, details) {
  page.details = details;
  const place = window.scrollY;
  show({name: "case", ...view(page), keepsFocus: true});
  window.scrollTo(0, place);
  if (document.activeElement === document.body) document.getElementById("work").focus({preventScroll: true});
}

function view(page) {
  const {details} = page;
  const write = () => openWriting(page, {title: t("case.note"), action: "note", said: t("case.note.saved")});
  const promise = () => openWriting(page, {title: t("palette.promise"), action: "promise", hasDay: true, said: t("promise.saved")});
  const close = () => (details.isOpen ? askReason((reason) => closeCase(page, reason)) : page.act("reopen", {}, t("case.reopened")));
  const side = beside(page);
  return {
    title: page.number, page: "find", wide: false, sideLabel: t("case.aside"),
    work: [head(page), details.conflicts.length ? conflictMind(details) : null, opening(page), support(page), h("p", {class: "acts"}, button(t("case.note"), write, {kind: "", key: "Alt T"}), button(t("palette.promise"), promise, {key: "Alt L"})), referrals(page), closing(page, close)],
    side: side.nodes,
    keys: [{key: "Alt N", name: t("case.call"), run: () => startCall(page.number)}, {key: "Alt T", name: t("case.note"), run: write}, {key: "Alt L", name: t("palette.promise"), run: promise},
      ...(details.isOpen ? [{key: "Alt V", name: t("referral.add"), run: () => chooseReferral(page)}] : []), {key: "Alt C", name: t(details.isOpen ? "close.do" : "case.reopen"), run: close}, ...side.keys],
    async refresh() {
      const next = await get(path(page.number));
      if (JSON.stringify({...next, basis: ""}) === JSON.stringify({...page.details, basis: ""})) return;
      // Nothing jumps under the hands of somebody who is in the middle of it.
      const isBusy = document.querySelector("dialog") || document.activeElement?.closest("#work, aside")?.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, button, a");
      if (!isBusy) return take(page, next);
      if (page.isTold) return undefined;
      page.isTold = true;
      return notice((close_) => [t("live.changed"), " ", button(t("live.show"), () => { close_(); page.isTold = false; if (current()?.title === page.number) take(page, next); }, {low: true})], {seconds: 0});
    },
  };
}

function head(page) {
  const {details} = page;
  const facts = [details.caller && t("caller." + details.caller), details.concerns.map((name) => t("concern." + name)).join(", "), details.age && t("age." + details.age),
    t("case.count", {n: details.contacts.length}) + (details.openedAt ? " " + t("case.since", {day: day(dayOf(details.openedAt))}) : "")].filter(Boolean);
  return h("div", {class: "head"}, h("h1", {class: "no"}, details.number ?? page.number), h("span", {class: "soft"}, t(details.isOpen ? "case.open" : "case.closed")),
    button(t("case.call"), () => startCall(page.number), {kind: "primary end", key: "Alt N"}),
    h("p", {}, facts.join(". ") + ". ", button(t("case.reclass"), () => reclassify(page), {low: true})));
}

function conflictMind(details) {
  return h("div", {class: "beside"}, h("p", {}, h("b", {}, t("case.conflict", {n: details.conflicts.length})), " ", button(t("case.conflict.see"), () => open("conflicts"), {low: true})));
}

function chapter(number, title, small, ...content) {
  return h("section", {class: "chapter"}, h("h2", {}, h("span", {class: "nr", "aria-hidden": "true"}, number), title, small && h("small", {}, small)), content);
}

function opening(page) {
  const {details} = page;
  const contact = details.contacts.find((entry) => entry.kind === "opening");
  return chapter(1, t("chapter.opening"), details.openedAt && longDay(dayOf(details.openedAt)), timeline(page, contact ? [contact] : [], loose(details).filter(({at}) => !contact || at <= contact.at)));
}

function support(page) {
  const {details} = page;
  const repeats = details.contacts.filter((entry) => entry.kind !== "opening");
  const opened = details.contacts.find((entry) => entry.kind === "opening");
  const others = opened ? loose(details).filter(({at}) => at > opened.at) : [];
  const isEmpty = !repeats.length && !others.length && !details.promises.length && !attempts(details).length;
  return chapter(2, t("chapter.support"), repeats.length ? t("chapter.support.count", {n: repeats.length}) : null,
    isEmpty ? h("p", {class: "empty"}, t("empty.case")) : timeline(page, repeats, [...others, ...details.promises.map((promise) => ({promise, at: promise.at ?? 0})), ...attempts(details)]));
}

function attempts(details) {
  return details.followUps.flatMap((followUp) => followUp.attempts.filter((attempt) => attempt.result === "noAnswer").map((attempt) => ({attempt, at: attempt.at})));
}

/** Notes that are about nothing in particular. */
function loose(details) { return details.notes.filter((note) => note.kind === "note" || (!note.about && note.kind !== "promise")).map((note) => ({note, at: note.at})); }

function when(milliseconds) { return day(dayOf(milliseconds)) + " " + time(milliseconds); }

function timeline(page, contacts, others) {
  const {details} = page;
  const entries = [...contacts.map((contact) => ({contact, at: contact.at})), ...others].sort((left, right) => left.at - right.at);
  if (!entries.length) return h("p", {class: "empty"}, t(details.shreddedAt ? "find.shredded" : "empty.case"));
  return h("ol", {class: "times"}, entries.map((entry) => {
    if (entry.contact) return contactItem(details, entry.contact);
    if (entry.note) return h("li", {}, h("p", {class: "meta"}, [when(entry.at), entry.note.by].join(" · ") + " ", entry.note.isLate ? h("b", {class: "warn"}, t("case.late")) : null), written(entry.note.text));
    if (entry.attempt) return h("li", {}, h("p", {class: "meta"}, [when(entry.at), t("channel.outbound"), t("attempt.noanswer"), entry.attempt.by].join(" · ")));
    return promiseItem(entry.promise);
  }));
}

function contactItem(details, contact) {
  const texts = details.notes.filter((note) => note.about === contact.id);
  const meta = [when(contact.at), contact.channel && word("channel", contact.channel), contact.minutes !== null && t("minutes", {n: contact.minutes}), contact.by, contact.request && t("case.asked", {what: word("request", contact.request).toLowerCase()})];
  return h("li", {class: "call"}, h("p", {class: "meta"}, meta.filter(Boolean).join(" · ")),
    texts.map((note) => [note.kind === "nextStep" ? h("p", {class: "label small"}, t("case.next")) : null, written(note.text)]),
    !texts.length && details.shreddedAt ? h("p", {class: "small soft"}, t("find.shredded")) : null);
}

function promiseItem(promise) {
  const status = promise.status === "kept" ? t("promise.kept", {day: day(promise.keptOn), code: promise.keptBy}) : promise.status === "dropped" ? t("promise.dropped") : t("promise.due.short", {day: day(promise.due)});
  return h("li", {}, h("p", {class: "meta"}, [promise.at && when(promise.at), promise.by, t("kind.promise") + ", " + status].filter(Boolean).join(" · ")), written(promise.text ?? t("today.shredded")));
}

// MARK: Closing

function closing(page, close) {
  const {details} = page;
  const late = details.notes.some((note) => note.isLate) && !details.isLateRead;
  if (!details.isOpen) {
    return chapter(3, t("chapter.closing"), details.closedAt && longDay(dayOf(details.closedAt)), h("p", {}, t("case.closed.why", {why: details.closingReason ? t("close." + details.closingReason) : t("case.closed")})),
      late ? [h("p", {class: "mind text-warn gap-s"}, t("close.late")), h("p", {class: "acts tight"}, button(t("close.late.read"), () => page.act("late-read", {}, t("close.late.done")), {kind: ""}))] : null, h("p", {class: "acts"}, button(t("case.reopen"), close, {kind: "", key: "Alt C"})), shredding(page));
  }
  return chapter(3, t("chapter.closing"), null, h("p", {}, t("close.when")), h("p", {class: "acts"}, button(t("close.do"), close, {kind: "", key: "Alt C"}), h("span", {class: "small soft"}, t("close.slip"))));
}

async function closeCase(page, reason) {
  const openPromises = page.details.promises.filter((promise) => promise.status === "open").length;
  if (!await page.act("close", {reason})) return;
  notice((close) => [t("close.done"), openPromises ? " " + t("close.promises", {n: openPromises}) : "", " ", button(t("undo"), () => { close(); page.act("reopen", {}, t("case.reopened")); }, {low: true})], {seconds: 60});
}

/** What cannot be undone is typed. */
function shredding(page) {
  if (!page.details.notes.length) return null;
  const input = h("input", {type: "text", autocomplete: "off", id: "typed"});
  return h("details", {}, h("summary", {}, t("shred.title")), h("div", {class: "field"}, h("label", {for: "typed"}, t("shred.ask", {number: page.number})), input),
    h("p", {class: "acts"}, button(t("shred.do"), () => page.act("shred", {typed: input.value}, t("shred.done")), {kind: ""})));
}

function reclassify(page) {
  const {details} = page;
  const changes = {};
  const callers = choices({name: "caller", legend: t("class.caller"), options: pairs("caller", ["relative", "external", "involved", "none"]), value: details.caller ?? "none", changed: (value) => { changes.caller = value; }, done: () => concern.focusFirst()});
  const concern = choices({name: "concern", legend: t("class.concern"), hint: t("class.several"), several: true, options: pairs("concern", ["general", "religious", "rightWing", "leftWing"]), value: details.concerns, changed: (value) => { changes.concerns = value; }, done: () => age.focusFirst()});
  const age = choices({name: "age", legend: t("class.age"), layout: "half", options: pairs("age", ["under18", "18-21", "22-25", "over25", "none"]), value: details.age ?? "none", changed: (value) => { changes.age = value; }});
  openWriting(page, {title: t("case.reclass.title"), action: "edit", said: t("case.saved"), fields: [callers, concern, age], body: () => ({...changes, basis: details.basis}), isEmpty: () => !Object.keys(changes).length});
}
