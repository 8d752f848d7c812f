#!/usr/bin/env python3
"""Every test that the documentation names is there: `SuiteTests.function` and `SuiteTests`."""
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
print("\n".join(missing) if missing else f"{len(named)} tests are named by the documentation, and all are there")
sys.exit(bool(missing) or not named)
