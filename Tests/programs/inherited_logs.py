#!/usr/bin/env python3
"""Three inherited logs of three helplines, and every figure that they lead to.

Makes the logs out of contacts that it invents, and counts those contacts itself, before they become a file: it knows nothing
of how the program reads or counts. Then imports each, and all three into one line, and compares every figure of every month.

    inherited_logs.py LUGN FOLDER [SEED]
"""
import datetime
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict

LUGN, FOLDER = sys.argv[1], sys.argv[2]
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20170201)
MONTHS = [(2016, month) for month in range(8, 13)] + [(2017, month) for month in range(1, 7)]

CALLERS = ["external", "relative", "involved", None]
CONCERNS = ["general", "religious", "rightWing", "leftWing"]
CHANNELS = ["phone", "chat", "outbound", None]
LANGUAGES = ["sv", "ar", "so", "prs", None]
REQUESTS = ["conversation", "advice", "knowledge", "referral", "other", None]
REASONS = ["finished", "unreachable", "referred", "mistake"]
HEARD = ["search", "authority", "colleague", "friend", "media", None]
NOTES = [
    "Orolig för sin bror, vill veta hur man pratar om det.", 'Sa "nej" först; ringer igen på fredag.',
    "Läraren frågar, år 2:\nvad gör man?", "Åkte hem över jul.", "", "Mår bättre nu, äter och sover.",
]


class Contact:
    """One line of a log, as its helpline meant it."""

    def __init__(self, key, kind, at, has_time):
        self.key, self.kind, self.at, self.has_time = key, kind, at, has_time
        self.channel = RANDOM.choices(CHANNELS, [60, 25, 10, 5])[0]
        self.language = RANDOM.choices(LANGUAGES, [70, 10, 8, 2, 10])[0]
        self.interpreting = RANDOM.choice([None, "colleague", "interpreter"]) if self.language not in ("sv", None) else None
        self.request = RANDOM.choice(REQUESTS)
        self.minutes = RANDOM.choice([None, RANDOM.randint(1, 90)])
        self.note = RANDOM.choice(NOTES) if kind != "withoutCase" else ""
        self.caller = self.age = self.years = self.closed = self.reason = self.heard = self.reported = self.assessed = None
        self.concerns, self.child = [], None

    def classify(self):
        self.caller = RANDOM.choices(CALLERS, [55, 30, 8, 7])[0]
        self.concerns = sorted(RANDOM.sample(CONCERNS, RANDOM.choices([0, 1, 2], [10, 70, 20])[0]))
        self.years = RANDOM.choice([None, None] + list(range(9, 60)))
        self.child = RANDOM.choices([None, True, False], [80, 5, 15])[0]
        self.heard = RANDOM.choice(HEARD)
        if RANDOM.random() < 0.6:
            self.closed = self.at.date() + datetime.timedelta(days=RANDOM.randint(0, 40))
            self.reason = RANDOM.choices(REASONS, [60, 20, 14, 6])[0]
        if self.is_child():
            if RANDOM.random() < 0.3:
                self.reported = self.at.date() + datetime.timedelta(days=RANDOM.randint(0, 3))
            if RANDOM.random() < 0.6:
                self.assessed = self.at.date() + datetime.timedelta(days=RANDOM.randint(0, 5))

    def is_child(self):
        return self.child is True or (self.years is not None and self.years < 18)

    def band(self):
        if self.years is None:
            return "notRecorded"
        return "under18" if self.years < 18 else "from18To21" if self.years < 22 else "from22To25" if self.years < 26 else "over25"


def moment(year, month, has_time):
    day = RANDOM.randint(1, 28)
    hour, minute = (RANDOM.choice([0, 1, 9, 10, 13, 15, 19, 22, 23]), RANDOM.randint(0, 59)) if has_time else (12, 0)
    return datetime.datetime(year, month, day, hour, minute)


