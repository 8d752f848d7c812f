// When the line is open, and by which channels: hours on days of the week in a season, and days on which it is closed.

import {labelled} from "/choices.js";
import {button, h} from "/dom.js";
import {panel} from "/panel.js";
import {day, t} from "/words.js";

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

export function hoursSection(form) {
  const {settings, isLead} = form;
  const closed = h("input", {type: "checkbox", "data-key": "✓", checked: settings.isClosedOnHolidays, disabled: !isLead});
  form.lists.isClosedOnHolidays = () => closed.checked;
  return h("section", {}, h("h2", {}, t("hours.title")),
    settings.hours.length ? h("ul", {class: "rows"}, settings.hours.map((entry) => row(form, entry))) : h("p", {class: "soft"}, t("hours.default")),
    isLead ? h("p", {class: "acts"}, button(t("hours.add"), () => openHours(form), {kind: ""}), button(t("hours.close"), () => openClosing(form))) : null,
    h("div", {class: "choices gap-s"}, h("label", {}, closed, t("hours.holidays"))));
}

function daysText(days) {
  if (!days.length || days.length === 7) return t("hours.everyday");
  const places = days.map((name) => weekdays.indexOf(name));
  const isRun = places.length > 2 && places.every((place, index) => index === 0 || place === places[index - 1] + 1);
  return isRun ? t("weekday." + days[0]) + "–" + t("weekday." + days.at(-1)) : days.map((name) => t("weekday." + name)).join(", ");
}

function season(entry) {
  if (entry.from && entry.from === entry.through) return day(entry.from);
  return [entry.from && t("hours.from", {day: day(entry.from)}), entry.through && t("hours.through", {day: day(entry.through)})].filter(Boolean).join(" ");
}

function row(form, entry) {
  const what = entry.isClosed ? t("hours.closed") : daysText(entry.days) + " " + entry.hours.map((hours) => hours.replace(/:/g, ".").replace("-", "–")).join(", ");
  return h("li", {class: "pad keyed"}, h("div", {}, h("p", {}, what, entry.channel ? " · " + t("channel." + entry.channel) : ""), h("p", {class: "small soft"}, season(entry) || t("hours.always"))),
    form.isLead ? h("p", {class: "acts tight"}, button(t("hours.end"), () => openEnd(form, entry), {low: true}), button(t("hours.remove"), () => form.act("settings/hours-remove", {id: entry.id}, "settings.saved"), {low: true})) : null);
}

function input(attributes = {}) { return h("input", {type: "text", autocomplete: "off", ...attributes}); }

/** A panel with fields; `send` gives path and body. */
function ask(form, title, first, content, send) {
  const save = async () => { if (await form.act(...send(), "settings.saved")) close(); };
  const {dialog, close} = panel(title, h("div", {class: "keylist"}, h("h1", {}, title), content, h("p", {class: "acts"}, button(t("save"), save, {kind: "primary", key: "Ctrl S"}), button(t("cancel"), () => close()))), {first});
  dialog.addEventListener("keydown", (event) => { if (event.ctrlKey && event.code === "KeyS") { event.preventDefault(); save(); } });
}

function openHours(form) {
  const boxes = weekdays.map((name) => h("input", {type: "checkbox", "data-key": "✓", value: name, checked: weekdays.indexOf(name) < 5}));
  const channel = h("select", {}, [["", t("hours.both")], ["phone", t("channel.phone")], ["chat", t("channel.chat")]].map(([value, label]) => h("option", {value}, label)));
  const [from, through, first, last] = [input({value: "09:00"}), input({value: "16:00"}), input(), input()];
  const clock = (text) => text.trim().replace(".", ":").replace(/^(\d{1,2})$/, "$1:00");
  ask(form, t("hours.add"), boxes[0], [
    h("fieldset", {class: "field"}, h("legend", {}, t("hours.days")), h("div", {class: "choices half"}, boxes.map((box) => h("label", {}, box, t("weekday." + box.value))))),
    h("div", {class: "three"}, labelled(t("hours.opens"), from, {id: "hours-from"}), labelled(t("hours.closes"), through, {id: "hours-through"}), labelled(t("call.channel"), channel, {id: "hours-channel"})),
    h("div", {class: "two even"}, labelled(t("hours.first"), first, {id: "hours-first", hint: t("hours.first.hint")}), labelled(t("hours.last"), last, {id: "hours-last", hint: t("hours.last.hint")})),
  ], () => ["settings/hours", {days: boxes.filter((box) => box.checked).map((box) => box.value), from: clock(from.value), through: clock(through.value), channel: channel.value, first: first.value, last: last.value}]);
}

function openClosing(form) {
  const [from, through] = [input(), input()];
  ask(form, t("hours.close"), from, h("div", {class: "two even"}, labelled(t("hours.first"), from, {id: "closed-from", hint: t("hours.day.hint")}), labelled(t("hours.last"), through, {id: "closed-through", hint: t("hours.last.hint")})),
    () => ["settings/closed", {from: from.value, through: through.value}]);
}

function openEnd(form, entry) {
  const through = input();
  ask(form, t("hours.end"), through, h("div", {class: "narrow"}, labelled(t("hours.last"), through, {id: "hours-through-day", hint: t("hours.day.hint")})), () => ["settings/hours-end", {id: entry.id, through: through.value}]);
}
