import Merge
import SQLite
import SyncProtocol

/// What the server says it holds of records of which something could not be opened here, and the bytes themselves.
///
/// A change that does not open shows nothing and hides nothing: the tables keep what was opened. The sums, which are
/// compared with the server's, take the server's claim for such a record instead; without a claim the two are the same.
/// The claim follows every later change of the record, opened or not, and goes when the tables agree with it. Rules:
/// docs/models, "what does not open".
///
/// Owner of `lugn_claim` and `lugn_unopened`.
struct Claims {
    let connection: Connection

    static let definition = """
        -- What the server says of records of which something could not be opened. Mostly empty.
        CREATE TABLE lugn_claim (
            record BLOB PRIMARY KEY, collection INTEGER NOT NULL, kind INTEGER NOT NULL, stamps BLOB NOT NULL,
            offered INTEGER NOT NULL DEFAULT 0   -- a healing has offered what stands here
        ) STRICT, WITHOUT ROWID;
        -- Changes that could not be opened, as they came, by their place in the log.
        CREATE TABLE lugn_unopened (
            position INTEGER NOT NULL, place INTEGER NOT NULL, record BLOB NOT NULL, time INTEGER NOT NULL,
            dot INTEGER NOT NULL, nonce BLOB NOT NULL, change BLOB NOT NULL, PRIMARY KEY (position, place)
        ) STRICT, WITHOUT ROWID;
        """

    enum Claim: Equatable {
        case record(UInt32, RecordState)
        case note(UInt32)
        case erased
        /// It lies below something that the server says is erased.
        case nothing

        func hash(_ id: RecordID, _ hasher: ItemHasher) -> UInt128 {
            switch self {
            case .record(let collection, let state):
                state.isEmpty ? 0 : hasher.record(id, collection: collection, entries: state.entries)
            case .note(let collection): hasher.note(id, collection: collection)
            case .erased: hasher.tombstone(id)
            case .nothing: 0
            }
        }
    }

    func isEmpty() throws -> Bool {
        try connection.integer(
            "SELECT EXISTS (SELECT 1 FROM lugn_claim) OR EXISTS (SELECT 1 FROM lugn_unopened)") == 0
    }

    func claim(_ record: RecordID) throws -> Claim? {
        try connection.withStatement("SELECT collection, kind, stamps FROM lugn_claim WHERE record = ?") { row in
            try record.bind(row, 1)
            return try row.step() ? try Claim(row) : nil
        }
    }

    func all() throws -> [(record: RecordID, claim: Claim)] {
        try connection.withStatement("SELECT collection, kind, stamps, record FROM lugn_claim ORDER BY record") { row in
            var claims: [(RecordID, Claim)] = []
            while try row.step() { claims.append((try RecordID(row, 3), try Claim(row))) }
            return claims
        }
    }

    func set(_ record: RecordID, _ claim: Claim) throws {
        try connection.withStatement(
            """
            INSERT INTO lugn_claim (record, collection, kind, stamps) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (record) DO UPDATE SET collection = ?2, kind = ?3, stamps = ?4
            """
        ) { row in
            let (collection, kind, state) = claim.columns
            try record.bind(row, 1)
            try row.bind(2, Int64(collection))
            try row.bind(3, kind)
            try state.bind(row, 4)
            try row.run()
        }
    }

    func remove(_ record: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_claim WHERE record = ?") { row in
            try record.bind(row, 1)
            try row.run()
        }
    }

    /// Those whose records no healing has offered yet.
    func unoffered() throws -> [(record: RecordID, claim: Claim)] {
        try connection.withStatement(
            "SELECT collection, kind, stamps, record FROM lugn_claim WHERE offered = 0 ORDER BY record"
        ) { row in
            var claims: [(RecordID, Claim)] = []
            while try row.step() { claims.append((try RecordID(row, 3), try Claim(row))) }
            return claims
        }
    }

    /// Says of all whether a healing has offered them.
    func setOffered(_ isOffered: Bool) throws {
        try connection.execute("UPDATE lugn_claim SET offered = \(isOffered ? 1 : 0)")
    }

    // MARK: Bytes

    struct Unopened {
        var position: UInt64
        /// Its place in the page's commit.
        var place: Int
        var stamp: Stamp
        var nonce: [UInt8]
        var change: FeedChange
    }

    /// How many changes could not be opened.
    func unopenedCount() throws -> Int { Int(try connection.integer("SELECT count(*) FROM lugn_unopened") ?? 0) }

    func keep(_ unopened: Unopened) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_unopened (position, place, record, time, dot, nonce, change)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            try unopened.position.bind(row, 1)
            try row.bind(2, unopened.place)
            try unopened.change.header.record.bind(row, 3)
            try unopened.stamp.time.bind(row, 4)
            try unopened.stamp.dot.bind(row, 5)
            try row.bind(6, unopened.nonce)
            var writer = CBORWriter()
            writer.feedChange(unopened.change)
            try row.bind(7, writer.bytes)
            try row.run()
        }
    }

    func unopened(of record: RecordID? = nil, limits: Limits) throws -> [Unopened] {
        try connection.withStatement(
            """
            SELECT position, place, time, dot, nonce, change FROM lugn_unopened
            \(record == nil ? "" : "WHERE record = ?1") ORDER BY position, place
            """
        ) { row in
            if let record { try record.bind(row, 1) }
            var result: [Unopened] = []
            while try row.step() {
                var reader = CBORReader(row.bytes(5))
                result.append(
                    Unopened(
                        position: UInt64(row, 0), place: Int(row.integer(1)),
                        stamp: Stamp(time: HybridTimestamp(row, 2), dot: Dot(row, 3)), nonce: row.bytes(4),
                        change: try reader.feedChange(limits: limits)))
            }
            return result
        }
    }

    func removeUnopened(_ unopened: Unopened) throws {
        try connection.withStatement("DELETE FROM lugn_unopened WHERE position = ? AND place = ?") { row in
            try unopened.position.bind(row, 1)
            try row.bind(2, unopened.place)
            try row.run()
        }
    }

    func removeUnopened(of record: RecordID) throws {
        try connection.withStatement("DELETE FROM lugn_unopened WHERE record = ?") { row in
            try record.bind(row, 1)
            try row.run()
        }
    }
}

extension Claims.Claim {
    fileprivate init(_ row: borrowing Statement) throws {
        let collection = UInt32(truncatingIfNeeded: row.integer(0))
        switch row.integer(1) {
        case 0: self = .record(collection, try RecordState(row, 2))
        case 1: self = .note(collection)
        case 2: self = .erased
        default: self = .nothing
        }
    }

    fileprivate var columns: (UInt32, Int64, RecordState) {
        switch self {
        case .record(let collection, let state): (collection, 0, state)
        case .note(let collection): (collection, 1, RecordState())
        case .erased: (0, 2, RecordState())
        case .nothing: (0, 3, RecordState())
        }
    }
}
