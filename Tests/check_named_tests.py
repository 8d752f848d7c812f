#!/usr/bin/env python3
"""Every test that the documentation names is there: `SuiteTests.function`, `SuiteTests` and `Attacks.function`; every promise of the
threat model names one."""
import pathlib, re, sys

root = pathlib.Path(__file__).resolve().parents[1]
suites = {}
for path in (root / "Tests").rglob("*.swift"):
    text = path.read_text()
    for name in set(re.findall(r"(?:struct|class|enum|extension|actor) (\w+Tests)\b", text)):
        suites[name] = suites.get(name, "") + text
targets = {path.name for path in (root / "Tests").iterdir()}
named, missing = set(), []
for path in [root / "README.md", *(root / "docs").glob("*.md"), *(root / "docs/decisions").glob("*.md")]:
    for suite, test in re.findall(r"`(\w+Tests)(?:\.(\w+))?`", path.read_text()):
        named.add((suite, test))
        there = suite in suites or (suite in targets and not test)
        if not there or (test and not re.search(rf"func {test}\b", suites[suite])):
            missing.append(f"{path.relative_to(root)} names {suite}{'.' if test else ''}{test}, which is not there")
attacks = "".join(path.read_text() for path in (root / "Tests/Attacks").glob("*.py"))
model = (root / "docs/threat-model.md").read_text()
for name in re.findall(r"`Attacks\.(\w+)`", model):
    named.add(("Attacks", name))
    lists = " ".join(re.findall(r"ATTACKS = \[(.*?)\]", attacks, re.S))
    if not re.search(rf"\b{name}\b", lists):
        missing.append(f"docs/threat-model.md names the attack {name}, which is not there")
# Every sentence that says what somebody cannot, or what is noticed, names a test.
for row in re.findall(r"^\| \*\*(?:cannot|noticed).*$", model, re.M):
    if not re.search(r"`\w+(Tests|Attacks)", row) and "`Attacks." not in row:
        missing.append(f"docs/threat-model.md: no test for: {row}")
print("\n".join(missing) if missing else f"{len(named)} tests are named by the documentation, and all are there")
sys.exit(bool(missing) or not named)
