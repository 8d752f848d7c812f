import Merge
import SQLite
import Sealing
import Support
public import SyncProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension Replica {
    /// Makes a sound file of a damaged or poisoned one: a new file takes what can be read of the old one, row by row, and its
    /// place; the old one is kept beside it.
    ///
    /// Unsent work goes on waiting, clocks begin anew, and the next exchange compares everything with the server, so that what
    /// could not be read comes back. Values that are wrong without being unreadable are found by a deep verification, which
    /// should follow.
    ///
    /// No other program may have the file open. Errors: `busy` where one has, `damaged` where nothing can be read, `inaccessible`,
    /// `newerVersion`; none of them has changed anything. Cost: reads and writes everything once.
    public static func repair(
        path: String, schema: Schema, limits: Limits = Limits(), environment: Environment = Environment()
    ) throws -> RepairReport {
        do {
            let repaired = path + ".repaired"
            for suffix in ["", "-wal", "-shm"] { unsafe unlink(repaired + suffix) }
            var report: RepairReport
            do {
                let old = try opened(path)
                report = try RepairedFile(path: repaired, schema: schema, limits: limits, environment: environment)
                    .fill(from: old)
                // So that the log beside it is empty when the file is moved; where that fails, the log goes with it.
                do { _ = try old.checkpoint() } catch {}
            } catch {
                for suffix in ["", "-wal", "-shm"] { unsafe unlink(repaired + suffix) }
                throw error
            }
            report.damagedPath = try exchange(path, repaired)
            return report
        } catch let error as SQLiteError {
            throw ReplicaError(error)
        }
    }

    /// For this connection alone.
    private static func opened(_ path: String) throws -> Connection {
        let connection = try Connection(path: path, mode: .readWrite, busyTimeoutMilliseconds: 3_000)
        try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        guard try connection.applicationID() == Tables.applicationID else {
            throw ReplicaError(
                .damaged,
                "nothing in the file can be read; it was left as it is: move it away, and join again with an empty folder"
            )
        }
        guard try connection.userVersion() == Tables.formatVersion else {
            throw ReplicaError(.newerVersion, "the data are of another version of the program; they were not touched")
        }
        return connection
    }

    /// Puts the new file in the old one's place, in one step. Returns where the old one lies.
    private static func exchange(_ path: String, _ repaired: String) throws -> String {
        let damaged = path + ".damaged"
        for suffix in ["", "-wal"] { unsafe unlink(damaged + suffix) }
        guard unsafe link(path, damaged) == 0 else {
            throw ReplicaError(
                .inaccessible,
                "the repaired file cannot be put in place; nothing was changed: check the folder's permissions")
        }
        _ = unsafe rename(path + "-wal", damaged + "-wal")
        unsafe unlink(path + "-shm")
        guard unsafe rename(repaired, path) == 0 else {
            throw ReplicaError(
                .inaccessible, "the repaired file cannot be put in place; it lies beside the old one: \(repaired)")
        }
        return damaged
    }
}

/// The new file, while it is filled.
private struct RepairedFile {
    let path: String
    let schema: Schema
    let limits: Limits
    let environment: Replica.Environment

    /// Tables that are made anew: what the server claims and gives is asked for again, and the schema is the program's.
    private static let leftOut: Set = [
        "lugn_state", "lugn_claim", "lugn_unopened", "lugn_lease", "lugn_schema", "lugn_collection", "lugn_field",
        "lugn_clock", "lugn_home",
    ]

    func fill(from old: Connection) throws -> RepairReport {
        let replica = try Replica(path: path, schema: schema, limits: limits, environment: environment)
        var report = RepairReport()
        try replica.session { session in
            let connection = session.store.connection
            try copy(old, connection, &report)
            session.link = try Link(connection)
            try session.store.begin(session.state)
            report.unsent = try session.store.outbox.summary().count
            try takeState(old, session)
            try session.store.begin(session.state)
            try session.layOutboxAnew()
            if report.unsent > 0 { try session.restampWaiting(atMost: HybridTimestamp(milliseconds: session.wall)) }
            try session.store.addUpAnew()
            if session.link.line != nil { try session.beginHealing() }
        }
        try replica.writer.withLock { writer throws(any Error) in _ = try writer.connection.checkpoint() }
        return report
    }

