#!/usr/bin/env python3
"""Plausible one-line mistakes of the engine, each of which a check must catch.

    mutants.py --list
    mutants.py --check            every mistake still has its place in the code, exactly once; nothing is built
    mutants.py NAME...            tries these
    mutants.py --rotate 3         three of them, others each day
    mutants.py --all

A copy of the tree in a scratch folder is changed, built and tried: first the simulation over 2,000 seeds, then the fast unit
tests. What neither notices has survived: then the exit code is 1, and the simulation or a test lacks something. A mistake that
does not build is none, and is an error too. Each takes one to four minutes on two cores.
"""
import argparse, datetime, os, pathlib, re, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("LUGN_MUTANT_SEEDS", "2000"))
FAST = "MergeTests|SyncProtocolTests|TrustTests|ReplicaTests|ChangeLogTests|SyncServerTests|SessionTests|RetentionTests"
R, C, M, S = "Sources/Replica/", "Sources/ChangeLog/", "Sources/Merge/", "Sources/SyncServer/"

# name: file, what stands there, what the mistake makes of it
MUTANTS = {
    "a name is ignored": (M + "RecordState.swift", "        var gone = replaced.fields(of: other.stamp.dot).intersection(other.fields)\n", "        var gone = replaced.fields(of: other.stamp.dot).intersection(other.fields)\n        if other.stamp.dot.rawValue % 8 == 0 { gone = .empty }\n"),
    "a name is enough, without what it names": (M + "RecordState.swift", "            gone.subtract(named.fields.subtracting(replaced.fields(of: named.dot)))\n", ""),
    "a write does not name what was replaced before": (M + "RecordState.swift", "            result.formUnion(entry.replaced.intersection(shared))\n", ""),
    "the greater of two times counts": (M + "RecordState.swift", "joined.stamp.time = min(known.stamp.time, change.stamp.time)", "joined.stamp.time = max(known.stamp.time, change.stamp.time)"),
    "siblings stand in the wrong order": (M + "RecordState.swift", "firstIndex { $0.stamp < joined.stamp }", "firstIndex { $0.stamp > joined.stamp }"),
    "a form's basis is not kept": (R + "Write/WriteTransaction.swift", "            seen = basis.replaced(byWriting: fields)\n", ""),
    "what an unsent write hides is not kept": (R + "Write/WriteTransaction.swift", "        try hide(collection, row, header, after)\n", ""),
    "a page is applied without its cursor": (R + "Session/Session.swift", "            moveCursor(response)\n        } else", "            if !response.more { moveCursor(response) }\n        } else"),
    "the cursor moves for any late page": (R + "Session/Verdict.swift", "            response.page != nil && !facts.isHealing && request.cursor == facts.cursor\n", "            response.page != nil && !facts.isHealing\n"),
    "sums count though something waits": (R + "Session/Verdict.swift", "isCurrent && movesCursor && waiting.isEmpty && acknowledged == 0\n", "isCurrent && movesCursor && acknowledged == 0\n"),
    "sums count after an acknowledgement": (R + "Session/Verdict.swift", "waiting.isEmpty && acknowledged == 0\n            && request.acknowledged == facts.acknowledged && !response.more", "waiting.isEmpty\n            && !response.more"),
    "an acknowledgement without its digest": (R + "Session/Verdict.swift", "            held.digest(facts.acknowledged + UInt64(acknowledged) + 1) == facts.waiting[acknowledged]\n", "            held.digest(facts.acknowledged + UInt64(acknowledged) + 1) != nil\n"),
    "a fork is not noticed": (R + "Session/Verdict.swift", "            if place >= waiting.count || waiting[waiting.startIndex + place] != digest { return true }\n", "            if place >= waiting.count { return true }\n"),
    "a fork keeps its leases": (R + "Session/Session.swift", "        try Leases(connection: store.connection).drop(&link)\n", ""),
    "a refused commit stays in the tables": (R + "Session/Session+SetAside.swift", "        for change in changes { try withdraw(change) }\n", ""),
    "an emptied commit keeps its dot": (R + "Session/Session+SetAside.swift", "dot: state.makeDot(environment.randomWord()))", "dot: refused.stamp.dot)"),
    "a healing begins under the old id": (R + "Session/Session.swift", "    func beginHealing() throws {\n        try takeNewID()\n", "    func beginHealing() throws {\n"),
    "a healing ends where the log stands now": (R + "Session/SyncSession.swift", "session.finishHealing(start: done.start)", "session.finishHealing(start: response.cursor)"),
    "differing sums begin no healing": (R + "Session/Session.swift", "            receipt.events.append(.differs)\n            receipt.isMoreToDo = true\n            try beginHealing()\n", "            receipt.events.append(.differs)\n"),
    "an erasure is obeyed without opening it": (R + "Session/PageApplier.swift", "        guard open(change, commit) else { return try keep(change, commit, place) }\n        if isLate", "        _ = open(change, commit)\n        if isLate"),
    "what does not open is dropped": (R + "Session/PageApplier.swift", "        unopenedCount += 1\n        try store.keepUnopened(\n", "        unopenedCount += 1\n        if commit.position > 0 { return false }\n        try store.keepUnopened(\n"),
    "an erasure leaves the outbox as it is": (R + "Store/RecordStore.swift", "        try outbox.erase(limits, isGone)\n", ""),
    "an erasure does not reach what is below": (R + "Store/RecordStore.swift", "                if try remove(collection, below) { gone.append(below) }\n", ""),
    "what comes later below an erasure is taken": (R + "Store/RecordStore.swift", "        for id in header.path where try tombstones.contains(id) { return true }\n", ""),
    "a value that loses its place is not kept": (R + "Store/RecordStore.swift", "                try siblings.keep(collection, id, field, as: shown)\n            }\n        } else {", "                _ = shown\n            }\n        } else {"),
    "a sibling that was replaced stays": (R + "Store/RecordStore.swift", "            try siblings.remove(id, field.number, dot)\n", "            _ = dot\n"),
    "the sum forgets what stood before": (R + "Store/RecordStore.swift", "        sum.subtract(old)\n        sum.add(new)\n", "        sum.add(new)\n"),
    "numbers of the outbox do not begin anew": (R + "Store/Outbox.swift", "UPDATE lugn_outbox SET number = number - ?", "UPDATE lugn_outbox SET number = number - 0 * ?"),
    "a corrected clock leaves the tables as they are": (R + "Session/Session+Clock.swift", "        try relayWaiting()\n", ""),
    "a time from anywhere moves the clock": (R + "Store/ReplicaState.swift", "        if time > clock, time <= latest { clock = time }\n", "        if time > clock { clock = time }\n"),
    "a healing offers what waits": (R + "Store/RecordStore+Relay.swift", "        return pieces.changes(of: pieces.settled)\n", "        return pieces.changes(of: row.state)\n"),
    "the server takes any time": (M + "ClockBound.swift", "        return max(byNow, byHighest)\n", "        return max(max(byNow, byHighest), HybridTimestamp(milliseconds: nowMilliseconds * 2))\n"),
    "a signature is not checked": (S + "Requests/Caller.swift", "        guard request.isSigned(by: caller.signingKey) else {", "        guard request.isSigned(by: caller.signingKey) || caller.line != nil else {"),
    "any route may be signed": (S + "Requests/SignedRequest.swift", "let signature = RequestSignature(input: input, signature: value), Self.isAsked(route, head)\n", "let signature = RequestSignature(input: input, signature: value), !route.isEmpty\n"),
    "the first of two headers counts": (S + "Requests/SignedRequest.swift", "{ headerCount(name) == 1 ? header(name) : nil }", "{ headerCount(name) >= 1 ? header(name) : nil }"),
    "a ticket is good for ever": (S + "Requests/Caller.swift", "            ticket.isGood(generation: try registry.generation(), now: clock.nowMilliseconds())\n", "            ticket.generation == (try registry.generation())\n"),
    "a body is not compared with its digest": (S + "SyncServer.swift", "                !ContentDigest.matches(request.head.header(ContentDigest.name), request.body)\n", "                request.head.header(ContentDigest.name) == nil\n"),
    "a removal wakes nobody": (S + "Registry/RegistryService.swift", "        if hasChanged { notifier.rightsChanged(in: request.line) }\n", ""),
    "rights are those of the head": (C + "Registry/RegistryAccess.swift", "        case .removed: throw ChangeLogError(.removed, \"this device was removed from the line; nothing was changed\")\n        case .present: break\n", "        case .removed, .present: break\n"),
    "a counsellor is a lead": (S + "Requests/Caller.swift", "            if route.audience == .leads, !device.isLead { throw .notLead }\n", ""),
    "an operator of one line sees all": (C + "Registry/OperatorAct.swift", "{ self.line == nil || self.line == line }", "{ self.line == nil || line != nil }"),
    "a second computer is not noticed": (C + "Registry/Invited.swift", "            if bound.keys != offer.keys { isContested = true }\n", ""),
    "a commitment is opened by anything": (C + "Registry/Invited.swift", "        guard offer?.isOpened(by: random) == true else { return .joinMismatch }\n", ""),
    "the last lead's answer counts": (C + "Registry/Invited.swift", "            guard self.lead == lead, leadRandom == random else { return .joinAnswered }\n", "            if self.lead != lead || leadRandom != random { (self.lead, leadRandom) = (lead, random) }\n"),
    "old keys are good enough": (C + "Rules/AcceptRules.swift", "            guard commit.changes.allSatisfy({ $0.header.epoch == set.line.epoch }) else { return .epoch }\n", "            guard commit.changes.allSatisfy({ $0.header.epoch <= set.line.epoch }) else { return .epoch }\n"),
    "a bad box keeps a good one out": (C + "Registry/BoxRules.swift", "        if roster.isLead(author), let other = kept.first(where: { !roster.isLead($0) }) { return .replace(other) }\n", ""),
    "boxes of a lost branch stay": (C + "Registry/RosterSwap.swift", "            try access.deleteBoxes(after: held.state.epoch(before: from), in: line)\n", ""),
    "one bad entry spoils the good ones": (C + "Registry/RosterRules.swift", "            guard error.code != .undecided, !valid.isEmpty, valid.count < offered.count else { throw error }\n", "            guard error.code == .lastLead, !valid.isEmpty else { throw error }\n"),
    "two appends at once are both taken": (C + "Registry/RosterSwap.swift", "            line.rosterHead == held.state.head\n", "            !line.rosterHead.isEmpty\n"),
    "a repeated act is done again": (C + "Registry/OperatorDesk.swift", "        if try access.isDone(request: request) { return }\n", "        if request.isEmpty { return }\n"),
    "the desk's scrub misses what its tables lost": (R + "Session/Replica+Status.swift", "                return try RangeWalk(store).sum() == ReplicaState(connection).fingerprint\n", "                return try RangeWalk(store).sum().value >= 0\n"),
    "a server's scrub forgets what is written meanwhile": (C + "Rules/LineState.swift", "        scrub?.account(id, from: before, to: after)\n", ""),
    "a damaged row is passed over by the scrub": (C + "Store/Scrubber.swift", "            guard part.damaged.isEmpty else { return .isWrong }\n", ""),
    "records of another line count": (C + "SQLite/ChangeTable.swift", "row.integer(Column.position) >> LogKey.lineBits == line,\n", "row.integer(Column.position) > 0,\n"),
    "a copy goes on under the same id": (R + "Store/HomePlace.swift", "            if before != nil { try session.takeNewID() }\n", ""),
    "a clock that was set keeps what was added to it": (R + "Clock/DateClock.swift", "!hasJumped && (elapsed != nil", "(elapsed != nil"),
    "a server's time is followed however far away": (R + "Clock/DateClock.swift", "        if abs(measurement.difference) <= Self.tolerance {\n            confirmed = measurement\n            decision = nil\n", "        if abs(measurement.difference) >= 0 {\n            confirmed = measurement\n            decision = nil\n"),
    "the later of two clocks erases": (R + "Clock/DateClock.swift", ".success(min(server, reading.wall))", ".success(max(server, reading.wall))"),
    "ranges of a healing may overlap": (C + "Store/Healer.swift", "        guard ranges.areDisjoint else {\n", "        guard ranges.count >= 0 else {\n"),
    "own commits are another process's": (R + "Read/OtherProcessWatcher.swift", "            let isNew = state.withLock { $0.version != version }\n", "            let isNew = true\n"),
    "what is repaired is not compared": (R + "Repair/Replica+Repair.swift", "            if session.link.server != nil { try session.beginHealing() }\n", ""),
    "repair leaves what waits with its times": (R + "Repair/Replica+Repair.swift", "try session.restampWaiting(atMost: HybridTimestamp(milliseconds: session.wall))", "_ = session.wall"),
    "a new entry displaces another": (C + "Registry/RosterRules.swift", "        if isNew, offered.first?.entry.previous != held.state.head { return .nothing }\n", ""),
    "unsent work is taken in by halves": (R + "Unsent/UnsentChange.swift", "                else { throw ReplicaError.notUnsentWork }\n", "                else { continue }\n"),
    "what was taken in is not handed on": (R + "Unsent/Replica+TakeIn.swift", "            if !session.changed.isEmpty, !session.state.isHealing { try session.beginHealing() }\n", ""),
    "the server's word moves unsent work": ("Sources/SyncClient/SyncClient.swift", "            guard isTold, try membership().isRemoved else { throw error }\n", "            guard isTold else { throw error }\n"),
    "unsent work of two attempts is one": (C + "Registry/StoredRegistry+Unsent.swift", "            if part.attempt > latest { try access.deleteUnsent(of: known) }\n", ""),
    "nothing is late": (R + "Session/PageApplier.swift", "        header.epoch < session.link.caughtUpEpoch && !isAlone\n", "        header.epoch + 1 < session.link.caughtUpEpoch && !isAlone\n"),
    "a half-read log counts as read": (R + "Session/Session.swift", "        if verdict.movesCursor, !response.more, !state.isHealing {\n", "        if verdict.movesCursor, !state.isHealing {\n"),
    "what was held outlives an honest erasure": (R + "Store/RecordStore.swift", "            try late.obeyErasure(of: id, limits)\n            hasDestroyed = true\n", ""),
    "a late erasure destroys what an edit before it replaced": (R + "Session/PageApplier.swift", "header.record, isLate: true)\n", "header.record)\n"),
    "what is held stays when it was written anew": (R + "Late/LateChange.swift", "                    try isKept ? isWrittenAnew(mark, session) : isOver\n", "                    try !isKept && isOver\n"),
    "rules that cannot be read are the usual ones": ("Sources/Casework/Retention/RetentionRules.swift", "        guard membership?.hasUnreadRules != true else {\n", "        guard membership != nil || membership == nil else {\n"),
}


