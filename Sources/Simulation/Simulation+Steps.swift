import Merge
import Replica
import Support
import SyncClient
import SyncProtocol

extension Simulation {
    /// Does what a step says; where that makes no sense any more, nothing.
    func perform(_ action: Step.Action) throws {
        switch action {
        case .write(let number, let record, let fields, let padding):
            try write(desk(number), record, fields, padding)
        case .openForm(let number, let record): try openForm(desk(number), record)
        case .saveForm(let number, let fields): try saveForm(desk(number), fields)
        case .addNote(let number, let record): try addNote(desk(number), record)
        case .writeTool(let number, let record): try writeTool(desk(number), record)
        case .erase(let number, let record): try erase(desk(number), record)
        case .settle(let number, let takeOther): try settleConflict(desk(number), takeOther)
        case .takeNumbers(let number, let count): try takeNumbers(desk(number), count)
        case .writeTooMuch(let number, let record):
            try write(desk(number), record, 1, SimulatedServer.tooMuchBytes)
        case .sync(let number): sync(desk(number))
        case .watch(let number): watch(desk(number))
        case .stopWatching(let number):
            desk(number).watching?.cancel()
            desk(number).watching = nil
        case .settleAll: try settleAll()
        default: try suffer(action)
        }
    }

    func desk(_ number: Int) -> Workstation { desks[number % desks.count] }

    // MARK: Work

    /// Runs one transaction of somebody's work; false if it could not be done, and nothing of it was kept.
    private func work(
        _ desk: Workstation, basedOn position: UInt64? = nil, _ body: (WriteTransaction) throws -> Void
    ) throws -> Bool {
        let before = try desk.replica.status().pending
        do {
            try desk.replica.write(basedOn: position, body)
            return true
        } catch  where desk.computer.hasLostPower {
            // Nobody was told that it is saved. It may be: then it is a write like any other.
            try restorePower()
            return try desk.replica.status().pending > before
        } catch let error as ReplicaError {
            let understood: [ReplicaError.Code] = [
                .recordErased, .recordMissing, .parentMissing, .recordExists, .snapshotTooOld, .diskFull,
            ]
            guard try desk.replica.status().pending == before else {
                throw Violation("I2", "desk \(desk.number) kept what it said it could not: \(error)")
            }
            guard understood.contains(error.code) else { throw error }
            trace.note("desk \(desk.number) cannot: \(error.message)")
            return false
        }
    }

    private func state(_ desk: Workstation) throws -> DeskState {
        try DeskState(desk.replica, isNewer: desk.isNewer, records: script.setup.records)
    }

    private func past(_ state: DeskState, _ place: Oracle.Place) -> Set<Int> {
        oracle.past(of: state.values[place] ?? [], at: place)
    }

    private func write(_ desk: Workstation, _ record: Int, _ fields: Int, _ padding: Int) throws {
        let before = try state(desk)
        let places = places(record, fields, desk)
        let own = desk.memory.own
        try writePlant(desk, record, places, padding, basedOn: nil) { place in
            // Whoever writes has seen what he wrote himself, even where it is not shown just now.
            self.past(before, place).union(self.oracle.past(of: own[place] ?? [], at: place))
        }
    }

    private func places(_ record: Int, _ fields: Int, _ desk: Workstation) -> [Oracle.Place] {
        var kinds: [Oracle.Place.Kind] = []
        if fields & 1 != 0 { kinds.append(.name) }
        if fields & 2 != 0 { kinds.append(.height) }
        if fields & 4 != 0, desk.isNewer { kinds.append(.soil) }
        if fields & 8 != 0 { kinds.append(.leafName) }
        return kinds.map { .init(record: record, kind: $0) }
    }

