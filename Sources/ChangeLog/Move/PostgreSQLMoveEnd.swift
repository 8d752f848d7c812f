import Merge
import PostgreSQL
import Support
import SyncProtocol

/// A store in a database.
final class PostgreSQLMoveEnd: MoveEnd {
    private let connection: PostgreSQLConnection
    private var statements: [String: SQLStatement] = [:]

    private static let setting = SQLStatement("UPDATE store SET format = $1, generation = $2 WHERE one")
    private static let running = SQLStatement("SELECT count(*) FROM process WHERE seen > $1")
    private static let busyMilliseconds: Int64 = 15_000

    /// A store that exists, and that no server works on.
    init(from address: DatabaseAddress) throws {
        connection = try PostgreSQLConnection(address)
        guard let format = try StoreSchema.format(connection) else {
            throw ChangeLogError(.unusable, "the database has no store; nothing was moved")
        }
        try StoreSchema.check(format)
        let since = WallClock.system.nowMilliseconds() - Self.busyMilliseconds
        if try connection.run(Self.running, { $0.add(since) }).first?.integer(0) != 0 {
            throw ChangeLogError(
                .unusable,
                "a server works on this database, or did a moment ago; nothing was moved: stop it, and wait for "
                    + "\(Self.busyMilliseconds / 1_000) seconds")
        }
    }

    /// A database without a store, or one into which a move was begun.
    init(to address: DatabaseAddress) throws {
        connection = try PostgreSQLConnection(address)
        switch try StoreSchema.format(connection) {
        case StoreSchema.moving: return
        case nil: try StoreSchema.prepare(connection, generation: 0)
        case .some:
            guard try lines().isEmpty, try count(MovedTable.ofStore[0], of: nil) == 0 else {
                throw ChangeLogError(
                    .unusable,
                    "the database has a store already; nothing was moved: give one without, or another schema")
            }
        }
        try set(StoreSchema.moving, generation: 0)
    }

    func generation() throws -> UInt64 { try StoreRows.generation(connection.run(StoreRows.generation)) }
    func lines() throws -> [LineState] {
        let rows = try connection.run(LineRows.all)
        return try rows.indices.map { try LineRows.decode(rows[$0]) }
    }

    func rows(_ table: MovedTable, of line: LineState?, after key: [Cell]?, limit: Int) throws -> [[Cell]] {
        let names = table.columns.map(\.name)
        let keys = names.prefix(table.keys)
        let first = table.isOfLine ? 2 : 1
        let parameters = keys.indices.map { "$\(first + $0)" }.joined(separator: ", ")
        let conditions =
            (table.isOfLine ? ["line = $1"] : [])
            + (key == nil ? [] : ["(\(keys.joined(separator: ", "))) > (\(parameters))"])
        let rows = try connection.run(
            statement(
                "SELECT \(names.joined(separator: ", ")) FROM \(table.name)" + Self.condition(conditions)
                    + " ORDER BY \(keys.joined(separator: ", ")) LIMIT \(limit)")
        ) { parameters in
            Self.add(line, table, &parameters)
            for (cell, column) in zip(key ?? [], table.columns) { Self.add(cell, column.kind, &parameters) }
        }
        return rows.indices.map { index in
            table.columns.indices.map { Self.cell(rows[index], $0, table) }
        }
    }

    func lastKey(_ table: MovedTable, of line: LineState?) throws -> [Cell]? {
        let keys = table.columns.prefix(table.keys).map(\.name)
        let rows = try connection.run(
            statement(
                "SELECT \(keys.joined(separator: ", ")) FROM \(table.name)"
                    + Self.condition(table.isOfLine ? ["line = $1"] : [])
                    + " ORDER BY \(keys.map { $0 + " DESC" }.joined(separator: ", ")) LIMIT 1")
        ) { Self.add(line, table, &$0) }
        return rows.first.map { row in keys.indices.map { Self.cell(row, $0, table) } }
    }

    func count(_ table: MovedTable, of line: LineState?) throws -> Int64 {
        let rows = try connection.run(
            statement("SELECT count(*) FROM \(table.name)" + Self.condition(table.isOfLine ? ["line = $1"] : []))
        ) { Self.add(line, table, &$0) }
        return rows.first?.integer(0) ?? 0
    }

    func look(_ line: LineID) throws -> LineVerification? {
        try connection.sendSnapshot()
        let access = PostgreSQLLineAccess(connection, isWriting: false, limits: Limits())
        let found = try Verifier(access: access, line: line).look()
        try connection.sendCommit()
        try connection.receive()
        return found
    }

    // MARK: Writing

    func insert(_ rows: [[Cell]], into table: MovedTable, of line: LineState?) throws {
        let names = (table.isOfLine ? ["line"] : []) + table.columns.map(\.name)
        let insertion = statement(
            "INSERT INTO \(table.name) (\(names.joined(separator: ", "))) VALUES "
                + "(\(names.indices.map { "$\($0 + 1)" }.joined(separator: ", ")))")
        try connection.sendBegin()
        for row in rows {
            try connection.send(insertion) { parameters in
                Self.add(line, table, &parameters)
                for (cell, column) in zip(row, table.columns) { Self.add(cell, column.kind, &parameters) }
            }
        }
        try commit()
    }

    func adopted(_ line: LineState, index: Int) -> LineState {
        var line = line
        line.ref = 0
        // How far it was looked over is told by the other store's keys.
        line.scrub = nil
        return line
    }

    func insert(_ line: LineState, index: Int) throws {
        try connection.sendBegin()
        // Their order stays.
        try LineRows.insert(line, now: Int64(index), connection)
        try commit()
    }

    func finish(generation: UInt64) throws { try set(StoreSchema.format, generation: generation) }

    private func set(_ format: Int64, generation: UInt64) throws {
        _ = try connection.run(Self.setting) {
            $0.add(format)
            $0.add(word: generation)
        }
    }

    private func commit() throws {
        try connection.sendCommit()
        try connection.receive()
    }

    // MARK: Parts

    private func statement(_ text: String) -> SQLStatement {
        if let known = statements[text] { return known }
        let made = SQLStatement(text)
        statements[text] = made
        return made
    }

    private static func condition(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    private static func add(_ line: LineState?, _ table: MovedTable, _ parameters: inout Parameters) {
        if table.isOfLine { parameters.add(line?.id.bytes) }
    }

    private static func add(_ cell: Cell, _ kind: MovedTable.Kind, _ parameters: inout Parameters) {
        switch (cell, kind) {
        case (.integer(let value), .small): parameters.add(Int16(truncatingIfNeeded: value))
        case (.integer(let value), .boolean): parameters.add(value != 0)
        case (.integer(let value), _): parameters.add(value)
        case (.bytes(let value), _): parameters.add(value)
        case (.text(let value), _): parameters.add(value)
        case (.null, _): parameters.addNull()
        }
    }

    private static func cell(_ row: Row, _ index: Int, _ table: MovedTable) -> Cell {
        if row.isNull(index) { return .null }
        switch table.columns[index].kind {
        case .big, .small, .boolean: return .integer(row.integer(index))
        case .text: return .text(row.text(index))
        case .bytes: return .bytes(row.bytes(index))
        }
    }
}
