#!/usr/bin/env python3
"""Writes cases.csv and directory.csv: an invented log of the pilot year, over which the report gives the published figures.

    python3 generate.py

The figures of the published report are built in: cases, children, concern, caller, age. Everything else is drawn at
random with a fixed seed: days, months, repeat contacts, channels, languages, referrals, follow-ups, notes. Nothing is
about anybody. The same seed gives the same files, byte for byte, in any version of Python 3.
"""

import csv
import datetime
import os

SEED = 2017
FIRST, LAST = datetime.date(2017, 2, 1), datetime.date(2017, 11, 30)
EVENINGS_FROM = datetime.date(2017, 8, 28)
HOLIDAYS = {datetime.date(2017, month, day) for month, day in
            [(4, 14), (4, 17), (5, 1), (5, 25), (6, 6), (6, 23)]}

# The published figures. Concerns overlap: eight cases have two.
CONCERNS = (["allmän"] * 39 + ["religiös"] * 42 + ["högerextremism"] * 18 + ["vänsterextremism"] * 1
            + ["allmän och religiös"] * 4 + ["religiös och högerextremism"] * 3
            + ["högerextremism och vänsterextremism"] * 1)
CALLERS = ["extern aktör"] * 68 + ["anhörig"] * 32 + ["själv involverad"] * 4 + [""] * 4
AGES = ["under 18"] * 25 + ["18-21"] * 9 + ["22-25"] * 15 + ["över 25"] * 59

# Numbers from the ranges that the Swedish Post and Telecom Authority keeps free for fiction.
DIRECTORY = [
    ("Exempelstads socialtjänst", "kommun", "Exempelstad", "Råd och stöd till föräldrar", "under 18", "08-465 004 01"),
    ("Exempelstads fältgrupp", "kommun", "Exempelstad", "Uppsökande arbete på kvällar", "under 21", "08-465 004 02"),
    ("Norrexempels samordnare", "kommun", "Norrexempel", "Samordnar kommunens insatser", "alla", "0980-319 201"),
    ("Västexempels ungdomsmottagning", "myndighet", "Västexempel", "Samtal för unga", "under 23", "031-390 06 01"),
    ("Föreningen Utväg Exempel", "civilsamhälle", "hela landet", "Stöd till den som vill lämna", "över 18", "040-628 04 01"),
    ("Exempelföreningen för anhöriga", "förening", "hela landet", "Grupper för anhöriga", "alla", "040-628 04 02"),
    ("Exempelförsamlingens samtalsmottagning", "trossamfund", "Exempelstad", "Samtal", "alla", "08-465 004 03"),
    ("Stödlinjen Exempel", "stödlinje", "hela landet", "Samtal alla kvällar", "alla", "08-465 004 04"),
]

NOTES = [
    "Ville veta vad tecknen kan vara och vad som är vanligt i tonåren.",
    "Oro för ny umgängeskrets; avvaktar och hör av sig.",
    "Talade länge; \"det räckte att någon lyssnade\", tills vidare.",
    "Efterfrågade kunskap till en personalgrupp om åtta personer.",
    "Gick igenom vad som har prövats hittills och vad som kan prövas härnäst.",
    "Frågade hur man kan hålla kontakten utan att gräla.",
    "Har sökt stöd på tre håll sedan 2015 utan att någon kunde ta emot.",
    "Behövde någon att tänka högt med inför ett möte i veckan.",
]
NEXT = [
    "Mår bättre; kontakten hemma är lugnare.", "Har träffat den som hänvisningen gällde; ville berätta hur det gick.",
    "Inget nytt; ville ändå prata.", "Nästa steg avtalat: ett möte hos dem.", "Tackade för hjälpen.",
]

COLUMNS = ["ärende", "kontakt", "datum", "tid", "kanal", "språk", "tolk", "önskemål", "minuter", "utanför öppettid",
           "uppringare", "oro", "ålder", "status", "avslutad", "avslutsorsak", "orosanmälan", "hänvisning",
           "organisation", "utfall", "uppföljning", "uppföljningssätt", "uppföljningsstatus", "anteckning", "av"]