def place(name):
    path, old, new = MUTANTS[name]
    count = (ROOT / path).read_text().count(old)
    if count != 1:
        return f"{name}: its place stands {count} times in {path}"
    return None


def run(command, folder, timeout, log):
    with open(log, "ab") as out:
        try:
            return subprocess.run(command, cwd=folder, stdout=out, stderr=out, timeout=timeout).returncode
        except subprocess.TimeoutExpired:
            return -1


def simulate(folder):
    """What the simulation says first; None if it says nothing."""
    command = [".build/release/lugn-sim", "--seeds", f"1..{SEEDS}", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if line.startswith("seed "):
                return "caught by the simulation, " + " ".join(line.split()[:3]).rstrip(":")
        # A rare place that was not reached is no violation; a trap is one.
        return "caught by the simulation, which ends" if process.wait() < 0 else None
    finally:
        process.kill()
        process.wait()


def attempt(name, folder):
    path, old, new = MUTANTS[name]
    target = folder / path
    time.sleep(1.1)  # The build looks at whole seconds: a file changed twice within one would be "modified during the build".
    target.write_text((ROOT / path).read_text().replace(old, new))
    log = folder / "mutant.log"
    log.write_text("")
    try:
        if run(["swift", "build", "-c", "release", "--product", "lugn-sim"], folder, 1200, log):
            return "does not build"
        found = simulate(folder)
        if found:
            return found
        if run(["swift", "build", "--build-tests"], folder, 1800, log):
            return "does not build"
        status = run(["swift", "test", "--skip-build", "--filter", FAST], folder, 900, log)
        return "caught by a test" if status else "SURVIVED"
    finally:
        shutil.copy(ROOT / path, target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    for flag in ("--list", "--check", "--all"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--rotate", type=int, metavar="N")
    parser.add_argument("--scratch", help="a folder to build in, kept afterwards; a new one otherwise")
    options = parser.parse_args()
    names = list(MUTANTS)
    if options.list:
        return print("\n".join(names))
    astray = [found for found in map(place, names) if found]
    for found in astray:
        print(found)
    if options.check or astray:
        print(f"{len(names)} mistakes, {len(astray)} without their place")
        return sys.exit(1 if astray else 0)
    if options.rotate:
        day = datetime.date.today().toordinal()
        names = [names[(day * options.rotate + step) % len(names)] for step in range(options.rotate)]
    elif not options.all:
        names = options.names
        if not names or not set(names) <= set(MUTANTS):
            parser.error("name some of --list, or give --all, --rotate or --check")
    folder = pathlib.Path(options.scratch or tempfile.mkdtemp(prefix="lugn-mutants-"))
    folder.mkdir(parents=True, exist_ok=True)
    for entry in ("Package.swift", "Sources", "Tests", "Protocol", "Examples", "docs"):
        source, target = ROOT / entry, folder / entry
        shutil.copytree(source, target, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, target)
    # What a mistake leaves unused is a warning, and no reason not to build it.
    package = folder / "Package.swift"
    package.write_text(package.read_text().replace(".treatAllWarnings(as: .error),", ""))
    survivors = 0
    try:
        for name in names:
            start = time.monotonic()
            result = attempt(name, folder)
            survivors += result in ("SURVIVED", "does not build")
            print(f"{result:<40} {name} ({time.monotonic() - start:.0f} s)", flush=True)
    finally:
        if not options.scratch:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
