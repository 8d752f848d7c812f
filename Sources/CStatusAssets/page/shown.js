// How values of the server's documents are shown to people: the same units as lugn-admin has.

import {language} from "/words.js";

export function number(value) { return value.toLocaleString(language === "en" ? "en-GB" : "sv-SE"); }

/** "3 min": a duration in its largest unit. */
export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const sign = milliseconds < 0 && seconds > 0 ? "−" : "";
  if (seconds < 120) return sign + seconds + " s";
  if (seconds < 7200) return sign + Math.floor(seconds / 60) + " min";
  if (seconds < 172800) return sign + Math.floor(seconds / 3600) + " h";
  return sign + Math.floor(seconds / 86400) + " d";
}

/** How long ago a moment was, by the server's clock. */
export function age(text, now) { return duration(now - Date.parse(text)); }

export function bytes(count) {
  if (count === null || count === undefined) return "–";
  const units = [language === "en" ? "bytes" : "byte", "KB", "MB", "GB", "TB"];
  let amount = Math.abs(count), unit = 0;
  while (amount >= 1000 && unit < units.length - 1) { amount /= 1000; unit += 1; }
  const shown = unit === 0 ? number(amount) : amount.toLocaleString(language === "en" ? "en-GB" : "sv-SE", {minimumFractionDigits: 1, maximumFractionDigits: 1});
  return (count < 0 ? "−" : "") + shown + " " + units[unit];
}

/** The first eight digits: enough to tell ids apart where the whole one stands in the details. */
export function short(id) { return id.slice(0, 8); }
