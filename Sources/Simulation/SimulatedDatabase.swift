import ChangeLog
import PostgreSQL
import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A real PostgreSQL server, in which each store of a run has a schema of its own. They are dropped at its end.
final class SimulatedDatabase: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread, but for the counter.
    private let address: String
    private let connection: PostgreSQLConnection
    private var schemas: [String] = []
    private static let count = Lock(0)

    private static let tables = SQLStatement(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = $1")

    init(_ address: String) throws {
        self.address = address
        connection = try PostgreSQLConnection(DatabaseAddress(address))
    }

    deinit {
        for schema in schemas { _ = try? connection.run(SQLStatement("DROP SCHEMA \(schema) CASCADE")) }
    }

    func address(of schema: String) -> String {
        address + (address.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
    }

    func makeSchema() throws -> String {
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        let name = "sim_\(getpid())_\(number)"
        try execute("CREATE SCHEMA \(name)")
        schemas.append(name)
        return name
    }

    func copy(_ schema: String) throws -> String {
        let copy = try makeSchema()
        for table in try tables(of: schema) {
            try execute("CREATE TABLE \(copy).\(table) (LIKE \(schema).\(table) INCLUDING ALL)")
            try execute("INSERT INTO \(copy).\(table) SELECT * FROM \(schema).\(table)")
        }
        return copy
    }

    /// Every row, as text of its bytes.
    func contents(of schema: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for table in try tables(of: schema) {
            let rows = try connection.run(
                SQLStatement("SELECT convert_to(t::text, 'UTF8') FROM \(schema).\(table) t"))
            for index in rows.indices { bytes += rows[index].bytes(0) }
        }
        let sealed = try connection.run(SQLStatement("SELECT sealed FROM \(schema).change"))
        for index in sealed.indices { bytes += sealed[index].bytes(0) }
        return bytes
    }

    /// Some row of `change`, counted in their order.
    func change(_ row: Int, in schema: String) throws -> (condition: String, sealed: [UInt8])? {
        let count = try connection.run(SQLStatement("SELECT count(*) FROM \(schema).change")).first?.integer(0) ?? 0
        guard count > 0 else { return nil }
        let found = try connection.run(
            SQLStatement(
                """
                SELECT position, ordinal, sealed FROM \(schema).change ORDER BY line, position, ordinal LIMIT 1
                OFFSET \(row % Int(count))
                """)
        ).first
        return found.map { ("position = \($0.integer(0)) AND ordinal = \($0.integer(1))", $0.bytes(2)) }
    }

    func setSealed(_ bytes: [UInt8], where condition: String, in schema: String) throws {
        let statement = SQLStatement("UPDATE \(schema).change SET sealed = $1 WHERE \(condition)")
        _ = try connection.run(statement) { $0.add(bytes) }
    }

    func deleteChange(where condition: String, in schema: String) throws {
        try execute("DELETE FROM \(schema).change WHERE \(condition)")
    }

    private func tables(of schema: String) throws -> [String] {
        let rows = try connection.run(Self.tables) { $0.add(schema) }
        return rows.indices.map { rows[$0].text(0) }
    }

    private func execute(_ sql: String) throws { _ = try connection.run(SQLStatement(sql)) }
}

/// A server's store in PostgreSQL. Its power does not fail between two writes of a file, which is PostgreSQL's own matter,
/// but before a transaction is sent, or behind its commit and before anybody hears of it.
final class DatabaseComputer: ServerComputer, @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let database: SimulatedDatabase
    private let schema: String
    private var callsUntilCut: Int?
    private var isCutBehind = false
    private(set) var hasLostPower = false
    private var isFull = false

    init(_ database: SimulatedDatabase) throws {
        self.database = database
        schema = try database.makeSchema()
    }

    private init(_ database: SimulatedDatabase, schema: String) {
        self.database = database
        self.schema = schema
    }

    func open(_ parts: ServerParts) throws -> any LineStore {
        let (delay, timeline, executor) = (parts.groupDelay, parts.timeline, parts.executor)
        let log = try PostgreSQLChangeLog(
            database.address(of: schema), limits: parts.limits, creates: true, random: parts.random, isInline: true
        ) { work in
            timeline.after(delay) { Task(executorPreference: executor) { await work() } }
        }
        return ObservedChangeLog(log, registry: log, observer: nil, before: willWrite, after: didWrite)
    }

    func copy() throws -> any ServerComputer { DatabaseComputer(database, schema: try database.copy(schema)) }
    func contents() throws -> [UInt8] { try database.contents(of: schema) }
    func problems() -> [String] { [] }

    // MARK: Misfortunes

    func flipBit(row: Int, bit: Int) throws {
        guard let change = try database.change(row, in: schema), !change.sealed.isEmpty else { return }
        try database.setSealed(change.sealed.withBitFlipped(bit), where: change.condition, in: schema)
    }

    func loseRow(_ row: Int) throws {
        guard let change = try database.change(row, in: schema) else { return }
        try database.deleteChange(where: change.condition, in: schema)
    }

    func cutPower(atCall call: Int, random seed: UInt64) {
        callsUntilCut = 1 + call % 12
        isCutBehind = seed & 1 == 1
    }

    func fill() { if callsUntilCut == nil { isFull = true } }

    func repair() {
        callsUntilCut = nil
        hasLostPower = false
        isFull = false
    }

    private func willWrite() throws {
        if let calls = callsUntilCut { callsUntilCut = calls - 1 }
        if callsUntilCut == 0, !isCutBehind { hasLostPower = true }
        if hasLostPower { throw ChangeLogError(.storage, "the simulation cut the power") }
        if isFull {
            Marks.reach(.diskFull)
            throw ChangeLogError(.storageFull, "the simulation filled the disk")
        }
    }

    private func didWrite() throws {
        guard callsUntilCut == 0 else { return }
        hasLostPower = true
        throw ChangeLogError(.storage, "the simulation cut the power")
    }
}
