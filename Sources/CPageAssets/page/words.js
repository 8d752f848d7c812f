// The page's words, days and times, in the language that is chosen.

let words = {};
export let language = "sv";

/** Only the words of the language that is used are read, and first only those that a call needs. */
export async function setLanguage(name) {
  const next = name === "en" ? "en" : "sv";
  words = {...(await import(next === "en" ? "/en.js" : "/sv.js")).default};
  language = next;
  document.documentElement.lang = language;
  if (hasMore) await moreWords();
}

let hasMore = false;
/** The words of all other views. */
export async function moreWords() {
  hasMore = true;
  Object.assign(words, (await import(language === "en" ? "/en-more.js" : "/sv-more.js")).default);
}

/** t("call.timer", {n: 12}): the sentence of a key; `key.one` where n is 1 and there is one. */
export function t(key, values = {}) {
  const sentence = (values.n === 1 && words[key + ".one"]) || words[key] || key;
  // A month's own point ends the sentence too: "fredag 4 dec."
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)).replace(/\.\.(?!\.)/g, ".");
}

export function has(key) { return key in words; }

/** A word of the schema, in words; one that only a newer version knows stands as it is. */
export function word(topic, value) {
  return has(topic + "." + value) ? t(topic + "." + value) : String(value ?? "");
}

// Days and times are those of the line, whatever the computer's own zone.
const zone = "Europe/Stockholm";
function format(options) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "sv-SE", {timeZone: zone, ...options});
}

/** 14.03 */
export function time(milliseconds) {
  return format({hour: "2-digit", minute: "2-digit"}).format(milliseconds).replace(":", ".").replace(/^0(?=\d)/, "");
}

/** 2026-11-27, as the calendar in Sweden has it. */
export function dayOf(milliseconds) {
  return new Intl.DateTimeFormat("sv-SE", {timeZone: zone}).format(milliseconds);
}

export let today = "";
export function setToday(day) { today = day; }

function noon(day) { return Date.parse(day + "T12:00:00Z"); }
export function daysUntil(day) { return Math.round((noon(day) - noon(today)) / 86400000); }

/** "i dag", "i går", "tisdag 1 dec.", and the year where it is another one. */
export function day(text) {
  if (!text) return "";
  const distance = daysUntil(text);
  if (distance === 0) return t("day.today");
  if (distance === -1) return t("day.yesterday");
  if (distance === 1) return t("day.tomorrow");
  const isNear = Math.abs(distance) < 180;
  return format({...(isNear && {weekday: "long"}), day: "numeric", month: isNear ? "short" : "long",
    ...(!isNear && {year: "numeric"})}).format(noon(text)).replace(",", "");
}

export function longDay(text) { return format({weekday: "long", day: "numeric", month: "long"}).format(noon(text)); }

/** "i dag 14.03", "tisdag 1 dec. 9.35" */
export function moment(milliseconds) { return day(dayOf(milliseconds)) + " " + time(milliseconds); }

/** "3 veckor", from a day until today. */
export function span(from) {
  const days = Math.max(0, -daysUntil(from));
  if (days < 14) return t("span.days", {n: days});
  if (days < 61) return t("span.weeks", {n: Math.round(days / 7)});
  if (days < 730) return t("span.months", {n: Math.round(days / 30.4)});
  return t("span.years", {n: Math.round(days / 365.25)});
}

/** 12:47, of a time that runs. */
export function running(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const rest = String(Math.floor(seconds / 60) % 60).padStart(seconds >= 3600 ? 2 : 1, "0") + ":" + String(seconds % 60).padStart(2, "0");
  return seconds >= 3600 ? Math.floor(seconds / 3600) + ":" + rest : rest;
}

/** "fyra åtta två, nio ett fem, ett": how a number is said. */
export function spoken(number) {
  const names = t("digits").split(" ");
  return number.split(/[ -]/).map((group) => [...group].map((digit) => names[digit]).join(" ")).join(", ");
}

export function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }

/** "Dari", of a tag. */
export function languageName(tag) {
  try {
    return capital(new Intl.DisplayNames([language], {type: "language"}).of(tag));
  } catch {
    return tag; // no tag that the browser knows
  }
}
