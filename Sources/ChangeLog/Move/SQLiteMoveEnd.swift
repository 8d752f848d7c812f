import Merge
import SQLite
import Support
import SyncProtocol

/// A store in a file that nobody else works on.
struct SQLiteMoveEnd: MoveEnd {
    private let connection: Connection

    /// A store that exists.
    init(from path: String) throws {
        connection = try Connection(path: path, mode: .readWrite)
        try LogTables.requireKnown(connection, path: path)
    }

    /// A file that is to be a store: a new one, or one in which a move was begun.
    init(to path: String) throws {
        connection = try Connection(path: path, mode: .create)
        try SQLiteChangeLog.prepare(connection, cacheKibibytes: 16_000, generation: 0)
    }

    func generation() throws -> UInt64 { try StoreTable(connection: connection).generation() }
    func lines() throws -> [LineState] { try LineTable(connection: connection).all() }

    func rows(_ table: MovedTable, of line: LineState?, after key: [Cell]?, limit: Int) throws -> [[Cell]] {
        let names = table.columns.map { $0.sqliteRead ?? $0.name }
        var conditions = table.isOfLine ? [table.sqliteLine] : []
        var order = names.prefix(table.keys).joined(separator: ", ")
        if let after = table.sqliteAfter {
            // The line's bounds are in it.
            conditions = [after.condition]
            order = after.order
        } else if key != nil {
            let wanted = table.columns.prefix(table.keys).map { ":" + $0.name }.joined(separator: ", ")
            conditions.append("(\(order)) > (\(wanted))")
        }
        let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let first = table.columns.prefix(table.keys).map { _ in Cell.integer(0) }
        let sql = Numbered(
            "SELECT \(names.joined(separator: ", ")) FROM \(table.name)\(condition) ORDER BY \(order) LIMIT \(limit)",
            table)
        return try connection.withStatement(sql.text) { statement in
            try sql.bind(key ?? first, line, statement)
            var rows: [[Cell]] = []
            while try statement.step() { rows.append(table.columns.indices.map { Self.cell(statement, $0, table) }) }
            return rows
        }
    }

    func lastKey(_ table: MovedTable, of line: LineState?) throws -> [Cell]? {
        let names = table.columns.prefix(table.keys).map { $0.sqliteRead ?? $0.name }
        let order = table.sqliteAfter.map { [$0.order] } ?? names
        let condition = table.isOfLine ? " WHERE " + table.sqliteLine : ""
        let sql = Numbered(
            """
            SELECT \(names.joined(separator: ", ")) FROM \(table.name)\(condition)
            ORDER BY \(order.map { $0 + " DESC" }.joined(separator: ", ")) LIMIT 1
            """, table)
        return try connection.withStatement(sql.text) { statement in
            try sql.bind([], line, statement)
            guard try statement.step() else { return nil }
            return names.indices.map { Self.cell(statement, $0, table) }
        }
    }

    func count(_ table: MovedTable, of line: LineState?) throws -> Int64 {
        let sql = Numbered(
            "SELECT count(*) FROM \(table.name)" + (table.isOfLine ? " WHERE " + table.sqliteLine : ""), table)
        return try connection.withStatement(sql.text) { statement in
            try sql.bind([], line, statement)
            return try statement.step() ? statement.integer(0) : 0
        }
    }

    func look(_ line: LineID) throws -> LineVerification? {
        let access = SQLiteLineAccess(connection: connection, limits: Limits(), erasures: ErasureFlag())
        return try connection.transaction(.deferred) { try Verifier(access: access, line: line).look() }
    }

    // MARK: Writing

    func insert(_ rows: [[Cell]], into table: MovedTable, of line: LineState?) throws {
        let special = Set(table.sqliteWrite.map(\.column)).union(table.sqliteLacks)
        let plain = table.columns.map(\.name).filter { !special.contains($0) }
        let columns = table.sqliteWrite.map(\.column) + plain
        let values = table.sqliteWrite.map(\.expression) + plain.map { ":" + $0 }
        let sql = Numbered(
            """
            INSERT INTO \(table.name) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))
            """, table)
        try connection.transaction(.immediate) {
            for row in rows {
                try connection.withStatement(sql.text) { statement in
                    try sql.bind(row, line, statement)
                    try statement.run()
                }
            }
        }
    }

    func adopted(_ line: LineState, index: Int) throws -> LineState {
        guard index < LogKey.lastLine else {
            throw ChangeLogError(.tooManyLines, "a store in a folder holds \(LogKey.lastLine) lines; nothing was moved")
        }
        var line = line
        line.ref = Int64(index) + 1
        // How far it was looked over is told by the other store's keys.
        line.scrub = nil
        return line
    }

    func insert(_ line: LineState, index: Int) throws {
        try connection.transaction(.immediate) { try LineTable(connection: connection).insert(line) }
    }

    func finish(generation: UInt64) throws {
        try connection.transaction(.immediate) {
            try StoreTable(connection: connection).setGeneration(generation)
        }
        guard try connection.checkpoint() else {
            throw ChangeLogError(
                .storage, "the new store's file is in use by another program; nothing was put in place")
        }
    }

    private static func cell(_ row: borrowing Statement, _ index: Int, _ table: MovedTable) -> Cell {
        if row.isNull(index) { return .null }
        switch table.columns[index].kind {
        case .big, .small, .boolean: return .integer(row.integer(index))
        case .text: return .text(row.text(index))
        case .bytes: return .bytes(row.bytes(index))
        }
    }
}

/// SQL with names of columns for parameters, which get numbers: a table's columns from 1 on, the line behind them.
private struct Numbered {
    let text: String
    private let used: [(number: Int, index: Int?)]

    init(_ sql: String, _ table: MovedTable) {
        let names = table.columns.map(\.name) + (table.isOfLine ? ["line"] : [])
        var text = ""
        var numbers: Set<Int> = []
        var rest = sql[...]
        while let colon = rest.firstIndex(of: ":") {
            text += rest[..<colon]
            rest = rest[rest.index(after: colon)...]
            let name = rest.prefix { $0.isLetter || $0 == "_" }
            guard let index = names.firstIndex(of: String(name)) else { continue }
            text += "?\(index + 1)"
            numbers.insert(index)
            rest = rest.dropFirst(name.count)
        }
        self.text = text + rest
        used = numbers.map { ($0 + 1, $0 < table.columns.count ? $0 : nil) }
    }

    /// - Parameter row: cells from the first column on.
    func bind(_ row: [Cell], _ line: LineState?, _ statement: borrowing Statement) throws {
        for (number, index) in used {
            guard let index else {
                try statement.bind(number, line?.ref)
                continue
            }
            switch row[index] {
            case .null: try statement.bind(number, nil as Int64?)
            case .integer(let value): try statement.bind(number, value)
            case .bytes(let value): try statement.bind(number, value)
            case .text(let value): try statement.bind(number, value)
            }
        }
    }
}
