"""The guide says what the page says: bold words are words of the page, and keys are keys of it."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
page = root / "Sources/CPageAssets/page"
scripts = "\n".join(path.read_text() for path in page.glob("*.js") if path.stem not in ("sv", "sv-more", "en", "en-more"))
keys = set(re.findall(r'"((?:Alt|Ctrl) [A-Z0-9a-z]+)"', scripts)) | {"Ctrl Enter"}
# Headings of the lists, which stand for something on the page under another form.
PLAIN = {"counsellor-guide.sv.md": {"?", "lapp", "Hänvisa", "Uppföljning", "Rör det ett barn", "Stäng", "Du går ifrån", "Nätet är borta",
                                    "Glömt din PIN", "Två skrev olika"},
         "counsellor-guide.md": {"?", "slip of paper", "Refer", "Follow-up", "A child", "Close", "You leave", "The network is gone",
                                 "You forgot your PIN", "Two wrote differently"}}

failed = False
for name, words in [("counsellor-guide.sv.md", "sv"), ("counsellor-guide.md", "en")]:
    text = (root / "docs" / name).read_text()
    # What another language is called stands on the page in that language.
    values = {"In English"} | set(re.findall(r'^  "[^"]+": "(.*)",$', "\n".join(path.read_text() for path in [page / f"{words}.js", page / f"{words}-more.js"]), re.M))
    for phrase in {" ".join(one.split()) for one in re.findall(r"\*\*([^*]+)\*\*", text)} - PLAIN[name]:
        if phrase not in values:
            failed = True
            print(f"{name}: the page does not say “{phrase}”")
    for one, other in re.findall(r"`(Alt|Ctrl)` `(\w+)`", text):
        if f"{one} {other}" not in keys:
            failed = True
            print(f"{name}: the page has no key {one} {other}")
sys.exit(1 if failed else 0)
