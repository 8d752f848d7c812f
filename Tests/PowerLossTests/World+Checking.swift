import ChangeLog
import Foundation
import Merge
import Replica
import SQLite
import SimulatedDisk
import Support
import SyncClient
import SyncServer

extension World {
    /// Everything on again, with a line and workstations that have joined it; what was confirmed of that must be there.
    func recover() async throws -> [String] {
        var problems: [String] = []
        // An upgrade that was interrupted is gone through with: an older program does not show all that is there.
        let newest = Machine.desks.compactMap { scene.schemas[$0] }.max() ?? 1
        for machine in Machine.desks where scene.schemas[machine] != newest { upgrade(machine, to: newest) }
        for machine in Machine.allCases where !isOn(machine) { try start(machine) }
        guard let log else { return ["the server is off"] }
        if ledger.isLineConfirmed, try await log.lines().isEmpty { problems.append("the line is gone") }
        for machine in Machine.desks where try desk(machine).replica.membership() == nil {
            if ledger.joined.contains(machine) { problems.append("\(machine) does not belong to the line any more") }
            try await machine == .first ? found() : join()
        }
        return problems
    }

    /// What is wrong with a computer by itself: its file's soundness, what was confirmed there, what it dropped.
    func problems(at machine: Machine, isServerWhole: Bool) async throws -> [String] {
        let connection = try Connection(path: machine.file, mode: .readOnly, vfs: disk(machine).vfs)
        var problems: [String] = []
        let check = try connection.text("PRAGMA integrity_check") ?? ""
        if check != "ok" { problems.append("\(machine): integrity check: \(check)") }
        guard machine != .server else { return problems }
        problems += ledger.problems(in: try view(of: machine), of: machine).map { "\(machine): \($0)" }
        let state = try connection.withStatement(
            "SELECT replica, number, acknowledged, (SELECT count(*) FROM lugn_outbox) FROM lugn_state"
        ) { row in
            _ = try row.step()
            return (
                ReplicaID(rawValue: UInt64(bitPattern: row.integer(0))), row.integer(1), row.integer(2), row.integer(3)
            )
        }
        if state.1 - state.2 != state.3 {
            problems.append("\(machine): the outbox dropped what was not acknowledged (I4)")
        }
        if isServerWhole, state.2 > 0, let log, let line = try await log.lines().first?.id {
            let held = try await log.replicas(of: line).first { $0.replica == state.0 }?.lastNumber ?? 0
            if held < UInt64(state.2) {
                problems.append("\(machine): the server lost what it had acknowledged (I4)")
            }
        }
        return problems
    }

    /// What a workstation shows, and what stands beside it.
    func view(of machine: Machine) throws -> Ledger.View {
        try desk(machine).replica.read { snapshot in
            let hasSoil = snapshot.schema(has: "soil")
            var found = try snapshot.query("SELECT id, 'name=' || name FROM plants") { row in row.labelled() }
            found += try snapshot.query("SELECT id, 'text=' || text FROM remarks") { row in row.labelled() }
            found += try snapshot.query(
                "SELECT record, 'name=' || value FROM lugn_sibling WHERE collection = 1 AND field = 1"
            ) { row in row.labelled() }
            if hasSoil {
                found += try snapshot.query("SELECT id, 'soil=' || soil FROM plants WHERE soil IS NOT NULL") { row in
                    row.labelled()
                }
            }
            var view: Ledger.View = [:]
            for (id, value) in found { view[id, default: []].insert(value) }
            return view
        }
    }

    /// Syncs until both workstations have proven that they hold what the server holds; then all must be there.
    func problemsAfterSyncing() async throws -> [String] {
        for _ in 0..<6 {
            for machine in Machine.desks { try await desk(machine).client.sync { self.note($0.events) } }
            let statuses = try Machine.desks.map { try desk($0).replica.status() }
            if statuses.allSatisfy({ $0.isVerified == true }), statuses[0].fingerprint == statuses[1].fingerprint {
                return try await problemsWhenVerified()
            }
            clock.withLock { $0 += 1_000 }
        }
        return ["the workstations do not verify"]
    }

    private func problemsWhenVerified() async throws -> [String] {
        var problems: [String] = []
        let views = try Machine.desks.map(view)
        if views[0] != views[1] { problems.append("verified, and different") }
        problems += ledger.problems(in: views[0], of: nil).map { "after syncing: \($0)" }
        for machine in Machine.desks {
            let replica = try desk(machine).replica
            let status = try replica.status()
            if try replica.recomputedFingerprint() != status.fingerprint {
                problems.append("\(machine): the fingerprint is not that of its rows")
            }
            if status.setAside > 0 || status.unopened > 0 || status.pending > 0 {
                problems.append("\(machine): set aside, not opened or not sent")
            }
        }
        if let log, let line = try await log.lines().first?.id,
            try await !log.verify(line: line, now: clock.withLock({ $0 })).isSound
        {
            problems.append("the server's fingerprint is not that of its rows")
        }
        return problems + erasedTextsOnDisk()
    }

    /// Texts whose erasure was confirmed and that still stand in some file, once all have synced (I5).
    func erasedTextsOnDisk() -> [String] {
        let erased = Set(ledger.erasures.filter(\.isConfirmed).map(\.record))
        let texts = ledger.writes.filter { erased.contains($0.record) || $0.parent.map(erased.contains) == true }
        return Machine.allCases.flatMap { machine in
            disk(machine).fileNames.flatMap { name in
                let bytes = Data(disk(machine).bytes(of: name) ?? [])
                return texts.filter { write in
                    bytes.range(of: Data(write.value.utf8.dropFirst("name=".utf8.count))) != nil
                }.map { "\(machine)\(name) still holds \($0.value), erased (I5)" }
            }
        }
    }
}

extension Snapshot {
    borrowing func schema(has column: String) -> Bool {
        let count = try? query("SELECT count(*) FROM pragma_table_info('plants') WHERE name = '\(column)'") {
            $0.integer(0)
        }
        return count == [1]
    }
}

extension Statement {
    /// An id and a value in the first two columns.
    borrowing func labelled() -> (RecordID, String) {
        let halves = halves(0) ?? (0, 0)
        return (RecordID(high: halves.high, low: halves.low), text(1))
    }
}
