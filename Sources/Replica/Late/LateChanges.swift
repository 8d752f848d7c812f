import Merge
import SQLite
import SyncProtocol

/// Changes that were sealed with an older key than this workstation has read the whole log under, and what they took away.
///
/// Whoever was removed still has that key, and a server could put such a change into the log: it counts as the protocol says, is
/// shown to the leads, and what it replaced or erased is kept aside. Owner of `lugn_late` and `lugn_held`.
struct LateChanges {
    let connection: Connection

    static let definition = """
        -- Changes of an older key that came when they should not have come any more, for leads. Mostly empty.
        CREATE TABLE lugn_late (
            record BLOB NOT NULL, dot INTEGER NOT NULL, collection INTEGER NOT NULL, kind INTEGER NOT NULL, parent BLOB,
            epoch INTEGER NOT NULL, written INTEGER NOT NULL,
            met INTEGER NOT NULL,                -- by this workstation's clock
            before BLOB,                         -- what stood in the record; null where there was none
            PRIMARY KEY (record, dot)
        ) STRICT, WITHOUT ROWID;
        -- What such an erasure took away, until it is destroyed: what stood in each record, as changes in plain form.
        CREATE TABLE lugn_held (
            record BLOB PRIMARY KEY, root BLOB NOT NULL, content BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    struct Mark {
        var record: RecordID
        var dot: Dot
        var collection: UInt32
        var kind: ChangeHeader.Kind
        var parent: RecordID?
        var epoch: UInt32
        var written: Int64
        var met: Int64
        var before: [UInt8]?
    }

    func isEmpty() throws -> Bool {
        try connection.integer("SELECT EXISTS (SELECT 1 FROM lugn_late) OR EXISTS (SELECT 1 FROM lugn_held)") == 0
    }

    func count() throws -> Int { Int(try connection.integer("SELECT count(*) FROM lugn_late") ?? 0) }

    // MARK: Marks

    func mark(_ mark: Mark) throws {
        try connection.withStatement(
            """
            INSERT OR IGNORE INTO lugn_late (record, dot, collection, kind, parent, epoch, written, met, before)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            try mark.record.bind(row, 1)
            try mark.dot.bind(row, 2)
            try row.bind(3, Int64(mark.collection))
            try row.bind(4, Int64(mark.kind.rawValue))
            if let parent = mark.parent { try parent.bind(row, 5) } else { try row.bindNull(5) }
            try row.bind(6, Int64(mark.epoch))
            try row.bind(7, mark.written)
            try row.bind(8, mark.met)
            try row.bind(9, mark.before)
            try row.run()
        }
    }

    /// All of them, in the order in which they were met.
    func marks() throws -> [Mark] {
        try connection.withStatement(
            """
            SELECT record, dot, collection, kind, parent, epoch, written, met, before FROM lugn_late
            ORDER BY met, record, dot
            """
        ) { row in
            var marks: [Mark] = []
            while try row.step() {
                guard let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(3))) else {
                    continue
                }
                let parent = row.halves(4).map { RecordID(high: $0.high, low: $0.low) }
                marks.append(
                    Mark(
                        record: try RecordID(row, 0), dot: Dot(row, 1),
                        collection: UInt32(truncatingIfNeeded: row.integer(2)), kind: kind, parent: parent,
                        epoch: UInt32(truncatingIfNeeded: row.integer(5)), written: row.integer(6), met: row.integer(7),
                        before: row.optionalBytes(8)))
            }
            return marks
        }
    }

    /// Whether a record's erasure, or one write of it, is late.
    func isMarked(_ record: RecordID, _ dot: Dot?) throws -> Bool {
        try connection.withStatement(
            "SELECT EXISTS (SELECT 1 FROM lugn_late WHERE record = ?1 AND (dot = ?2 OR ?2 IS NULL AND kind = ?3))"
        ) { row in
            try record.bind(row, 1)
            if let dot { try dot.bind(row, 2) } else { try row.bindNull(2) }
            try row.bind(3, Int64(ChangeHeader.Kind.erase.rawValue))
            return try row.step() && row.integer(0) != 0
        }
    }

    /// Records of which something is late.
    func records() throws -> Set<RecordID> {
        try connection.withStatement("SELECT DISTINCT record FROM lugn_late") { row in
            var records: Set<RecordID> = []
            while try row.step() { records.insert(try RecordID(row, 0)) }
            return records
        }
    }

    func removeMark(_ record: RecordID, _ dot: Dot) throws {
        try connection.withStatement("DELETE FROM lugn_late WHERE record = ? AND dot = ?") { row in
            try record.bind(row, 1)
            try dot.bind(row, 2)
            try row.run()
        }
    }

    // MARK: What was erased

    func hold(_ changes: [PlainChange], of record: RecordID, root: RecordID) throws {
        try connection.withStatement("INSERT OR IGNORE INTO lugn_held (record, root, content) VALUES (?, ?, ?)") {
            row in
            try record.bind(row, 1)
            try root.bind(row, 2)
            try row.bind(3, PlainChange.encode(changes))
            try row.run()
        }
    }

    /// What is held of an erased record and of all that was below it; those above come first.
    func held(root: RecordID, _ limits: Limits) throws -> [(record: RecordID, changes: [PlainChange])] {
        let rows = try connection.withStatement("SELECT record, content FROM lugn_held WHERE root = ?") { row in
            try root.bind(row, 1)
            var rows: [(RecordID, [UInt8])] = []
            while try row.step() { rows.append((try RecordID(row, 0), row.bytes(1))) }
            return rows
        }
        return try rows.map { ($0.0, try PlainChange.decode($0.1, limits: limits)) }.sorted {
            ($0.1.first?.header.path.count ?? 0, $0.0) < ($1.1.first?.header.path.count ?? 0, $1.0)
        }
    }

    func heldCount(root: RecordID) throws -> Int {
        try connection.withStatement("SELECT count(*) FROM lugn_held WHERE root = ?") { row in
            try root.bind(row, 1)
            return try row.step() ? Int(row.integer(0)) : 0
        }
    }

    func roots() throws -> Set<RecordID> {
        try connection.withStatement("SELECT DISTINCT root FROM lugn_held") { row in
            var roots: Set<RecordID> = []
            while try row.step() { roots.insert(try RecordID(row, 0)) }
            return roots
        }
    }

    /// Destroys what an erasure took away.
    func destroy(root: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_held WHERE root = ?") { row in
            try root.bind(row, 1)
            try row.run()
        }
    }

    /// Somebody who may has erased a record: nothing is kept of it, nor of what is below it.
    func obeyErasure(of id: RecordID, _ limits: Limits) throws {
        try connection.withStatement("DELETE FROM lugn_late WHERE record = ?1 OR parent = ?1") { row in
            try id.bind(row, 1)
            try row.run()
        }
        try destroy(root: id)
        for root in try roots() {
            for (record, changes) in try held(root: root, limits)
            where record == id || changes.contains(where: { $0.header.path.contains(id) }) {
                try connection.withStatement("DELETE FROM lugn_held WHERE record = ?") { row in
                    try record.bind(row, 1)
                    try row.run()
                }
            }
        }
    }
}
