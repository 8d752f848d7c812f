import ChangeLog
import Merge
import Replica
import SQLite
import Sealing
import SimulatedLead
import Trust

extension Simulation {
    /// The server's position and state.
    func head() throws -> (position: UInt64, fingerprint: Fingerprint)? {
        guard let server = network.server,
            let summary = try value("the lines", { try await server.log.lines() }).first
        else { return nil }
        return (summary.head, summary.fingerprint)
    }

    /// All that must be true while nothing moves.
    func check() throws {
        if let found = record.violation { throw found }
        let members = members
        let states = try members.map {
            try DeskState($0.replica, isNewer: $0.isNewer, records: script.setup.records)
        }
        try checkEqual(members, states)
        try checkSums()
        guard let state = newest(members, states) else { return }
        try checkNothingIsLost(state)
        try checkNotes(state)
        try checkErasures(state)
        try checkFiles()
    }

    /// The state of a desk with the newer schema, if there is one: it shows the most.
    private func newest(_ members: [Workstation], _ states: [DeskState]) -> DeskState? {
        zip(members, states).first { $0.0.isNewer }?.1 ?? states.first
    }

    // MARK: Equality

    private func checkEqual(_ members: [Workstation], _ states: [DeskState]) throws {
        let newer = zip(members, states).filter { $0.0.isNewer }
        for (desk, state) in zip(members, states) {
            try compare(state.common, states[0].common, desk, members[0])
            if let place = state.misplaced.first {
                throw Violation("I1", "desk \(desk.number) shows another value than the latest: \(place)")
            }
        }
        let conflicts = try Dictionary(
            uniqueKeysWithValues: members.map { desk in
                (desk.number, try desk.replica.read { try $0.conflicts().map(\.id) })
            })
        for (desk, state) in newer {
            try compare(state.newer, newer[0].1.newer, desk, newer[0].0)
            guard conflicts[desk.number] == conflicts[newer[0].0.number] else {
                throw Violation("I7", "desks \(desk.number) and \(newer[0].0.number) have different conflicts")
            }
        }
        let older = members.filter { !$0.isNewer }
        for desk in older where conflicts[desk.number] != conflicts[older[0].number] {
            throw Violation("I7", "desks \(desk.number) and \(older[0].number) have different conflicts")
        }
    }

    private func compare(_ one: [String], _ other: [String], _ desk: Workstation, _ first: Workstation) throws {
        guard one != other else { return }
        let difference = Set(one).symmetricDifference(other).sorted().prefix(4).joined(separator: "; ")
        throw Violation("I1", "desks \(first.number) and \(desk.number) differ: \(difference)")
    }

    private func checkSums() throws {
        guard let server = network.server else { return }
        let line = line
        let now = serverClock.now
        let verification = try value("verification") { try await server.log.verify(line: line, now: now) }
        guard verification.isSound else {
            throw Violation("I1", "the server's fingerprint is not that of its state: \(verification)")
        }
        for desk in members {
            guard try desk.replica.recomputedFingerprint() == desk.replica.status().fingerprint else {
                throw Violation("I1", "the fingerprint of desk \(desk.number) is not that of its state")
            }
        }
    }

    // MARK: The oracle

    private func isAlive(_ write: Int) -> Bool {
        // What the server knew before it was put back, and nobody has on a disk of his own any more, is gone.
        !oracle.refused.contains(write)
            && (record.state.known.contains(write) || members.contains { $0.memory.written.contains(write) })
    }

