// The first start: this computer comes into a line by an invitation, without a terminal.

import {get, post} from "/api.js";
import {labelled} from "/choices.js";
import {button, fill, h} from "/dom.js";
import {problemWords, session, stateSign} from "/frame.js";
import {plain} from "/lock.js";
import {groupFields, groupList, printSheet, sheetWords} from "/sheet.js";
import {has, t} from "/words.js";

const lookMilliseconds = 200;
const askMilliseconds = 700;

/** done(): the computer belongs to the line. without(): goes on without one. language(): the other language. */
export function showJoin({done, without, language}) {
  const given = {invitation: "", name: "", kind: "join"};
  let shown = "";
  let isOnPaper = false;
  let asking = 0;
  const error = h("p", {class: "error", role: "alert", hidden: true});

  function joinWords(problem) {
    const own = "join.problem." + problem.name;
    return has(own) ? t(own) : problemWords(problem);
  }
  function tell(problem, fields) {
    error.hidden = !problem;
    if (problem) error.textContent = (fields && sheetWords(problem, fields)) ?? joinWords(problem);
  }

  async function act(path, body, fields) {
    tell(null);
    try {
      await follow(await post("joining/" + path, body));
    } catch (problem) {
      tell(problem, fields);
    }
  }

  /** Shows how far it is, and asks again while it goes on. */
  async function follow(answer) {
    clearTimeout(asking);
    if (answer.stage === "joined") return done();
    if (answer.stage !== "newSheet" && answer.stage !== "sending") isOnPaper = false;
    const next = JSON.stringify([answer.stage, answer.digits, isOnPaper]);
    if (next !== shown) {
      shown = next;
      stages[answer.stage](answer);
    }
    tell(answer.problem);
    if (["asking", "digits", "sending"].includes(answer.stage)) asking = setTimeout(again, askMilliseconds);
  }
  async function again() {
    try {
      await follow(await get("joining"));
    } catch (problem) {
      tell(problem);
      if (problem.name !== "open-again") asking = setTimeout(again, askMilliseconds);
    }
  }
  const giveUp = () => button(t("join.stop"), () => act("end"));

  const stages = {
    idle() {
      const what = h("p", {class: "hint", role: "status", id: "invitation-what"});
      const invitation = h("textarea", {rows: "5", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", class: "invitation", "aria-describedby": "invitation-what", value: given.invitation});
      const name = h("input", {type: "text", autocomplete: "off", maxlength: "60", value: given.name});
      let looking = 0;
      async function look() {
        given.invitation = invitation.value.trim();
        what.className = "hint";
        if (!given.invitation) return fill(what, "");
        try {
          const facts = await post("joining/look", {invitation: given.invitation});
          given.kind = facts.kind;
          return fill(what, t("join.kind." + facts.kind, {server: facts.server.replace(/^https?:\/\//, "")}));
        } catch (problem) {
          what.className = "error";
          return fill(what, joinWords(problem));
        }
      }
      invitation.addEventListener("input", () => { clearTimeout(looking); looking = setTimeout(look, lookMilliseconds); });
      plain(t("join.title"), [h("p", {class: "soft"}, t("join.what")),
        h("form", {novalidate: true, onsubmit: (event) => {
          event.preventDefault();
          given.invitation = invitation.value.trim();
          given.name = name.value.trim();
          if (!given.invitation || !given.name) {
            tell({name: given.invitation ? "no-name" : "no-invitation"});
            return (given.invitation ? name : invitation).focus();
          }
          return act("begin", given);
        }}, labelled(t("join.invitation"), invitation, {id: "invitation"}), what, labelled(t("join.name"), name, {id: "desk-name", hint: t("join.name.hint")}), error,
        h("p", {class: "acts"}, h("button", {class: "primary"}, t("join.begin")))),
        h("details", {class: "rule gap-m"}, h("summary", {}, t("join.without")), h("p", {class: "gap-s"}, t("join.without.what")), h("p", {class: "acts"}, button(t("join.without.do"), without, {kind: ""}))),
        h("p", {class: "acts"}, h("button", {type: "button", class: "plain low", onclick: language, lang: t("other.lang")}, t("palette.language")))], {isWide: true});
      invitation.focus();
    },
    asking() {
      calm(t(given.kind === "join" ? "join.asking" : "join.looking"), [h("p", {}, given.kind === "join" ? t("join.asking.what", {name: given.name}) : t("join.looking.what")), waiting(), error, h("p", {class: "acts"}, giveUp())]);
    },
    digits({digits}) {
      const halves = [digits.slice(0, 3), digits.slice(3)];
      calm(t("join.digits"), [h("p", {class: "say"}, h("span", {"aria-hidden": "true"}, halves.join(" ")), h("span", {class: "vh"}, halves.map((half) => [...half].join(" ")).join(", "))),
        h("p", {}, t("join.digits.what")), h("p", {class: "soft gap-xs"}, t("join.digits.mind")), error, h("p", {class: "acts"}, giveUp())]);
    },
    oldSheet() {
      typing(t("join.old"), t("join.old.what"), t("join.old.do"), [giveUp()]);
    },
    newSheet(answer) {
      if (isOnPaper) return typing(t("sheet.back"), t(given.kind === "recover" ? "sheet.back.recover" : "sheet.back.what"), t(given.kind === "recover" ? "join.recover" : "join.found"), [button(t("sheet.again"), () => { isOnPaper = false; follow(answer); }, {kind: ""})]);
      const facts = {line: answer.line, desk: given.name};
      const go = button(t("sheet.written"), () => { isOnPaper = true; follow(answer); }, {kind: "primary"});
      calm(t("sheet.title"), [h("p", {}, t("sheet.what")), h("p", {class: "soft gap-xs"}, t("sheet.safe")), groupList(answer.groups), error,
        h("p", {class: "acts"}, button(t("sheet.print"), () => printSheet(answer.groups, facts), {kind: ""}), go, giveUp())]);
    },
    sending() {
      calm(t("join.sending"), [waiting(), error, h("p", {class: "acts"}, giveUp())]);
    },
  };

  function waiting() { return h("p", {class: "soft gap-s"}, stateSign("sending"), " ", t("join.waits")); }
  function calm(title, content) {
    plain(title, content, {isWide: true});
    document.getElementById("work").focus();
  }
  function typing(title, text, label, others) {
    const fields = groupFields();
    plain(title, [h("p", {}, text), h("form", {novalidate: true, onsubmit: (event) => { event.preventDefault(); act("sheet", {sheet: fields.text()}, fields); }},
      fields.node, error, h("p", {class: "acts"}, h("button", {class: "primary"}, label), others))], {isWide: true});
    fields.first.focus();
  }

  session.code = null;
  again();
}