    private func copy(_ old: Connection, _ new: Connection, _ report: inout RepairReport) throws {
        let salvage = Salvage(damaged: old, sound: new)
        let collections = Set(schema.collections.map(\.name))
        let searches = schema.collections.filter { !$0.searchedMask.isEmpty }
        for table in try tables(new)
        where !Self.leftOut.contains(table) && !searches.contains(where: { table.hasPrefix($0.searchTable) }) {
            let outcome: Salvage.Outcome
            switch table {
            case "lugn_link":
                try new.execute("DELETE FROM lugn_link")
                outcome = try salvage.copy(table)
                if outcome.rows != 1 {
                    try new.execute("DELETE FROM lugn_link")
                    try Link().insert(new)
                    report.hasLostIdentity = true
                }
            case "lugn_outbox":
                outcome = try salvage.copy(table) { isCommit($0) }
                if outcome.hasGaps || outcome.refused > 0 { report.mayLackUnsent = true }
            case _ where collections.contains(table):
                outcome = try salvage.copy(table) { isRecord($0) }
                report.records += outcome.rows
            default: outcome = try salvage.copy(table)
            }
            report.refusedRows += outcome.refused
            if outcome.hasGaps { report.hasGaps = true }
        }
        // Made anew from the texts that are there.
        for collection in searches {
            try new.execute("DROP TABLE IF EXISTS \(collection.searchTable)")
            try FullText(connection: new, collection: collection)?.prepareTables()
        }
    }

    private func tables(_ connection: Connection) throws -> [String] {
        try connection.withStatement("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        {
            row in
            var names: [String] = []
            while try row.step() { names.append(row.text(0)) }
            return names
        }
    }

    private func isRecord(_ row: [String: Value]) -> Bool {
        guard case .blob(let id) = row["id"], id.count == 16, case .blob(let stamps) = row["stamps"],
            let state = RecordState(encoded: stamps.span)
        else { return false }
        return !state.isEmpty
    }

    private func isCommit(_ row: [String: Value]) -> Bool {
        guard case .blob(let body) = row["body"] else { return false }
        var hidden: [UInt8]?
        if case .blob(let bytes) = row["hidden"] { hidden = bytes }
        let stamp = Stamp(time: .zero, dot: Dot(rawValue: 0))
        let commit = Outbox.Commit(number: 0, stamp: stamp, body: body, hidden: hidden)
        do {
            _ = try commit.changes(limits)
            _ = try commit.hiddenChanges(limits)
            return true
        } catch { return false }
    }

    /// What every write reads: the desk's tag stays, if it can be read, and a plausible clock; the numbers are those of what waits.
    private func takeState(_ old: Connection, _ session: Session) throws {
        var known: ReplicaState?
        do { known = try ReplicaState(old) } catch {}
        if let known {
            session.state.desk = known.desk & 0xFFFF
            session.state.clock = min(known.clock, HybridTimestamp(milliseconds: session.wall))
        }
        let waiting = try session.store.outbox.stamps().map(\.number)
        session.state.acknowledged = (waiting.first ?? 1) - 1
        session.state.number = waiting.last ?? session.state.acknowledged
        session.link.move(to: .start, &session.state)
        session.link.isFirstSyncDone = false
        session.link.heals = 0
        session.link.scrubbedAt = nil
        session.link.leasesReceived = 0
    }
}

extension Session {
    /// Puts what waits into the tables where it could not be read there.
    fileprivate func layOutboxAnew() throws {
        var changes: [PlainChange] = []
        try store.outbox.forEach { commit in
            changes += try commit.changes(store.limits)
            return true
        }
        for change in changes {
            guard let collection = store.schema.collection(change.header.collection) else { continue }
            switch change.header.kind {
            case .put: if try !store.isErased(change.header) { try store.relay(collection, change.header.record) }
            case .add: try addAgain(change, collection)
            case .erase: _ = try store.erase(collection: collection.number, change.header.record)
            }
        }
    }

    private func addAgain(_ change: PlainChange, _ collection: CollectionSchema) throws {
        if try store.isErased(change.header) { return }
        let payload = Array(change.payload)
        var places: [ValuePlace] = []
        _ = try ValueCodec.places(
            payload, fields: change.header.fields, collection: collection, limits: store.limits, into: &places)
        _ = try store.insertNote(
            collection, change.header.record, above: Above(change.header), stamp: change.stamp,
            fields: change.header.fields, places: places, buffer: payload)
    }
}
