import Replica
import SQLite

/// Which cases of imported logs wait for a row that was refused, from one import to the next, on this computer.
///
/// A later file may have further rows of such a case, all of them good: without this, the first of those would become the
/// case. What is kept says nothing to anybody: hashes under the line's key, and how many rows there were of each day.
final class WaitingCases {
    private let connection: Connection

    /// - Parameter replicaPath: of the replica's file; the file is made beside it.
    init(beside replicaPath: String) throws {
        connection = try Connection(path: replicaPath + "-imports", mode: .create)
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS waiting (name BLOB PRIMARY KEY, rows INTEGER NOT NULL, days TEXT NOT NULL)
            STRICT, WITHOUT ROWID
            """)
    }

    /// Whether a file has all rows of a case that wait; a case that does not wait is whole.
    ///
    /// - Parameter isMending: for a file of refused rows: there a day may have been put right.
    func isWhole(_ names: [ImportIdentity.Name], _ found: SurveyedCase, isMending: Bool) throws -> Bool {
        for name in names {
            let entry = try connection.withStatement("SELECT rows, days FROM waiting WHERE name = ?") { statement in
                try statement.bind(1, Self.bytes(name))
                return try statement.step() ? (statement.integer(0), statement.text(1)) : nil
            }
            guard let (rows, days) = entry else { continue }
            let hasDays = Self.days(days).allSatisfy { found.days[$0, default: 0] >= $1 }
            if Int64(found.rowCount) < rows || !(isMending || hasDays) { return false }
        }
        return true
    }

    func remember(_ name: ImportIdentity.Name, _ found: SurveyedCase) throws {
        let days = found.days.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
        try connection.withStatement(
            """
            INSERT INTO waiting VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, days = excluded.days WHERE excluded.rows >= rows
            """
        ) { statement in
            try statement.bind(1, Self.bytes(name))
            try statement.bind(2, found.rowCount)
            try statement.bind(3, days)
            try statement.run()
        }
    }

    func forget(_ name: ImportIdentity.Name) throws {
        try connection.withStatement("DELETE FROM waiting WHERE name = ?") { statement in
            try statement.bind(1, Self.bytes(name))
            try statement.run()
        }
    }

    /// Runs the body in one transaction.
    func change(_ body: () throws -> Void) throws { try connection.transaction(.immediate, body) }

    private static func bytes(_ name: ImportIdentity.Name) -> [UInt8] {
        [name.high, name.low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - $0 * 8)) } }
    }

    private static func days(_ text: String) -> [(CalendarDate, Int)] {
        text.split(separator: " ").compactMap { entry in
            let parts = entry.split(separator: ":")
            guard parts.count == 2, let day = CalendarDate(String(parts[0])), let count = Int(parts[1]) else {
                return nil
            }
            return (day, count)
        }
    }
}
