// Yjs: apt install nodejs node-yjs; NODE_PATH=/usr/share/nodejs node Tests/Benchmarks/peers/yjs_peer.js [rows]
//
// The rows and the measures are those of rows.py; see there.
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const { performance } = require("perf_hooks");
const Y = require("yjs");

const MASK = (1n << 64n) - 1n;

/** SplitMix64 (Steele, Lea and Flood, 2014). */
class Words {
  constructor(seed) {
    this.state = (seed * 0x9e3779b97f4a7c15n + 0x123456789abcdef1n) & MASK;
  }

  next() {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & MASK;
    let word = this.state;
    word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    word = ((word ^ (word >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return word ^ (word >> 31n);
  }

  text(count) {
    let word = this.next();
    let text = "";
    for (let place = 0; place < count; place += 1) {
      if (place % 8 === 7) word = this.next();
      const letter = Number(word & 31n);
      word >>= 5n;
      text += letter < 26 ? String.fromCharCode(97 + letter) : " ";
    }
    return text;
  }
}

function row(number) {
  const words = new Words(BigInt(number));
  const columns = [];
  for (let field = 0; field < 9; field += 1) {
    columns.push([`text${field}`, words.text(10 + ((field * 5 + number) % 11))]);
  }
  columns.push(["number0", Number(words.next() >> 34n)], ["number1", number]);
  return columns;
}

function key(number) {
  const words = new Words(BigInt(number) ^ (0x1dn << 56n));
  const hexadecimal = () => words.next().toString(16).padStart(16, "0");
  return hexadecimal() + hexadecimal();
}

function shuffled(count) {
  const words = new Words(7n);
  const numbers = Array.from({ length: count }, (_, number) => number);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Number(words.next() % BigInt(last + 1));
    [numbers[last], numbers[other]] = [numbers[other], numbers[last]];
  }
  return numbers;
}

/** Commits the items 100 at a time, each update appended to a log and on disk before the next; returns the seconds. */
function commitAll(document, items, log, write) {
  let updates = [];
  const collect = (update) => updates.push(update);
  document.on("update", collect);
  let total = 0;
  for (let start = 0; start < items.length; start += 100) {
    const part = items.slice(start, start + 100);
    const begin = performance.now();
    document.transact(() => part.forEach(write));
    updates.forEach((update) => fs.writeSync(log, update));
    fs.fsyncSync(log);
    total += performance.now() - begin;
    updates = [];
  }
  document.off("update", collect);
  return total / 1000;
}

function seconds(work) {
  const begin = performance.now();
  work();
  return (performance.now() - begin) / 1000;
}

function main(count) {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const rows = numbers.map((number) => [key(number), row(number)]);
  const edits = shuffled(count).map((number) => [
    key(number),
    new Words(BigInt(number) ^ 0xed17000000000000n).text(14),
  ]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lugn-bench-yjs-"));
  const log = fs.openSync(path.join(folder, "log"), "w");

  const writer = new Y.Doc();
  const entries = writer.getMap("entries");
  const insertSeconds = commitAll(writer, rows, log, ([name, columns]) => entries.set(name, new Y.Map(columns)));
  const everything = Y.encodeStateAsUpdate(writer);
  const mark = Y.encodeStateVector(writer);
  commitAll(writer, edits, log, ([name, text]) => entries.get(name).set("text3", text));
  const edited = Y.encodeStateAsUpdate(writer, mark);
  fs.closeSync(log);
  fs.rmSync(folder, { recursive: true });

  const reader = new Y.Doc();
  const mergeSeconds = seconds(() => Y.applyUpdate(reader, everything));
  const editSeconds = seconds(() => Y.applyUpdate(reader, edited));
  if (reader.getMap("entries").size !== count) throw new Error("not all rows arrived");

  const line = (name, value, unit) =>
    console.log(`  ${name.padEnd(22)}${Math.round(value).toLocaleString("en").padStart(13)} ${unit}`);
  console.log(`Yjs, ${count.toLocaleString("en")} rows`);
  line("insert, 100 per commit", count / insertSeconds, "rows/s");
  line("merge into empty", count / mergeSeconds, "rows/s");
  line("merge of edits", count / editSeconds, "edits/s");
  line("wire", everything.length / count, "bytes/row");
  line("wire", edited.length / count, "bytes/edit");
  line("peak memory", (process.resourceUsage().maxRSS * 1024) / 1e6, "MB, two documents and this script's rows");
}

main(Number(process.argv[2] || 100_000));