class Random:
    """SplitMix64 (Steele, Lea and Flood, 2014): the same in every version of every language."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = 0xFFFFFFFFFFFFFFFF
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        word = self.state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & mask
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & mask
        return word ^ (word >> 31)

    def below(self, count):
        return self.next() * count >> 64

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        number = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            if number < weight:
                return item
            number -= weight

    def shuffled(self, items):
        items = list(items)
        for index in range(len(items) - 1, 0, -1):
            other = self.below(index + 1)
            items[index], items[other] = items[other], items[index]
        return items


random = Random(SEED)


def is_working_day(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def working_day_from(day):
    while not is_working_day(day):
        day += datetime.timedelta(days=1)
    return day


def some_day():
    while True:
        day = FIRST + datetime.timedelta(days=random.below((LAST - FIRST).days + 1))
        # Summer is quiet.
        if is_working_day(day) and not (day.month == 7 and random.chance(50)):
            return day


def has_evening(day):
    return day >= EVENINGS_FROM and day.weekday() in (0, 2, 4)


def contact(day, kind, channel=None):
    """A row with what every contact has."""
    row = dict.fromkeys(COLUMNS, "")
    is_evening = has_evening(day) and random.chance(35)
    hour = 18 + random.below(4) if is_evening else random.pick([9, 10, 11, 13, 14, 15])
    is_outside = channel != "utgående" and random.chance(4)
    if is_outside:
        hour = random.pick([8, 12, 16])
    language = random.weighted([("sv", 88), ("ar", 4), ("so", 3), ("prs", 2), ("ti", 1), ("en", 2)])
    row.update({
        "kontakt": kind, "datum": day.isoformat(), "tid": f"{hour:02}:{random.below(60):02}",
        "kanal": channel or ("chatt" if is_evening and random.chance(60) else "telefon"), "språk": language,
        "tolk": "" if language in ("sv", "en") else random.pick(["kollega", "telefontolk"]),
        "önskemål": random.weighted([("råd", 40), ("kunskap", 25), ("samtal", 20), ("hänvisning", 10), ("annat", 3), ("", 2)]),
        "minuter": str(5 + random.below(56)), "utanför öppettid": "ja" if is_outside else "nej",
        "av": random.pick(["S1", "S2", "S3", "S4"]),
    })
    return row


def case_rows(key, concern, caller, age):
    day = some_day()
    opening = contact(day, "öppnande")
    opening.update({"ärende": key, "oro": concern, "uppringare": caller, "ålder": age})
    if random.chance(70):
        opening["anteckning"] = random.pick(NOTES)
    if age == "under 18" and random.chance(20):
        opening["orosanmälan"] = working_day_from(day + datetime.timedelta(days=random.below(3))).isoformat()
    if random.chance(60):
        if age in ("22-25", "över 25") and random.chance(25):
            opening["utfall"] = "ingen att hänvisa till"
        else:
            opening["hänvisning"] = random.weighted([("undersöker", 40), ("förmedlad kontakt", 25), ("tips", 35)])
            opening["organisation"] = random.pick(DIRECTORY)[0]
            opening["utfall"] = random.weighted(
                [("kontakt tagen", 30), ("fick stöd", 30), ("avböjde", 10), ("hjälpte inte", 8), ("okänt", 12), ("", 10)])
    rows = [opening]
    due = None
    if random.chance(65):
        due = working_day_from(day + datetime.timedelta(days=7 + random.below(8)))
        opening["uppföljning"] = due.isoformat()
        opening["uppföljningssätt"] = "ringer tillbaka" if random.chance(25) else "vi ringer"
        opening["uppföljningsstatus"] = random.weighted([("nådd", 75), ("ej nådd", 20), ("inställd", 5)])
        if due > LAST:
            opening["uppföljningsstatus"] = "planerad"
        elif opening["uppföljningsstatus"] == "nådd":
            channel = "utgående" if opening["uppföljningssätt"] == "vi ringer" else None
            rows.append(contact(due, "upprepad", channel))
    again = day
    for _ in range(random.weighted([(0, 45), (1, 25), (2, 15), (3, 10), (5, 5)])):
        again = working_day_from(again + datetime.timedelta(days=2 + random.below(30)))
        if again > LAST:
            break
        rows.append(contact(again, "upprepad"))
    for row in rows[1:]:
        row["ärende"] = key
        if random.chance(45):
            row["anteckning"] = random.pick(NEXT)
    latest = max(row["datum"] for row in rows)
    closed = working_day_from(datetime.date.fromisoformat(latest) + datetime.timedelta(days=random.below(25)))
    if closed <= LAST and opening["uppföljningsstatus"] != "planerad":
        opening["status"] = "avslutad"
        opening["avslutad"] = closed.isoformat()
        opening["avslutsorsak"] = "ej nådd" if opening["uppföljningsstatus"] == "ej nådd" else random.weighted(
            [("klart", 75), ("hänvisad", 25)])
    else:
        opening["status"] = "öppen"
    return rows


def write(name, columns, rows):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main():
    rows = []
    kinds = zip(random.shuffled(CONCERNS), random.shuffled(CALLERS), random.shuffled(AGES))
    for number, (concern, caller, age) in enumerate(kinds, start=1):
        rows += case_rows(f"P{number:03}", concern, caller, age)
    rows += [contact(some_day(), "utan ärende") for _ in range(41)]
    # A case's opening row comes first also where somebody calls again on the same day.
    rows.sort(key=lambda row: (row["datum"], row["kontakt"] == "upprepad", row["tid"], row["ärende"]))
    write("cases.csv", COLUMNS, rows)
    titles = ["namn", "typ", "kommun", "erbjuder", "åldrar", "telefon", "e-post", "källa", "verifierad", "av"]
    entries = []
    for index, (name, kind, area, offers, ages, phone) in enumerate(DIRECTORY):
        entries.append({
            "namn": name, "typ": kind, "kommun": area, "erbjuder": offers, "åldrar": ages, "telefon": phone,
            "e-post": f"kontakt{index + 1}@example.org", "källa": random.pick(["uppdragsgivare", "egen kontakt", "tips"]),
            "verifierad": (FIRST - datetime.timedelta(days=random.below(20))).isoformat(), "av": "S1",
        })
    write("directory.csv", titles, entries)


if __name__ == "__main__":
    main()
