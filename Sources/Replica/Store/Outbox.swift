import Merge
import SQLite
import SyncProtocol

/// The commits that the server has not acknowledged, in plain form, and what they hide. Owner of `lugn_outbox`.
struct Outbox {
    let connection: Connection

    static let definition = """
        -- Commits that the server has not acknowledged, in plain form.
        CREATE TABLE lugn_outbox (
            number INTEGER PRIMARY KEY, time INTEGER NOT NULL, dot INTEGER NOT NULL, wall INTEGER NOT NULL,
            change_count INTEGER NOT NULL,
            body BLOB NOT NULL,                  -- its changes, as they travel, unsealed
            hidden BLOB                          -- what stood where it wrote: stands again if it is refused
        ) STRICT;
        """

    struct Commit {
        var number: UInt64
        var stamp: Stamp
        var body: [UInt8]
        var hidden: [UInt8]?

        /// The changes, each with its payload in plain form.
        func changes(_ limits: Limits) throws(ProtocolError) -> [PlainChange] {
            var reader = CBORReader(body)
            var changes: [PlainChange] = []
            while !reader.isAtEnd {
                let change = try reader.change(limits: limits)
                changes.append(PlainChange(stamp: stamp, header: change.header, payload: change.sealed))
            }
            return changes
        }

        func hiddenChanges(_ limits: Limits) throws(ProtocolError) -> [PlainChange] {
            guard let hidden else { return [] }
            return try PlainChange.decode(hidden, limits: limits)
        }
    }

    // MARK: Looking

    private static let existence = StatementText("SELECT EXISTS (SELECT 1 FROM lugn_outbox)")

    /// Whether everything is acknowledged. Cost: a look at one page, where ``summary()`` walks over them all.
    func isEmpty() throws -> Bool { try connection.integer(Self.existence) == 0 }

    func summary() throws -> (count: Int, oldest: Int64?) {
        try connection.withStatement("SELECT count(*), min(wall) FROM lugn_outbox") { row in
            guard try row.step() else { return (0, nil) }
            return (Int(row.integer(0)), row.optionalInteger(1))
        }
    }

    /// Which commit each dot names.
    func numbers() throws -> [Dot: UInt64] {
        try connection.withStatement("SELECT dot, number FROM lugn_outbox") { row in
            var numbers: [Dot: UInt64] = [:]
            while try row.step() { numbers[Dot(row, 0)] = UInt64(row, 1) }
            return numbers
        }
    }

    /// Numbers and stamps, in order: all that digests are made of.
    func stamps() throws -> [(number: UInt64, stamp: Stamp)] {
        try connection.withStatement("SELECT number, time, dot FROM lugn_outbox ORDER BY number") { row in
            var stamps: [(UInt64, Stamp)] = []
            while try row.step() {
                stamps.append((UInt64(row, 0), Stamp(time: HybridTimestamp(row, 1), dot: Dot(row, 2))))
            }
            return stamps
        }
    }

    /// Calls the body for each commit from a number on, in order, until it returns false.
    func forEach(from number: UInt64 = 0, _ body: (Commit) throws -> Bool) throws {
        try connection.withStatement(
            "SELECT number, time, dot, body, hidden FROM lugn_outbox WHERE number >= ? ORDER BY number"
        ) { row in
            try number.bind(row, 1)
            while try row.step() {
                let commit = Commit(
                    number: UInt64(row, 0), stamp: Stamp(time: HybridTimestamp(row, 1), dot: Dot(row, 2)),
                    body: row.bytes(3), hidden: row.optionalBytes(4))
                if try !body(commit) { return }
            }
        }
    }

    func commit(_ number: UInt64) throws -> Commit? {
        var found: Commit?
        try forEach(from: number) { commit in
            if commit.number == number { found = commit }
            return false
        }
        return found
    }

    // MARK: Changing

    private static let insertion = StatementText(
        "INSERT INTO lugn_outbox (number, time, dot, wall, change_count, body, hidden) VALUES (?, ?, ?, ?, ?, ?, ?)")

    func insert(_ commit: borrowing Commit, changeCount: Int, wallMilliseconds: Int64) throws {
        let body = commit.body
        try connection.withStatement(Self.insertion) { row in
            try commit.number.bind(row, 1)
            try commit.stamp.time.bind(row, 2)
            try commit.stamp.dot.bind(row, 3)
            try row.bind(4, wallMilliseconds)
            try row.bind(5, changeCount)
            try row.bind(7, commit.hidden)
            try row.run(borrowing: body) { binder throws(SQLiteError) in
                try binder.bind(6, blob: 0..<body.count)
            }
        }
    }

    /// The server holds them.
    func remove(through number: UInt64) throws {
        try connection.withStatement("DELETE FROM lugn_outbox WHERE number <= ?") { row in
            try number.bind(row, 1)
            try row.run()
        }
    }

    /// Under a new replica id the numbers begin anew: 1, 2, 3 …
    func renumber(after acknowledged: UInt64) throws {
        try connection.withStatement("UPDATE lugn_outbox SET number = number - ?") { row in
            try acknowledged.bind(row, 1)
            try row.run()
        }
    }

    func setTime(_ number: UInt64, _ time: HybridTimestamp) throws {
        try connection.withStatement("UPDATE lugn_outbox SET time = ?2 WHERE number = ?1") { row in
            try number.bind(row, 1)
            try time.bind(row, 2)
            try row.run()
        }
    }

    /// Lets an empty commit take a number, under a dot of its own, so that nobody can take the one for the other.
    func empty(_ number: UInt64, dot: Dot) throws {
        try connection.withStatement(
            "UPDATE lugn_outbox SET dot = ?2, change_count = 0, body = zeroblob(0), hidden = NULL WHERE number = ?1"
        ) { row in
            try number.bind(row, 1)
            try dot.bind(row, 2)
            try row.run()
        }
    }

    func set(_ number: UInt64, body: [UInt8], hidden: [UInt8]?) throws {
        try connection.withStatement("UPDATE lugn_outbox SET body = ?2, hidden = ?3 WHERE number = ?1") { row in
            try number.bind(row, 1)
            try row.bind(2, body)
            try row.bind(3, hidden)
            try row.run()
        }
    }

    /// Takes out of all commits, and of what they hide, the changes that the caller says are erased. A commit stays itself:
    /// its digest covers no content.
    func erase(_ limits: Limits, _ isErased: (ChangeHeader) throws -> Bool) throws {
        var changed: [(UInt64, [UInt8], [UInt8]?)] = []
        try forEach { commit in
            let changes = try commit.changes(limits)
            let hidden = try commit.hiddenChanges(limits)
            let kept = try changes.filter { try $0.header.kind == .erase || !isErased($0.header) }
            let keptHidden = try hidden.filter { try !isErased($0.header) }
            if kept.count == changes.count, keptHidden.count == hidden.count { return true }
            var body = CBORWriter()
            for change in kept { body.change(header: change.header, content: change.payload) }
            changed.append(
                (commit.number, body.bytes, keptHidden.isEmpty ? nil : PlainChange.encode(keptHidden)))
            return true
        }
        for (number, body, hidden) in changed { try set(number, body: body, hidden: hidden) }
    }
}