    /// Every write stands, unless somebody who had seen it wrote later; and where it is known exactly who had seen what,
    /// nothing stands that somebody has replaced knowingly.
    private func checkNothingIsLost(_ state: DeskState) throws {
        let hasNewer = members.contains(where: \.isNewer)
        for (place, writes) in oracle.writes.sorted(by: { $0.key < $1.key }) {
            if let plant = place.plant, isErased(plant) { continue }
            if !hasNewer, place.kind == .soil || place.kind == .toolName { continue }
            // An erasure that died with a workstation may have been on its way: then nothing of the record is left.
            if let plant = place.plant, !state.plants.contains(plant), oracle.erasures.values.contains(plant) {
                continue
            }
            let visible = state.values[place] ?? []
            let counted = writes.keys.filter { isAlive($0) || visible.contains($0) }
            let replaced = counted.reduce(into: Set<Int>()) { $0.formUnion(writes[$1] ?? []) }
            for write in counted.sorted() where !visible.contains(write) && !replaced.contains(write) {
                throw Violation("I7", "write \(write) at \(place) is lost; visible: \(visible.sorted())")
            }
            for write in visible.sorted() {
                guard writes[write] != nil else { throw Violation("I1", "nobody wrote \(write) at \(place)") }
                if oracle.refused.contains(write) { throw Violation("I11", "refused write \(write) is shown") }
                if !oracle.blurred.contains(place), replaced.contains(write) {
                    throw Violation("I7", "write \(write) at \(place) was replaced knowingly, and still stands")
                }
            }
        }
    }

    private func isErased(_ plant: Int) -> Bool { oracle.isErased(plant, alive: isAlive) }

    private func checkNotes(_ state: DeskState) throws {
        for (write, note) in oracle.notes.sorted(by: { $0.key < $1.key }) where isAlive(write) {
            let count = state.notes[write] ?? 0
            if isErased(note.plant) { continue }
            // An erasure that died with a workstation may have reached others before.
            if count == 0, oracle.erasures.values.contains(note.plant) { continue }
            guard count == 1 else { throw Violation("I9", "note \(write) is there \(count) times") }
        }
    }

    private func checkErasures(_ state: DeskState) throws {
        for plant in 0..<script.setup.records where isErased(plant) {
            let remains = state.places.filter { $0.plant == plant }
            let notes = state.notes.keys.filter { oracle.notes[$0]?.plant == plant }
            guard !state.plants.contains(plant), remains.isEmpty, notes.isEmpty else {
                throw Violation("I5", "plant \(plant) was erased, and there is something of it")
            }
        }
    }

    // MARK: Files

    /// What was erased is in nobody's file, and nothing that anybody wrote, nor the key, in the server's.
    private func checkFiles() throws {
        let erased = erasedWrites()
        for desk in members {
            let bytes = desk.computer.bytes
            for write in Self.markers(bytes) where erased.contains(write) {
                throw Violation("I5", "desk \(desk.number) has erased write \(write) in its file")
            }
        }
        guard let server = network.server else { return }
        let bytes = try server.computer.contents()
        let keys = lead.keyring.keys.map { $0.secret.copied() }
        guard Self.markers(bytes).isEmpty, !keys.contains(where: { Self.contains(bytes, $0) }) else {
            throw Violation("I12", "the server's file holds content or a key")
        }
    }

    private func erasedWrites() -> Set<Int> {
        var erased: Set<Int> = []
        for plant in Set(oracle.erasures.values) where isErased(plant) {
            for (place, writes) in oracle.writes where place.plant == plant { erased.formUnion(writes.keys) }
            for (write, note) in oracle.notes where note.plant == plant { erased.insert(write) }
        }
        return erased
    }

    /// The writes whose text is anywhere in the bytes.
    private static func markers(_ bytes: [UInt8]) -> Set<Int> {
        let marker = Array(Notebook.markerStart.utf8)
        var writes: Set<Int> = []
        for start in positions(of: marker, in: bytes) {
            let digits = bytes[(start + marker.count)...].prefix(7)
            if let write = Int(String(decoding: digits, as: UTF8.self)) { writes.insert(write) }
        }
        return writes
    }

    private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        !positions(of: wanted, in: bytes).isEmpty
    }

    private static func positions(of wanted: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = wanted.first, bytes.count >= wanted.count else { return [] }
        var found: [Int] = []
        let span = bytes.span
        for start in 0...(bytes.count - wanted.count) where span[start] == first {
            if bytes[start..<start + wanted.count].elementsEqual(wanted) { found.append(start) }
        }
        return found
    }

    /// At the very end: the files themselves are sound.
    func finalCheck() throws {
        let computers: [any ServerComputer] = desks.map(\.computer) + [network.server?.computer].compactMap { $0 }
        for computer in computers {
            let problems = try computer.problems()
            guard problems.isEmpty else { throw Violation("damage", problems[0]) }
        }
    }
}
