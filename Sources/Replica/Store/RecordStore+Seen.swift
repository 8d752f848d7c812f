import Merge
import SQLite

extension RecordStore {
    /// What had been seen, without the replicas some of whose changes could not be opened here: those have not been seen.
    func opened(_ seen: VersionVector) throws -> VersionVector {
        let unopened = Set(try parked.items(where: "reason = 1").map(\.stamp.replica))
        if unopened.isEmpty { return seen }
        return VersionVector(stamps: seen.sorted.filter { !unopened.contains($0.replica) })
    }

    /// What a commit in the outbox says itself to have seen; nil if its base says it.
    func context(ofPending time: HybridTimestamp) throws -> VersionVector? {
        try connection.withStatement("SELECT context FROM lugn_outbox WHERE context IS NOT NULL AND time = ?") { row in
            try row.bind(1, Int64(bitPattern: time.rawValue))
            return try row.step() ? VersionVector(stamps: StampList.decode(row.bytes(0))) : nil
        }
    }

    /// Keeps what had been seen at a base before the cursor, in case positions come to tell nothing.
    ///
    /// Errors: none but SQLite's. Cost: a walk over the arrivals, some milliseconds at most.
    func keepSeen(at base: UInt64) throws {
        var seen = try opened(try Link(connection).seen)
        try connection.withStatement("SELECT replica, min(time) FROM lugn_arrival WHERE position > ? GROUP BY replica")
        {
            row in
            try row.bind(1, Int64(bitPattern: base))
            while try row.step() {
                let first = HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1)))
                seen.limit(ReplicaID(rawValue: UInt64(bitPattern: row.integer(0))), before: first)
            }
        }
        try keepSeen(seen, at: base)
    }

    /// Keeps what has been seen at a base of commits in the outbox; what is kept already stands.
    func keepSeen(_ seen: VersionVector, at base: UInt64) throws {
        try connection.withStatement("INSERT OR IGNORE INTO lugn_context (base, seen) VALUES (?, ?)") { statement in
            try statement.bind(1, Int64(bitPattern: base))
            try statement.bind(2, StampList.encode(seen.sorted))
            try statement.run()
        }
    }
}
