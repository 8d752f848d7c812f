import Foundation
import Merge
import PostgreSQL
import SyncProtocol

/// libpq writing the rows of commits, and nothing looked up: what any log in PostgreSQL would have to write. The same columns
/// and indexes, pipelined like ours.
final class PlainLog {
    private let connection: PostgreSQLConnection
    private let line: [UInt8]
    private var head: Int64 = 0

    private static let line = SQLStatement(
        """
        INSERT INTO line (line, name, log, head, check_value, fingerprint, highest_time, next_desk, live_changes,
            sealed_bytes, replicas, removals, created, epoch, roster_count, roster_head, lacks_boxes, rights,
            verified_damaged, verified_sum, minimum_program)
        VALUES ($1, 'plain', $1::uuid::text::bytea, 0, '', '', 0, 1, 0, 0, 0, 0, 0, 1, 0, '', false, 0, 0, false, '')
        """)
    private static let log = SQLStatement(
        """
        INSERT INTO log (line, position, time, dot, replica, number, nonce, check_value, digest)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """)
    private static let change = SQLStatement(
        """
        INSERT INTO change (line, position, ordinal, kind, record, collection, fields, live, epoch, nonce_index, ancestors,
            replaced, hash, sealed) VALUES ($1, $2, $3, 1, $4, 1, $5, $5, 1, 0, '', '', $6, $7)
        """)
    private static let lineEnd = SQLStatement("UPDATE line SET head = $2 WHERE line = $1")

    init(_ address: String) throws {
        connection = try PostgreSQLConnection(DatabaseAddress(address))
        line = (0..<16).map { _ in UInt8.random(in: 0...255) }
        let id = line
        _ = try connection.run(Self.line) { $0.add(id) }
    }

    /// One transaction.
    func append(_ commits: [SealedCommit]) throws {
        let line = self.line
        try connection.sendBegin()
        for commit in commits {
            head += 1
            let position = head
            try connection.send(Self.log) {
                $0.add(line)
                $0.add(position)
                $0.add(word: commit.stamp.time.rawValue)
                $0.add(word: commit.stamp.dot.rawValue)
                $0.add(Int64(1))
                $0.add(position)
                $0.add(commit.nonce)
                $0.add(commit.nonce.prefix(8))
                $0.add(commit.digest)
            }
            for (index, change) in commit.changes.enumerated() {
                try connection.send(Self.change) {
                    $0.add(line)
                    $0.add(position)
                    $0.add(Int16(index))
                    $0.add(high: change.header.record.high, low: change.header.record.low)
                    $0.add(word: change.header.fields.rawValue)
                    $0.add(commit.nonce.prefix(16))
                    $0.add(change.sealed)
                }
            }
        }
        let position = head
        try connection.send(Self.lineEnd) {
            $0.add(line)
            $0.add(position)
        }
        try connection.sendCommit()
        try connection.receive()
    }

    /// All rows of a line in PostgreSQL's own way out, by psql.
    static func copyOut(_ line: LineID, _ address: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/psql")
        process.arguments = [
            address, "-qAt", "-o", "/dev/null", "-c",
            "COPY (SELECT * FROM change WHERE line = '\(line)' ORDER BY position, ordinal) TO STDOUT (FORMAT binary)",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchError("psql failed") }
    }
}
