import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// The commits that the server has not acknowledged, in plain form.
struct Outbox {
    struct Commit {
        var number: UInt64
        var time: HybridTimestamp
        var base: UInt64
        var context: VersionVector?
        var body: [UInt8]
    }

    let connection: Connection

    /// Whether everything is acknowledged. Cost: a look at one page, where ``summary()`` walks over them all.
    func isEmpty() throws -> Bool { try connection.integer(Self.existence) == 0 }

    private static let existence = StatementText("SELECT EXISTS (SELECT 1 FROM lugn_outbox)")

    func summary() throws -> (count: Int, oldest: Int64?) {
        try connection.withStatement("SELECT count(*), min(wall) FROM lugn_outbox") { statement in
            guard try statement.step() else { return (0, nil) }
            return (Int(statement.integer(0)), statement.optionalInteger(1))
        }
    }

    /// The times of all commits, 8 bytes each.
    func times() throws -> Set<HybridTimestamp> {
        try connection.withStatement("SELECT time FROM lugn_outbox") { row in
            var times: Set<HybridTimestamp> = []
            while try row.step() { times.insert(HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(0)))) }
            return times
        }
    }

    /// Calls the body for each commit, in order of number, until it returns false.
    func forEach(where condition: String = "1", _ body: (Commit) throws -> Bool) throws {
        try connection.withStatement(
            "SELECT number, time, base, context, body FROM lugn_outbox WHERE \(condition) ORDER BY number"
        ) { row in
            while try row.step() {
                let commit = Commit(
                    number: UInt64(bitPattern: row.integer(0)),
                    time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                    base: UInt64(bitPattern: row.integer(2)),
                    context: row.optionalBytes(3).map { VersionVector(stamps: StampList.decode($0)) },
                    body: row.bytes(4))
                if try !body(commit) { return }
            }
        }
    }

    /// Seals commits from the first on, at least one, as far as they fit.
    func seal(
        with keys: SessionKeys, replica: ReplicaID, after digest: [UInt8], maximumBytes: Int, limits: Limits
    ) throws -> [SealedCommit] {
        var result: [SealedCommit] = []
        var size = 0
        var previous = digest
        try forEach { commit in
            let changes = try Self.changes(commit.body, limits: limits)
            let estimate = commit.body.count + changes.count * Sealer.overheadBytes + 80
            if !result.isEmpty, size + estimate > maximumBytes {
                Marks.reach(.outboxSplit)
                return false
            }
            size += estimate
            let stamp = Stamp(time: commit.time, replica: replica)
            previous = keys.digest.digest(previous: previous, stamp: stamp, number: commit.number, body: commit.body)
            let nonce = randomBytes(SealedCommit.nonceBytes)
            var sealer = keys.sealer.commit(stamp: stamp, nonce: nonce)
            var sealed: [SealedChange] = []
            sealed.reserveCapacity(changes.count)
            // One buffer for all payloads of the commit; each change is a slice of it.
            var buffer: [UInt8] = []
            buffer.reserveCapacity(estimate)
            var ends: [Int] = []
            for (index, change) in changes.enumerated() {
                var header = change.header
                header.epoch = keys.sealer.epoch
                sealer.seal(change.sealed, header: header, index: UInt64(index), to: &buffer)
                ends.append(buffer.count)
                sealed.append(SealedChange(header: header, sealed: []))
            }
            var start = 0
            for (index, end) in ends.enumerated() {
                sealed[index].sealed = buffer[start..<end]
                start = end
            }
            result.append(
                SealedCommit(
                    number: commit.number, time: commit.time, base: commit.base, context: commit.context,
                    digest: previous, nonce: nonce, changes: sealed))
            return true
        }
        return result
    }

    /// The changes of a commit's plain body; each one's `sealed` is its payload in plain form.
    static func changes(_ body: [UInt8], limits: Limits) throws -> [SealedChange] {
        var reader = CBORReader(body)
        var changes: [SealedChange] = []
        while !reader.isAtEnd { changes.append(try reader.change(limits: limits)) }
        return changes
    }
}