def invent(count, has_time=True, has_keys=True):
    """The contacts of a log, in the order of its lines, which is not that of time."""
    contacts = []
    for number in range(1, count + 1):
        year, month = RANDOM.choice(MONTHS)
        opening = Contact(number, "opening", moment(year, month, has_time), has_time)
        opening.classify()
        contacts.append(opening)
        for _ in range(RANDOM.choices([0, 1, 2, 4], [50, 25, 15, 10])[0] if has_keys else 0):
            later = opening.at + datetime.timedelta(days=RANDOM.randint(1, 60), minutes=RANDOM.randint(0, 500) if has_time else 0)
            if not (datetime.datetime(2017, 3, 26, 2) <= later < datetime.datetime(2017, 3, 26, 3)):
                contacts.append(Contact(number, "repeat", later, has_time))
        if RANDOM.random() < 0.25:
            year, month = RANDOM.choice(MONTHS)
            contacts.append(Contact(None, "withoutCase", moment(year, month, has_time), has_time))
    RANDOM.shuffle(contacts)
    return contacts


def count(contacts):
    """All figures, by month: what a person with a tally sheet would get."""
    opening = {id_of(c): c for c in contacts if c.kind == "opening"}
    mistakes = {key for key, c in opening.items() if c.reason == "mistake"}
    sheets = defaultdict(lambda: defaultdict(Counter))
    for c in contacts:
        month = (c.at.year, c.at.month)
        sheet = sheets[month]
        if c.kind != "withoutCase" and id_of(c) in mistakes:
            sheet["mistakes"]["contacts"] += 1
            if c.kind == "opening":
                sheet["mistakes"]["cases"] += 1
                sheets[(c.closed.year, c.closed.month)]["closings"]["mistake"] += 1
            continue
        sheet["contacts"][c.kind] += 1
        sheet["contacts"]["outbound"] += c.channel == "outbound"
        sheet["channel"][c.channel or "notRecorded"] += 1
        sheet["language"][c.language or "notRecorded"] += 1
        sheet["interpreting"][c.interpreting or "none"] += 1
        sheet["request"][c.request or "notRecorded"] += 1
        sheet["minutes"]["all"] += c.minutes or 0
        if c.kind != "opening":
            continue
        sheet["cases"]["all"] += 1
        sheet["children"]["all"] += c.is_child()
        sheet["caller"][c.caller or "notRecorded"] += 1
        sheet["age"][c.band()] += 1
        sheet["heardOf"][c.heard or "notRecorded"] += 1
        for concern in c.concerns or ["notRecorded"]:
            sheet["concern"][concern] += 1
        if c.closed:
            sheets[(c.closed.year, c.closed.month)]["closings"][c.reason] += 1
        if c.reported:
            sheets[(c.reported.year, c.reported.month)]["concernReports"]["all"] += 1
        if c.is_child():
            sheet["assessments"]["assessed" if c.assessed else "notAssessed"] += 1
        if c.assessed:
            sheets[(c.assessed.year, c.assessed.month)]["work"]["assessmentsMade"] += 1
    return sheets


def id_of(contact):
    return (contact.log, contact.key)


# MARK: Three ways in which helplines kept their logs

