"""I12: words that stand in content fields, names and keys are looked for in all that the server has: files, log, memory, arguments."""

import json
import os
import re

from line import Line, any_file, hold

NAMES = ["one", "SENTINEL-DESK-NAME"]


def contents(line):
    """A word of its own in each field that takes text."""
    words = {}

    def word(field):
        words[field] = "Zqx%dSentinel" % (len(words) + 1)
        return words[field]

    number = line.lugn("one", "case", "new", "--caller", "relative").stdout.strip()
    line.lugn("one", "case", "note", number, word("a note"))
    for option in ("--municipality", "--age", "--concern"):
        line.attempt("one", "case", "edit", number, option, word(option))
    line.attempt("one", "promise", "add", number, word("a promise"), "--by", "2099-01-01")
    line.attempt("one", "activity", "add", "--kind", "meeting", "--what", word("an activity"))
    line.attempt("one", "directory", "add", word("an organisation"))
    line.attempt("one", "case", "concern-report", number, "--text", word("a report of concern"))
    line.sync("one", NAMES[1], "one")
    kept = [value for value in words.values() if any_file(line.desk_folder("one"), [value.encode()])]
    hold(words["a note"] in kept, "the desk itself holds no note: this test is blind")
    return kept


def forms(words):
    for word in words:
        yield word.encode()
        yield word.encode("utf-16-le")
        yield word.encode().hex().encode()


def secrets(line):
    """Bytes that no server may hold: seeds and the line's keys are not known here but by their files."""
    found = []
    for name in NAMES:
        seed = open(line.desk_folder(name) + "/replica.db-keys").read().split()[1]
        found += [seed.encode(), bytes.fromhex(seed)]
    return found


def memory(process):
    """What a process holds in memory, region by region; as gcore would write it."""
    with open("/proc/%d/maps" % process) as maps, open("/proc/%d/mem" % process, "rb") as data:
        for region in maps:
            begin, end = (int(each, 16) for each in region.split()[0].split("-"))
            if " r" in region and "[v" not in region:
                try:
                    data.seek(begin)
                    yield data.read(end - begin)
                except (OSError, ValueError, OverflowError):
                    continue


def server_is_blind(line):
    """Neither files, nor log, nor memory, nor arguments of the server hold content, a device's name, or a key."""
    kept = contents(line)
    needles = [*forms(kept), *forms([NAMES[1]]), *secrets(line)]
    found = any_file(line.folder + "/server", needles)
    hold(found is None, "the server's files hold %s" % found)
    log = open(line.log.name, "rb").read()
    hold(not any(needle in log for needle in needles), "the server's log holds content")
    arguments = open("/proc/%d/cmdline" % line.server.pid, "rb").read()
    hold(not any(needle in arguments for needle in needles), "the server's arguments hold content")
    regions = list(memory(line.server.pid))
    hold(any(b"lugn-2" in region or b"roster" in region for region in regions), "nothing of the server's memory was read: this test is blind")
    for needle in needles:
        hold(not any(needle in region for region in regions), "the server's memory holds %r" % needle)


def files_are_private(line):
    """Keys lie in files of mode 0600, nothing of them in the replica's file or elsewhere in the folder."""
    for name in NAMES:
        folder = line.desk_folder(name)
        path = folder + "/replica.db-keys"
        hold(os.stat(path).st_mode & 0o077 == 0, "others may read a workstation's keys")
        seed = open(path).read().split()[1]
        for root, _, files in os.walk(folder):
            for file in files:
                data = open(os.path.join(root, file), "rb").read()
                is_keys = file == "replica.db-keys"
                hold(is_keys or (seed.encode() not in data and bytes.fromhex(seed) not in data), "a seed lies in " + file)
    hold(os.stat(line.key).st_mode & 0o077 == 0, "others may read the operator's key")


def invitation_leaves_no_trace(line):
    """An invitation's text and secret are nowhere at the server, in no log, and in no file of the lead's."""
    invited = json.loads(line.lugn("one", "invite", "--json").stdout)
    text = re.sub(r"[^0-9A-Z]", "", invited["invitation"])
    for folder in (line.folder + "/server", line.desk_folder("one")):
        hold(any_file(folder, [text.encode(), text[4:30].encode()]) is None, "an invitation's text lies in " + folder)
    for region in memory(line.server.pid):
        hold(text.encode() not in region, "an invitation's text is in the server's memory")


ATTACKS = [server_is_blind, files_are_private, invitation_leaves_no_trace]


def make(programs):
    return Line(programs, NAMES)