    private func writePlant(
        _ desk: Workstation, _ record: Int, _ places: [Oracle.Place], _ padding: Int, basedOn position: UInt64?,
        seen: (Oracle.Place) -> Set<Int>
    ) throws {
        guard !places.isEmpty else { return }
        let number = oracle.nextWrite()
        let kinds = Set(places.map(\.kind))
        let isDone = try work(desk, basedOn: position) { tx in
            try Self.writePlant(tx, record, kinds, text: Notebook.marker(number, padding: padding), number, desk)
        }
        guard isDone else { return }
        if padding >= SimulatedServer.tooMuchBytes {
            oracle.refuse(number)
            happened.insert(.refusals)
        }
        for place in places {
            oracle.note(number, at: place, seen: seen(place))
            desk.memory.own[place, default: []].insert(number)
        }
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) wrote \(number)")
        if kinds.contains(.leafName), kinds.count > 1 { try lookBeside(number, places, desk, seen) }
    }

    /// A commit over two records may be unable to say what it replaces (CommitContext): then that must stand beside it here
    /// already, and is not replaced. Any other must have replaced what was seen.
    private func lookBeside(
        _ write: Int, _ places: [Oracle.Place], _ desk: Workstation, _ seen: (Oracle.Place) -> Set<Int>
    ) throws {
        let state = try state(desk)
        for place in places {
            let left = (state.values[place] ?? []).intersection(seen(place)).subtracting([write])
            if left.isEmpty { continue }
            guard try desk.latestCommitHasContext() else {
                throw Violation("I7", "write \(write) at \(place) did not replace \(left.sorted()) at its own desk")
            }
            oracle.leave(left, beside: write, at: place)
        }
    }

    private static func writePlant(
        _ tx: WriteTransaction, _ record: Int, _ kinds: Set<Oracle.Place.Kind>, text: String, _ number: Int,
        _ desk: Workstation
    ) throws {
        let collection = desk.isNewer ? Notebook.newerPlants : Notebook.plants
        let plant = Notebook.plant(record)
        let fill: (inout RowWriter) -> Void = { row in
            if kinds.contains(.name) { row[Notebook.name] = text }
            if kinds.contains(.height) { row[Notebook.height] = Int64(number) }
            if kinds.contains(.soil) { row[Notebook.soil] = text }
        }
        if kinds != [.leafName] {
            if try tx.snapshot.fetch(collection, plant) != nil {
                try tx.update(collection, plant, fill)
            } else {
                try tx.insert(collection, id: plant, fill)
            }
        }
        guard kinds.contains(.leafName) else { return }
        let leaf = Notebook.leaf(record)
        if try tx.snapshot.fetch(Notebook.leaves, leaf) != nil {
            try tx.update(Notebook.leaves, leaf) { $0[Notebook.leafName] = text }
        } else {
            try tx.insert(Notebook.leaves, id: leaf, parent: plant) { $0[Notebook.leafName] = text }
        }
    }

    private func openForm(_ desk: Workstation, _ record: Int) throws {
        let state = try state(desk)
        let position = try desk.replica.read { $0.position }
        var form = Workstation.Form(record: record, position: position, seen: [:])
        for place in places(record, 7, desk) { form.seen[place] = past(state, place) }
        desk.form = form
    }

    private func saveForm(_ desk: Workstation, _ fields: Int) throws {
        guard let form = desk.form else { return }
        desk.form = nil
        let own = desk.memory.own
        try writePlant(desk, form.record, places(form.record, fields & 7, desk), 0, basedOn: form.position) { place in
            // Own writes count as seen. What they had replaced was not on the form: of one that the server refuses it comes
            // back, and the form's commit never said to have seen it.
            let own = own[place] ?? []
            return (form.seen[place] ?? []).union(own).union(
                self.oracle.past(of: own.subtracting(self.oracle.refused), at: place))
        }
    }

    private func addNote(_ desk: Workstation, _ record: Int) throws {
        let number = oracle.nextWrite()
        let id = desk.replica.makeID()
        let isDone = try work(desk) { tx in
            try tx.add(Notebook.remarks, id: id, parent: Notebook.plant(record)) {
                $0[Notebook.text] = Notebook.marker(number)
            }
        }
        guard isDone else { return }
        oracle.addNote(number, .init(plant: record, id: id))
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) noted \(number)")
    }

    private func writeTool(_ desk: Workstation, _ record: Int) throws {
        guard desk.isNewer else { return }
        let before = try state(desk)
        let place = Oracle.Place(record: record % 2, kind: .toolName)
        let number = oracle.nextWrite()
        let id = Notebook.tool(record % 2)
        let isDone = try work(desk) { tx in
            let fill: (inout RowWriter) -> Void = { $0[Notebook.toolName] = Notebook.marker(number) }
            if try tx.snapshot.fetch(Notebook.tools, id) != nil {
                try tx.update(Notebook.tools, id, fill)
            } else {
                try tx.insert(Notebook.tools, id: id, fill)
            }
        }
        guard isDone else { return }
        oracle.note(number, at: place, seen: past(before, place))
        desk.memory.own[place, default: []].insert(number)
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
    }

    private func erase(_ desk: Workstation, _ record: Int) throws {
        let number = oracle.nextWrite()
        let collection = desk.isNewer ? Notebook.newerPlants : Notebook.plants
        guard try work(desk, { try $0.erase(collection, Notebook.plant(record)) }) else { return }
        oracle.erase(number, plant: record)
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) erased plant \(record) by \(number)")
    }

    /// Somebody decides a conflict: for the other value, or by writing a new one.
    private func settleConflict(_ desk: Workstation, _ takeOther: Bool) throws {
        let state = try state(desk)
        guard let conflict = try desk.replica.read({ try $0.conflicts() }).first,
            let place = state.places.first(where: { self.isOf(conflict, $0) })
        else { return }
        guard takeOther else {
            if place.kind == .toolName { return try writeTool(desk, place.record) }
            let fields = [.name: 1, .height: 2, .soil: 4, .leafName: 8][place.kind] ?? 1
            return try write(desk, place.record, fields, 0)
        }
        let seen = past(state, place)
        let other: Int
        switch conflict.other {
        case .integer(let number): other = Int(number)
        case .text(let text): other = Notebook.write(of: text) ?? 0
        default: return
        }
        let number = oracle.nextWrite()
        guard try work(desk, { try $0.settle(conflict, takeOther: true) }) else { return }
        oracle.repeatWrite(other, at: place, seen: seen)
        desk.memory.own[place, default: []].insert(other)
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) took \(other) in a conflict")
    }

    private func isOf(_ conflict: Conflict, _ place: Oracle.Place) -> Bool {
        switch place.kind {
        case .name: conflict.record == Notebook.plant(place.record) && conflict.field.number == 1
        case .height: conflict.record == Notebook.plant(place.record) && conflict.field.number == 2
        case .soil: conflict.record == Notebook.plant(place.record) && conflict.field.number == 3
        case .leafName: conflict.record == Notebook.leaf(place.record)
        case .toolName: conflict.record == Notebook.tool(place.record)
        }
    }

    private func takeNumbers(_ desk: Workstation, _ count: Int) throws {
        for _ in 0..<count {
            var taken: UInt64?
            guard try work(desk, { taken = try $0.takeLeasedNumber() }), let number = taken else { return }
            if let other = numbers[number], happened.isDisjoint(with: [.copies, .restores]) {
                throw Violation("I6", "number \(number) was given to desks \(other) and \(desk.number)")
            }
            numbers[number] = desk.number
        }
    }

    // MARK: Exchange

    private func sync(_ desk: Workstation) {
        guard desk.syncing.count < 2 else { return }
        let (client, life) = (desk.client, desk.life)
        let number = (desk.syncing.keys.max() ?? 0) + 1
        desk.syncing[number] = Task(executorPreference: executor) {
            do {
                let report = try await client.sync { self.note($0.events, desk, life) }
                self.note(report, desk, life)
            } catch {
                self.note(error, desk, life)
            }
            if desk.life == life { desk.syncing[number] = nil }
        }
    }

    private func watch(_ desk: Workstation) {
        guard desk.watching == nil else { return }
        let (client, life) = (desk.client, desk.life)
        desk.watching = Task(executorPreference: executor) {
            do {
                try await client.watch { event in
                    switch event {
                    case .upToDate(let report): self.note(report, desk, life)
                    case .received(let receipt): self.note(receipt.events, desk, life)
                    case .offline(let error, _): self.note(error, desk, life)
                    }
                }
            } catch {
                self.note(error, desk, life)
            }
        }
    }

    func note(_ report: SyncReport, _ desk: Workstation, _ life: Int) {
        guard desk.life == life else { return }
        let counts = "\(report.acknowledged) sent, \(report.applied) received"
        trace.note("desk \(desk.number) synced: \(counts), at \(report.position)")
    }

    /// What an exchange led to; some of it may not happen unless something else has.
    func note(_ events: [Receipt.Event], _ desk: Workstation, _ life: Int) {
        guard desk.life == life else { return }
        for event in events {
            if event.meansNewID, desk.parts.transport.hasUnansweredCommits { oracle.blur(desk.memory.commits) }
            switch event {
            case .forked where !happened.contains(.copies):
                fail(Violation("I9", "desk \(desk.number) forked, and nobody has copied it"))
            case .diverged where !happened.contains(.restores), .differs where !happened.contains(.restores):
                fail(Violation("I4", "desk \(desk.number) found that the server differs: \(event)"))
            case .unvouched:
                hasCompared = true
                trace.note("desk \(desk.number): \(name(event))")
            case .setAside where !happened.contains(.refusals):
                fail(Violation("I11", "desk \(desk.number) put a sound commit aside"))
            case .unopened: fail(Violation("I12", "desk \(desk.number) could not open a change"))
            default: trace.note("desk \(desk.number): \(name(event))")
            }
        }
        if let found = record.violation { fail(found) }
    }

    private func name(_ event: Receipt.Event) -> String {
        switch event {
        case .forked: "forked"
        case .renewed: "took a new id for a new server process"
        case .clockCorrected(let milliseconds): "clock corrected by \(milliseconds) ms"
        case .setAside(let number, let reason): "commit \(number) put aside, \(reason)"
        case .diverged: "the server has lost data"
        case .unvouched: "compares with a new server process"
        case .differs: "differs from the server"
        case .unopened(let count): "\(count) changes not opened"
        }
    }

    func note(_ error: any Error, _ desk: Workstation, _ life: Int) {
        guard desk.life == life, !(error is CancellationError), !desk.computer.hasLostPower else { return }
        trace.note("desk \(desk.number) failed: \(error)")
        if let error = error as? SyncError, error.isTransient { return }
        if let error = error as? ReplicaError, error.code == .diskFull { return }
        fail(Violation("unexpected", "desk \(desk.number): \(error)"))
    }

    func fail(_ found: Violation) { violation = violation ?? found }
}

extension Receipt.Event {
    fileprivate var meansNewID: Bool {
        switch self {
        case .forked, .renewed, .diverged, .unvouched: true
        default: false
        }
    }
}
