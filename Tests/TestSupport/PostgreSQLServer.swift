import Foundation
import Merge
public import PostgreSQL
import Sealing

/// A PostgreSQL server of the tests' own, in a folder of its own, for as long as somebody holds it.
public final class PostgreSQLServer: @unchecked Sendable {
    // @unchecked: nothing changes once it runs, but through its own methods.
    public let folder: String
    private let process = Process()
    private let input = Pipe()

    /// Whether PostgreSQL is installed. Where the tests run for a release it has to be: LUGN_REQUIRE_POSTGRESQL says so.
    public static let isInstalled: Bool = {
        let isThere = !((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).isEmpty
        precondition(
            isThere || ProcessInfo.processInfo.environment["LUGN_REQUIRE_POSTGRESQL"] == nil,
            "PostgreSQL's server is not installed")
        return isThere
    }()

    /// One that all tests of a process share, each with a schema of its own. It ends with the process.
    public static let shared = Result { try PostgreSQLServer(settings: ["fsync=off"]) }

    public init(folder: String? = nil, settings: [String] = []) throws {
        self.folder = folder ?? "/tmp/lugn-postgresql-\(ReplicaID(rawValue: randomWord()))"
        let output = Pipe()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("support/postgresql.sh").path
        process.executableURL = URL(fileURLWithPath: script)
        process.arguments = [self.folder] + settings
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard output.fileHandleForReading.availableData.starts(with: Array("ready".utf8)) else {
            throw PostgreSQLError(message: "PostgreSQL did not start")
        }
    }

    deinit { stop() }

    /// Ends it and removes its folder.
    public func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The address of a schema, for a store.
    public func address(schema: String = "public") -> String {
        "postgresql://lugn@/postgres?host=\(folder)&options=-csearch_path%3D\(schema)"
    }

    /// Makes an empty schema, and returns its name.
    public func makeSchema() throws -> String {
        let name = "s\(ReplicaID(rawValue: randomWord()))"
        try execute("CREATE SCHEMA \(name)")
        return name
    }

    /// Copies the tables of a schema to a new one, as a backup would, and returns its name.
    public func copySchema(_ name: String) throws -> String {
        let copy = try makeSchema()
        let connection = try PostgreSQLConnection(DatabaseAddress(address()))
        let tables = try connection.run(
            SQLStatement("SELECT table_name::text FROM information_schema.tables WHERE table_schema = '\(name)'"))
        for index in tables.indices {
            let table = tables[index].text(0)
            _ = try connection.run(SQLStatement("CREATE TABLE \(copy).\(table) (LIKE \(name).\(table) INCLUDING ALL)"))
            _ = try connection.run(SQLStatement("INSERT INTO \(copy).\(table) SELECT * FROM \(name).\(table)"))
        }
        return copy
    }

    @discardableResult
    public func execute(_ sql: String, schema: String = "public") throws -> Rows {
        try PostgreSQLConnection(DatabaseAddress(address(schema: schema))).run(SQLStatement(sql))
    }
}
