import Merge
import SQLite

/// Computes a line's fingerprint anew from everything that stands. Cost: one pass over the changes in order of record.
struct FingerprintScan {
    let connection: Connection
    let line: Int64

    func run() throws -> Fingerprint {
        var fingerprint = Fingerprint()
        var current: (id: RecordID, collection: UInt32, entries: [StampVector.Entry])?
        func close() {
            defer { current = nil }
            guard let record = current, let vector = StampVector(unsorted: record.entries) else { return }
            fingerprint.add(LiveChanges.hash(record.id, record.collection, vector))
        }
        try connection.withStatement(
            """
            SELECT c.record, c.collection, c.kind, c.live, l.replica, l.time FROM change c
            JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
            WHERE c.position >> \(LogKey.indexBits + LogKey.positionBits) = ? ORDER BY c.record
            """
        ) { row in
            try row.bind(1, line)
            while try row.step() {
                guard let halves = row.halves(0) else { continue }
                let id = RecordID(high: halves.high, low: halves.low)
                let collection = UInt32(truncatingIfNeeded: row.integer(1))
                if current?.id != id { close() }
                switch row.integer(2) {
                case 1: fingerprint.add(LiveChanges.hasher.note(id, collection: collection))
                case 2: fingerprint.add(LiveChanges.hasher.tombstone(id))
                default:
                    let stamp = Stamp(
                        time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(5))),
                        replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(4))))
                    let fields = FieldMask(rawValue: UInt64(bitPattern: row.integer(3)))
                    if current == nil { current = (id, collection, []) }
                    current?.entries.append(.init(stamp: stamp, fields: fields))
                }
            }
        }
        close()
        return fingerprint
    }
}
