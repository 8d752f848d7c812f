import Merge
import SQLite
public import SyncProtocol

/// A commit that the server can never take, kept for people to look at.
public struct SetAsideCommit: Sendable {
    public var number: UInt64
    public var reason: SyncResponse.Reason
    /// When it was written, and when it was put aside: milliseconds since 1970.
    public var writtenAt: Int64
    public var setAsideAt: Int64
    public var changeCount: Int
}

/// Commits that the server can never take, with the reason. Owner of `lugn_set_aside`.
///
/// Their values have left the tables, since no other desk will ever have them. They stay visible to people, so that who
/// writes where one of them was shown replaces it, too.
struct SetAside {
    let connection: Connection

    static let definition = """
        -- Commits the server can never take, with the reason, for people.
        CREATE TABLE lugn_set_aside (
            number INTEGER NOT NULL, time INTEGER NOT NULL, dot INTEGER NOT NULL, reason INTEGER NOT NULL,
            at INTEGER NOT NULL, body BLOB NOT NULL
        ) STRICT;
        """

    func isEmpty() throws -> Bool { try connection.integer("SELECT EXISTS (SELECT 1 FROM lugn_set_aside)") == 0 }
    func count() throws -> Int { Int(try connection.integer("SELECT count(*) FROM lugn_set_aside") ?? 0) }

    func insert(_ commit: Outbox.Commit, body: [UInt8], reason: SyncResponse.Reason, at wall: Int64) throws {
        try connection.withStatement(
            "INSERT INTO lugn_set_aside (number, time, dot, reason, at, body) VALUES (?, ?, ?, ?, ?, ?)"
        ) { row in
            try commit.number.bind(row, 1)
            try commit.stamp.time.bind(row, 2)
            try commit.stamp.dot.bind(row, 3)
            try row.bind(4, Int64(reason.rawValue))
            try row.bind(5, wall)
            try row.bind(6, body)
            try row.run()
        }
    }

    /// What was put aside, the latest first.
    func commits() throws -> [Outbox.Commit] {
        try connection.withStatement(
            "SELECT number, time, dot, body FROM lugn_set_aside ORDER BY at DESC, number DESC"
        ) { row in
            var commits: [Outbox.Commit] = []
            while try row.step() {
                commits.append(
                    Outbox.Commit(
                        number: UInt64(row, 0), stamp: Stamp(time: HybridTimestamp(row, 1), dot: Dot(row, 2)),
                        body: row.bytes(3)))
            }
            return commits
        }
    }

    /// Throws a commit away; false where there is none of this number.
    func remove(_ number: UInt64) throws -> Bool {
        try connection.withStatement("DELETE FROM lugn_set_aside WHERE number = ?") { row in
            try number.bind(row, 1)
            try row.run()
        }
        return connection.changedRowCount > 0
    }

    /// The same with the reasons, for people.
    func list(_ limits: Limits) throws -> [SetAsideCommit] {
        try connection.withStatement(
            "SELECT number, reason, time, at, dot, body FROM lugn_set_aside ORDER BY at DESC, number DESC"
        ) { row in
            var list: [SetAsideCommit] = []
            while try row.step() {
                let commit = Outbox.Commit(
                    number: UInt64(row, 0), stamp: Stamp(time: HybridTimestamp(row, 2), dot: Dot(row, 4)),
                    body: row.bytes(5))
                list.append(
                    SetAsideCommit(
                        number: commit.number,
                        reason: SyncResponse.Reason(rawValue: UInt64(row, 1)) ?? .malformed,
                        writtenAt: commit.stamp.time.milliseconds, setAsideAt: row.integer(3),
                        changeCount: try commit.changes(limits).count))
            }
            return list
        }
    }

    /// The changes of a record that were put aside.
    func changes(of record: RecordID, _ limits: Limits) throws -> [PlainChange] {
        try forEach(limits).flatMap(\.changes).filter { $0.header.record == record }
    }

    /// Takes erased records out; a commit of which nothing is left goes.
    func erase(_ limits: Limits, _ isErased: (ChangeHeader) throws -> Bool) throws {
        for (row, changes) in try forEach(limits) {
            let kept = try changes.filter { try !isErased($0.header) }
            if kept.count == changes.count { continue }
            var body = CBORWriter()
            for change in kept { body.change(header: change.header, content: change.payload) }
            let sql =
                kept.isEmpty
                ? "DELETE FROM lugn_set_aside WHERE rowid = ?1" : "UPDATE lugn_set_aside SET body = ?2 WHERE rowid = ?1"
            try connection.withStatement(sql) { statement in
                try statement.bind(1, row)
                if !kept.isEmpty { try statement.bind(2, body.bytes) }
                try statement.run()
            }
        }
    }

    private func forEach(_ limits: Limits) throws -> [(row: Int64, changes: [PlainChange])] {
        try connection.withStatement("SELECT rowid, number, time, dot, body FROM lugn_set_aside") { row in
            var result: [(Int64, [PlainChange])] = []
            while try row.step() {
                let commit = Outbox.Commit(
                    number: UInt64(row, 1), stamp: Stamp(time: HybridTimestamp(row, 2), dot: Dot(row, 3)),
                    body: row.bytes(4))
                result.append((row.integer(0), try commit.changes(limits)))
            }
            return result
        }
    }
}
