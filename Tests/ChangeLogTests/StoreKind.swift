import ChangeLog
import Foundation
import PostgreSQL
import SQLite
import Support
import SyncProtocol
import TestSupport

/// The stores that there are: what holds for one holds for all.
enum StoreKind: String, Sendable {
    case sqlite, postgresql

    static let all: [StoreKind] = PostgreSQLServer.isInstalled ? [.sqlite, .postgresql] : [.sqlite]
}

/// Where a store of a test lies, and how it is reached behind the change log's back.
protocol StoreSite {
    func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any ChangeLog
    /// Copies the store as it stands now.
    func copy() throws -> any StoreSite
    func execute(_ sql: String) throws
    /// Whether a byte string is held: in any file, or where files are not the store's own, in any row.
    func contains(_ marker: [UInt8]) throws -> Bool
}

struct SQLiteSite: StoreSite {
    let folder: URL
    var name = "server.db"
    var path: String { folder.appendingPathComponent(name).path }

    func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any ChangeLog {
        try SQLiteChangeLog(path: path, limits: limits, random: random, cleaningSeconds: cleaningSeconds)
    }

    func copy() throws -> any StoreSite {
        let copy = SQLiteSite(folder: folder, name: UUID().uuidString + ".db")
        try Connection(path: path, mode: .readOnly).backUp(to: try Connection(path: copy.path, mode: .create))
        return copy
    }

    func execute(_ sql: String) throws { try Connection(path: path, mode: .readWrite).execute(sql) }

    func contains(_ marker: [UInt8]) throws -> Bool {
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            if try Data(contentsOf: file).range(of: Data(marker)) != nil { return true }
        }
        return false
    }
}

struct PostgreSQLSite: StoreSite {
    let server: PostgreSQLServer
    let schema: String

    init() throws {
        server = try PostgreSQLServer.shared.get()
        schema = try server.makeSchema()
    }

    init(_ server: PostgreSQLServer, _ schema: String) {
        self.server = server
        self.schema = schema
    }

    var address: String { server.address(schema: schema) }

    func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any ChangeLog {
        try PostgreSQLChangeLog(address, limits: limits, connections: 3, creates: true, random: random)
    }

    func copy() throws -> any StoreSite { PostgreSQLSite(server, try server.copySchema(schema)) }

    /// What damages a store is written for SQLite's tables, where a line's positions stand in one key.
    func execute(_ sql: String) throws {
        let text = sql.replacing("record = zeroblob(16)", with: "record = '\(String(repeating: "0", count: 32))'")
            .replacing("zeroblob(16)", with: "decode(repeat('00', 16), 'hex')")
            .replacing(/x'([0-9a-f]*)'/) { "'\\x\($0.1)'" }
            .replacing("position & 1 = 1", with: "ordinal & 1 = 1").replacing("key & 15", with: "position & 15")
        try server.execute(text, schema: schema)
    }

    func contains(_ marker: [UInt8]) throws -> Bool {
        let text = marker.map { String(format: "%02x", $0) }.joined()
        let rows = try server.execute(
            "SELECT count(*) FROM change WHERE position('\\x\(text)'::bytea IN sealed) > 0", schema: schema)
        return rows.first?.integer(0) != 0
    }
}
