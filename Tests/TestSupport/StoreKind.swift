public import ChangeLog
import Foundation
import PostgreSQL
import SQLite
public import Support
public import SyncProtocol

/// The stores that there are: what holds for one holds for all.
public enum StoreKind: String, Sendable {
    case sqlite, postgresql

    /// What tests run on that are not told: SQLite, unless LUGN_TEST_STORE says otherwise.
    public static let chosen =
        ProcessInfo.processInfo.environment["LUGN_TEST_STORE"].flatMap(StoreKind.init(rawValue:)) ?? .sqlite

    /// A store that is not there yet.
    public func site(in folder: TemporaryFolder) throws -> any StoreSite {
        switch self {
        case .sqlite: SQLiteSite(folder: folder.path)
        case .postgresql: try PostgreSQLSite()
        }
    }

    public static let all: [StoreKind] = PostgreSQLServer.isInstalled ? [.sqlite, .postgresql] : [.sqlite]
}

/// Where a store of a test lies, and how it is reached behind the change log's back.
public protocol StoreSite: Sendable {
    func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any LineStore
    /// Copies the store as it stands now.
    func copy() throws -> any StoreSite
    func execute(_ sql: String) throws
    /// Whether a byte string is held: in any file, or where files are not the store's own, in any row.
    func contains(_ marker: [UInt8]) throws -> Bool
}

public struct SQLiteSite: StoreSite {
    let folder: String
    let name: String
    public var path: String { folder + "/" + name }

    public init(folder: String, name: String = "server.db") {
        self.folder = folder
        self.name = name
    }

    public func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any LineStore {
        try SQLiteChangeLog(path: path, limits: limits, random: random, cleaningSeconds: cleaningSeconds)
    }

    public func copy() throws -> any StoreSite {
        let copy = SQLiteSite(folder: folder, name: UUID().uuidString + ".db")
        try Connection(path: path, mode: .readOnly).backUp(to: try Connection(path: copy.path, mode: .create))
        return copy
    }

    public func execute(_ sql: String) throws { try Connection(path: path, mode: .readWrite).execute(sql) }

    public func contains(_ marker: [UInt8]) throws -> Bool {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasPrefix(name) {
            if try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)).range(of: Data(marker)) != nil {
                return true
            }
        }
        return false
    }
}

public struct PostgreSQLSite: StoreSite {
    let server: PostgreSQLServer
    let schema: String

    public init() throws {
        server = try PostgreSQLServer.shared.get()
        schema = try server.makeSchema()
    }

    init(_ server: PostgreSQLServer, _ schema: String) {
        self.server = server
        self.schema = schema
    }

    public var address: String { server.address(schema: schema) }

    public func open(limits: Limits, cleaningSeconds: Double, random: RandomSource) throws -> any LineStore {
        try PostgreSQLChangeLog(address, limits: limits, connections: 2, creates: true, random: random)
    }

    public func copy() throws -> any StoreSite { PostgreSQLSite(server, try server.copySchema(schema)) }

    /// What damages a store is written for SQLite's tables, where a line's positions stand in one key.
    public func execute(_ sql: String) throws {
        let text = sql.replacing("zeroblob(length(sealed))", with: "decode(repeat('00', length(sealed)), 'hex')")
            .replacing(/record = x'([0-9a-f]*)'/) { "record = '\($0.1)'" }.replacing(
                "key = key", with: "position = position"
            )
            .replacing("record = zeroblob(16)", with: "record = '\(String(repeating: "0", count: 32))'")
            .replacing("zeroblob(16)", with: "decode(repeat('00', 16), 'hex')")
            .replacing(/x'([0-9a-f]*)'/) { "'\\x\($0.1)'" }
            .replacing("position & 1 = 1", with: "ordinal & 1 = 1").replacing("key & 15", with: "position & 15")
        for statement in text.split(separator: ";") { try server.execute(String(statement), schema: schema) }
    }

    public func contains(_ marker: [UInt8]) throws -> Bool {
        let text = marker.map { String(format: "%02x", $0) }.joined()
        let rows = try server.execute(
            "SELECT count(*) FROM change WHERE position('\\x\(text)'::bytea IN sealed) > 0", schema: schema)
        return rows.first?.integer(0) != 0
    }
}

extension StoreSite {
    public func open(limits: Limits = Limits()) throws -> any LineStore {
        try open(limits: limits, cleaningSeconds: 5, random: .system)
    }
}