SWEDISH = {
    "external": "extern aktör", "relative": "anhörig", "involved": "själv involverad", "general": "allmän", "religious": "religiös",
    "rightWing": "höger", "leftWing": "vänster", "phone": "telefon", "chat": "chatt", "outbound": "utgående", "sv": "svenska",
    "ar": "arabiska", "so": "somaliska", "prs": "dari", "colleague": "kollega", "interpreter": "telefontolk", "conversation": "samtal",
    "advice": "råd", "knowledge": "kunskap", "referral": "hänvisning", "other": "annat", "finished": "klart",
    "unreachable": "ej nådd", "referred": "hänvisad", "mistake": "misstag", "search": "sökning", "authority": "myndighet",
    "friend": "vän", "media": "media", "opening": "ny", "repeat": "upprepad", "withoutCase": "utan ärende",
    True: "ja", False: "nej", None: "",
}
MONTH_WORDS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def cell(text, separator):
    quoted = any(mark in text for mark in (separator, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if quoted else text


def table(rows, separator, end):
    return end.join(separator.join(cell(text, separator) for text in row) for row in rows) + end


def excel_sheet(contacts):
    """Kept in a Swedish Excel: Windows-1252, `sep=;`, days as 3/12 2016, the time in a column of its own, ages in years."""
    rows = [[
        "Datum", "Klockslag", "Ärendenr", "Kontakt", "Kanal", "Språk", "Tolk", "Önskemål", "Minuter", "Uppringare", "Oro", "Ålder",
        "Barnet hörde av sig", "Avslutad", "Orsak", "Orosanmälan", "Bedömning", "Hittade linjen", "Anteckning", "Rum"]]

    def day(date):
        return f"{date.day}/{date.month} {date.year}" if date else ""
    for c in contacts:
        rows.append([
            day(c.at), f"kl {c.at.hour}.{c.at.minute:02}", "" if c.key is None else str(c.key), SWEDISH[c.kind], SWEDISH[c.channel],
            SWEDISH[c.language], SWEDISH[c.interpreting], SWEDISH[c.request], "" if c.minutes is None else str(c.minutes),
            SWEDISH[c.caller], ", ".join(SWEDISH[x] for x in c.concerns), "" if c.years is None else f"{c.years} år", SWEDISH[c.child],
            day(c.closed), SWEDISH[c.reason], day(c.reported), day(c.assessed), SWEDISH[c.heard], c.note, "B2"])
        if RANDOM.random() < 0.05:
            rows.append([""] * len(rows[0]))
    return ("sep=;\r\n" + table(rows, ";", "\r\n")).encode("windows-1252"), []


def foreign_program(contacts):
    """Exported by a program in English: UTF-16 with a mark, tabs, days such as `3 dec 2016`, titles and words of its own."""
    rows = [[
        "Call day", "Started", "File no", "What", "Medium", "Spoken", "Interpreter", "Wanted", "Length", "Person", "Worry", "Age",
        "Minor called", "Ended", "Why", "Report", "Assessed", "Found us", "Remarks"]]
    words = {"external": "professional", "leftWing": "far left", "phone": "landline", None: ""}
    mapping = [
        "Call day = date", "Started = time", "File no = case", "What = contact", "Medium = channel", "Spoken = language",
        "Wanted = request", "Length = minutes", "Person = caller", "Worry = concern", "Minor called = child", "Ended = closed",
        "Why = reason", "Report = report of concern", "Assessed = assessment", "Found us = heard of", "Remarks = note",
        "caller: professional = external", "concern: far left = leftWing", "channel: landline = phone"]

    def day(date):
        return f"{date.day} {MONTH_WORDS[date.month - 1]} {date.year}" if date else ""

    def word(value):
        return words.get(value, value)
    for c in contacts:
        rows.append([
            day(c.at), f"{c.at.hour:02}:{c.at.minute:02}", "" if c.key is None else str(c.key), word(c.kind), word(c.channel),
            word(c.language), word(c.interpreting), word(c.request), "" if c.minutes is None else str(c.minutes), word(c.caller),
            " / ".join(word(x) for x in c.concerns), "" if c.years is None else str(c.years),
            {True: "yes", False: "no", None: ""}[c.child], day(c.closed), word(c.reason), day(c.reported), day(c.assessed),
            word(c.heard), c.note])
    with open(os.path.join(FOLDER, "map.txt"), "w", encoding="windows-1252", newline="\r\n") as file:
        file.write("# their column = ours\n" + "\n".join(mapping) + "\n")
    return b"\xff\xfe" + table(rows, "\t", "\r\n").encode("utf-16-le"), ["--map", os.path.join(FOLDER, "map.txt")]


def old_mac(contacts):
    """From an old Mac: MacRoman, CR at the end of lines, commas, days as Excel's numbers, no time of day, a case a line."""
    rows = [[
        "datum", "kontakt", "kanal", "språk", "tolkning", "önskemål", "minuter", "uppringare", "oro", "ålder", "barn", "avslutad",
        "avslutsorsak", "orosanmälan", "bedömning", "kännertilllinjen", "anteckning"]]

    def day(date):
        return str((date - datetime.date(1899, 12, 30)).days) if date else ""
    bands = {"under18": "yngre än 18", "from18To21": "18–21", "from22To25": "22-25", "over25": "äldre än 25", "notRecorded": "okänd"}
    for c in contacts:
        rows.append([
            day(c.at.date()), SWEDISH[c.kind], SWEDISH[c.channel], SWEDISH[c.language], SWEDISH[c.interpreting], SWEDISH[c.request],
            "" if c.minutes is None else str(c.minutes), SWEDISH[c.caller], " och ".join(SWEDISH[x] for x in c.concerns),
            bands[c.band()] if c.kind == "opening" else "", SWEDISH[c.child], day(c.closed), SWEDISH[c.reason], day(c.reported),
            day(c.assessed), SWEDISH[c.heard], c.note])
    return table(rows, ",", "\r").replace("\n", "\r").encode("mac_roman"), ["--date-format", "excel"]


# MARK: The program

def lugn(desk, *arguments):
    environment = dict(os.environ, LUGN_DATA=os.path.join(FOLDER, desk), LUGN_BY="L1", LC_ALL="C.UTF-8", TZ="America/New_York")
    result = subprocess.run([LUGN, *arguments], env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"FAILED: {' '.join(arguments)}: {result.stdout[-500:]}{result.stderr[-1500:]}")
    return result.stdout


def compare(desk, contacts):
    """Every figure of every month. Returns how many were compared."""
    sheets, compared = count(contacts), 0
    months = sorted(set(sheets) | {(2015, 12), (2018, 1)})

    def same(what, found, expected):
        nonlocal compared
        compared += 1
        if found != expected:
            sys.exit(f"FAILED: {desk}, {year}-{month:02}, {what}: {found} instead of {expected}")
    for year, month in months:
        sheet = sheets[(year, month)]
        report = json.loads(lugn(desk, "report", "internal", "--month", f"{year}-{month:02}", "--json", "--local"))
        same("cases", report["cases"], sheet["cases"]["all"])
        same("children", report["children"], sheet["children"]["all"])
        same("minutes", report["calls"]["minutes"], sheet["minutes"]["all"])
        same("concernReports", report["concernReports"], sheet["concernReports"]["all"])
        same("assessmentsMade", report["work"]["assessmentsMade"], sheet["work"]["assessmentsMade"])
        for word in ("opening", "repeat", "withoutCase", "outbound"):
            same(f"contacts {word}", report["contacts"][0][word], sheet["contacts"][word])
        for table_name in ("concern", "caller", "age", "channel", "interpreting", "request", "heardOf", "closings", "mistakes", "assessments"):
            for word, found in report[table_name].items():
                same(f"{table_name} {word}", found, sheet[table_name][word])
            unknown = set(sheet[table_name]) - set(report[table_name])
            same(f"words of {table_name} that the report lacks", {w for w in unknown if sheet[table_name][w]}, set())
        languages = {word: found for word, found in report["language"].items() if found}
        same("languages", languages, {w: n for w, n in sheet["language"].items() if n})
    whole = json.loads(lugn(desk, "report", "--from", "2015-01-01", "--to", "2018-12-31", "--json", "--local"))
    for name in ("cases", "children"):
        same(f"{name} of all years", whole[name], sum(s[name]["all"] for s in sheets.values()))
    for name in ("concern", "caller", "age"):
        for word, found in whole[name].items():
            same(f"{name} {word} of all years", found, sum(s[name][word] for s in sheets.values()))
    return compared


def main():
    os.makedirs(FOLDER, exist_ok=True)
    compared, everything = 0, []
    for name, form, contacts in (
        ("excel", excel_sheet, invent(150)), ("program", foreign_program, invent(120)),
        ("mac", old_mac, invent(90, has_time=False, has_keys=False)),
    ):
        for number, contact in enumerate(contacts):
            contact.log = name
            if name == "mac":
                # Each line is a case of its own.
                contact.key = number
        content, options = form(contacts)
        path = os.path.join(FOLDER, name + ".csv")
        with open(path, "wb") as file:
            file.write(content)
        for desk, log in (("one-" + name, []), ("all", ["--log", name])):
            lugn(desk, "import", "cases", path, *options, *log)
            again = json.loads(lugn(desk, "import", "cases", path, *options, *log, "--json"))
            if (again["added"], again["bad"]) != (0, 0):
                sys.exit(f"FAILED: {name}, imported again, adds {again['added']}")
        everything += contacts
        compared += compare("one-" + name, contacts)
    compared += compare("all", everything)
    notes = Counter(c.note for c in everything if c.note)
    export = os.path.join(FOLDER, "all.json")
    lugn("all", "export", "json", export)
    with open(export, encoding="utf-8") as file:
        found = Counter(note["text"] for note in json.load(file)["collections"]["notes"])
    if found != notes:
        sys.exit(f"FAILED: the notes are not those of the logs: {found - notes} {notes - found}")
    print(f"three inherited logs, {len(everything)} contacts: {compared} figures and {sum(notes.values())} notes are right")


main()
