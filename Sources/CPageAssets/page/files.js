// Files that leave the page, and come into it, by the hands of whoever sits here.

import {h} from "/dom.js";

/** Saves a text as a file; nothing is fetched by an address. */
export function saveFile(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], {type: type + ";charset=utf-8"}));
  h("a", {href: address, download: name.replace(/[\\/:*?"<>|]+/g, "-")}).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** A file that was chosen, in base64. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
