// Who works here: the first PIN, signing in, and the lock that hides everything.

import {post} from "/api.js";
import {button, fill, h, parts} from "/dom.js";
import {setKeys} from "/keys.js";
import {problemWords, session} from "/frame.js";
import {running, t, time} from "/words.js";

/** A page with nothing around it. */
export function plain(title, content, {isWide = false} = {}) {
  document.title = "Lugn";
  document.body.className = "locked" + (isWide ? " joining" : "");
  for (const scope of ["frame", "page", "panel"]) setKeys(scope, []);
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  fill(document.body, h("main", {id: "work", tabindex: "-1"}, h("p", {class: "soft"}, session.line || "Lugn"), h("h1", {}, title), content));
}

function pinField(label, id) {
  return {input: h("input", {id, type: "password", class: "pin", inputmode: "numeric", autocomplete: "off", maxlength: "12"}), label, id};
}

function fieldNode({input, label, id}) { return h("div", {class: "field"}, h("label", {for: id}, label), input); }

/** A form with PINs and one button; what is wrong stands beside the field. */
function pinForm(fields, label, send) {
  const error = h("p", {class: "error", role: "alert", hidden: true});
  const submit = h("button", {class: "primary"}, label);
  return h("form", {novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      await send();
    } catch (problem) {
      error.textContent = problemWords(problem);
      error.hidden = false;
      for (const field of fields) if (field.input.type === "password") field.input.value = "";
      fields.at(-1).input.focus();
    }
    submit.disabled = false;
  }}, fields.map(fieldNode), error, h("p", {class: "acts"}, submit));
}

/** Nobody has signed in yet. done(): somebody has. */
export function showSignIn(done) {
  const codes = session.codes ?? [];
  const code = {input: h("input", {id: "code", type: "text", autocomplete: "off", maxlength: "7", list: "codes", value: codes.length === 1 ? codes[0] : ""}), label: t("lock.code"), id: "code"};
  const pin = pinField(t("lock.pin.own"), "pin");
  const isKnown = () => codes.includes(code.input.value.trim().toUpperCase());
  const hint = h("p", {class: "hint", role: "status"});
  const mind = () => { hint.textContent = !isFirst && code.input.value && !isKnown() ? t("lock.setpin") : ""; };
  code.input.addEventListener("input", mind);
  const form = pinForm([code, pin], t("lock.begin"), async () => {
    Object.assign(session, await post("session/sign-in", {code: code.input.value.trim(), pin: pin.input.value, isNew: !isKnown()}));
    await done();
  });
  const isFirst = !codes.length;
  plain(t(isFirst ? "lock.first" : "lock.who"), [h("p", {class: "soft"}, t(isFirst ? "lock.first.what" : "lock.who.what")), h("datalist", {id: "codes"}, codes.map((name) => h("option", {value: name}))), form, hint]);
  (code.input.value ? pin : code).input.focus();
}

/** The page shows nothing until the PIN is right. */
export function showLock({call, done, leave}) {
  const pin = pinField(t("lock.pin", {code: session.code}), "pin");
  const timer = h("b", {});
  if (call) {
    const tick = () => { timer.textContent = running(Date.now() - call.startedAt); };
    tick();
    const ticking = setInterval(() => (timer.isConnected ? tick() : clearInterval(ticking)), 1000);
  }
  plain(t("lock.title", {time: time(session.lockedSince ?? Date.now())}), [h("p", {class: "soft"}, t("lock.what")),
    call && h("p", {class: "soft"}, parts(t("lock.call"), {time: timer})),
    pinForm([pin], t("lock.open"), async () => {
      Object.assign(session, await post("session/sign-in", {code: session.code, pin: pin.input.value}));
      await done();
    }),
    h("p", {class: "acts"}, button(t("lock.other"), leave))]);
  pin.input.focus();
}

/** This page has no bearer: it was reloaded, or opened by its address. */
export function showOpenAgain(reopen) {
  const said = h("p", {role: "status", class: "soft"});
  const again = button(t("again.open"), async () => {
    await reopen();
    said.textContent = t("again.done");
  }, {kind: "primary"});
  plain(t("again.title"), [h("p", {class: "soft"}, t("error.reload")), h("p", {class: "acts"}, again), said]);
  again.focus();
}

// The lock falls after so long without a key, and says so a minute before.
const activeMilliseconds = 15000;
export function watchIdle({lock, warn, unwarn}) {
  let last = Date.now();
  let told = Date.now();
  let isWarned = false;
  const touch = () => {
    last = Date.now();
    if (isWarned) unwarn();
    isWarned = false;
    if (session.code && !session.lockedSince && last - told > Math.min(activeMilliseconds, session.idleSeconds * 250)) {
      told = last;
      post("session/active").catch(() => {}); // the state line says when the program has stopped
    }
  };
  for (const event of ["keydown", "pointerdown", "input"]) document.addEventListener(event, touch, {capture: true, passive: true});
  setInterval(() => {
    if (!session.code || session.lockedSince) return;
    const idle = (Date.now() - last) / 1000;
    if (idle >= session.idleSeconds) lock();
    else if (!isWarned && idle >= session.idleSeconds - session.warningSeconds) {
      isWarned = true;
      warn();
    }
  }, 500);
  return {reset: () => { last = told = Date.now(); isWarned = false; }};
}
