// The page: opens, signs in, shows one view after another, and keeps them true.

import {Problem, follow, get, isOpened, on, post, reopen} from "/api.js";
import {h} from "/dom.js";
import {showCall, startCall, activeCall, resumeCall, prepareToLeave} from "/call.js";
import {searched, searchKey, showFind, submitted} from "/find.js";
import * as frame from "/frame.js";
import {showLock, showOpenAgain, showSignIn, watchIdle} from "/lock.js";
import {showToday} from "/today.js";
import {moreWords, setLanguage, setToday, t} from "/words.js";

const {session} = frame;
// What a call needs is there from the beginning; the rest is read when it is opened for the first time, with its words and looks.
const laterModules = [];
const later = (path, name) => {
  laterModules.push(path);
  return async (values) => (await read(path))[name](values);
};
async function read(path) {
  try {
    return (await Promise.all([import(path), moreWords(), moreLooks()]))[0];
  } catch {
    frame.setStopped(); // our own files always come, while the program runs
    throw new Problem("stopped", 0, {});
  }
}
const openPalette = later("/palette.js", "openPalette");
const openKeys = later("/palette.js", "openKeys");
const showJoin = later("/join.js", "showJoin");
/** Reads all of it while nothing else is to be done, so that nothing waits for it later. */
function readAhead() {
  (window.requestIdleCallback ?? setTimeout)(() => laterModules.forEach((path) => read(path).catch(() => {}))); // tried again when it is opened
}

let looks = null;
function moreLooks() {
  looks ??= new Promise((resolve) => document.head.append(h("link", {rel: "stylesheet", href: "/more.css", onload: resolve, onerror: resolve})));
  return looks;
}
const views = {
  today: showToday, find: showFind, call: showCall, case: later("/case.js", "showCase"),
  conflicts: later("/conflicts.js", "showConflicts"), late: later("/late.js", "showLate"), directory: later("/directory.js", "showDirectory"), reminders: later("/reminders.js", "showReminders"),
  desks: later("/desks.js", "showDesks"), settings: later("/settings.js", "showSettings"), state: later("/state.js", "showState"), statistics: later("/statistics.js", "showStatistics"),
};

// The way back through the browser's own keys: places in this list, which is in memory only. The address never changes.
const visited = [];
let place = -1;
// Which opening was the last: of two that are on their way at once, the later one is shown, whichever is ready first.
let opening = 0;

async function open(name, values = {}, {isBack = false} = {}) {
  const number = ++opening;
  await frame.current()?.leave?.();
  if (!isBack) {
    visited.splice(place + 1);
    visited.push([name, values]);
    place = visited.length - 1;
    history.pushState({place}, "", "/");
  }
  try {
    const view = await views[name](values);
    if (view && number === opening) frame.show({name, ...view});
  } catch (problem) {
    if (problem.name !== "locked") frame.say(frame.problemWords(problem), {warn: true});
    if (!problem.status && problem.name !== "stopped") throw problem;
  }
}

window.addEventListener("popstate", (event) => {
  const there = visited[event.state?.place];
  if (!there || !session.code || session.lockedSince) return;
  place = event.state.place;
  open(...there, {isBack: true});
});

function buildFrame() {
  document.title = "Lugn";
  frame.build({
    lock, join, palette: openPalette, keys: openKeys, newCall: () => startCall(), language: changeLanguage,
    backToCall: () => (activeCall() ? open("call") : frame.say(t("oncall.none"))), searched, searchKey, submitted,
  });
}

async function begin() {
  const data = await get("session");
  Object.assign(session, data);
  await setLanguage(session.language);
  setToday(session.today);
  if (!session.code && !session.isJoined && !session.codes.length) return join();
  if (!session.code) return showSignIn(enter);
  if (session.lockedSince) return showLocked();
  return enter();
}

/** This computer comes into a line; then somebody signs in, or goes on. */
async function join() {
  const code = session.code;
  await showJoin({done: begin, without: () => (code ? begin() : showSignIn(enter)), language: async () => {
    await switchLanguage();
    await join();
  }});
}

let isFollowing = false;
async function enter() {
  await setLanguage(session.language);
  setToday(session.today);
  idle.reset();
  buildFrame();
  const state = await frame.loadState();
  await resumeCall();
  const [name, values] = visited[place] ?? ["today", {}];
  await open(name, values, {isBack: place >= 0});
  if (!isFollowing) {
    isFollowing = true;
    readAhead();
    follow(state.changeNumber, changed);
  }
}

let waiting = 0;
function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (!session.code || session.lockedSince) return;
    try {
      await frame.loadState();
      await frame.current()?.refresh?.();
    } catch (problem) {
      if (!problem.status && problem.name !== "stopped") throw problem;
    }
  }, 150);
}

async function switchLanguage() {
  Object.assign(session, await post("session/language", {language: session.language === "en" ? "sv" : "en"}));
  await setLanguage(session.language);
}

async function changeLanguage() {
  await prepareToLeave();
  await switchLanguage();
  buildFrame();
  const [name, values] = visited[place] ?? ["today", {}];
  await open(name, values, {isBack: true});
}

// MARK: The lock

async function lock() {
  if (session.lockedSince) return;
  session.lockedSince = Date.now();
  try {
    await prepareToLeave();
    Object.assign(session, await post("session/lock"));
  } catch (problem) {
    if (problem.name !== "stopped" && problem.name !== "locked") throw problem;
  }
  showLocked();
}

function showLocked() {
  session.lockedSince ??= Date.now();
  showLock({call: activeCall(), done: enter, leave: async () => {
    Object.assign(session, await post("session/leave"));
    visited.length = 0;
    place = -1;
    showSignIn(enter);
  }});
}

let warning = null;
const idle = watchIdle({lock, unwarn: () => warning?.(), warn: () => frame.notice((close) => {
  warning = close;
  return [h("b", {}, t("lock.soon")), " ", t("lock.soon.what")];
}, {warn: true, seconds: 0})});

// A bare "?" lists the keys, outside of what can be typed in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || !session.hasBareKeys || event.target.closest("input, textarea, select, dialog") || !session.code || session.lockedSince) return;
  event.preventDefault();
  openKeys();
});

on("locked", () => { if (!session.code) begin(); else if (!document.body.classList.contains("locked")) showLocked(); });
on("open-again", () => showOpenAgain(reopen));
on("stopped", () => frame.setStopped());

frame.setOpener(open);
if (isOpened) {
  history.replaceState(null, "", "/");
  await begin();
} else {
  await setLanguage(document.documentElement.lang);
  showOpenAgain(reopen);
}
