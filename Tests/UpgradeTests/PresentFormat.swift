import ChangeLog
import Foundation
import Replica
import SQLite
import TestSupport

/// The tables that this version makes.
struct PresentFormat {
    let version: Int32
    /// By the names of the frozen files.
    let tables: [String: [String]]

    init() throws {
        let folder = TemporaryFolder()
        _ = try Replica(path: folder.file("older"), schema: Greenhouse.schema)
        _ = try Replica(path: folder.file("newer"), schema: Greenhouse.newerSchema)
        _ = try SQLiteChangeLog(path: folder.file("server"))
        let older = try Connection(path: folder.file("older"), mode: .readOnly)
        let newer = try Connection(path: folder.file("newer"), mode: .readOnly)
        let server = try Connection(path: folder.file("server"), mode: .readOnly)
        version = try older.userVersion()
        tables = [
            "one.db": try Self.tables(older), "three.db": try Self.tables(older), "two.db": try Self.tables(newer),
            "server.db": try Self.tables(server),
        ]
    }

    /// What the tables and indexes were made with, without comments and spaces.
    static func tables(_ connection: Connection) throws -> [String] {
        try connection.withStatement("SELECT name, sql FROM sqlite_schema ORDER BY name") { row in
            var result: [String] = []
            while try row.step() {
                let lines = row.text(1).split(separator: "\n").map { line in
                    line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
                }
                result.append(row.text(0) + ": " + lines.joined().filter { !$0.isWhitespace })
            }
            return result
        }
    }
}
