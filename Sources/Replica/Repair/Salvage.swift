import SQLite

/// Copies what can still be read of a damaged database into a sound one, table by table and row by row.
///
/// A page that cannot be read ends a walk over a table. So each table is walked from both ends, and what lies between the two
/// places where that ended is divided and walked again: a single bad page costs the rows that stood on it.
struct Salvage {
    let damaged: Connection
    let sound: Connection

    /// What came of one table.
    struct Outcome {
        var rows = 0
        /// Rows that could be read and are no rows of such a table.
        var refused = 0
        /// A part of the table could not be read: what stood there is not known.
        var hasGaps = false

        mutating func add(_ other: Outcome) {
            rows += other.rows
            refused += other.refused
            hasGaps = hasGaps || other.hasGaps
        }
    }

    /// - Parameter isWhole: whether a row is what it should be, beyond what the table itself demands.
    func copy(_ table: String, isWhole: @escaping ([String: Value]) -> Bool = { _ in true }) throws -> Outcome {
        let shape = try Shape(sound, table)
        var walk = Walk(salvage: self, table: table, shape: shape, isWhole: isWhole)
        let end = try walk.run(.up, from: nil)
        if end == .complete { return walk.outcome }
        let other = try walk.run(.down, from: nil)
        walk.outcome.hasGaps = true
        if other != .complete, let low = walk.latest[.up], let high = walk.latest[.down] {
            try walk.divide(low, high, depth: 6)
        }
        return walk.outcome
    }

    /// The columns of a table, and the one by which its rows are found; nil where that are several.
    struct Shape {
        let columns: [String]
        let key: String
        /// Its rows are numbered, by a number that is no column.
        let isNumbered: Bool

        init(_ connection: Connection, _ table: String) throws {
            var (columns, keys): ([String], [String]) = ([], [])
            try connection.withStatement("SELECT name, pk FROM pragma_table_info('\(table)') ORDER BY cid") { row in
                while try row.step() {
                    columns.append(row.text(0))
                    if row.integer(1) > 0 { keys.append(row.text(0)) }
                }
            }
            isNumbered = keys.isEmpty
            self.columns = (isNumbered ? ["rowid"] : []) + columns
            key = isNumbered ? "rowid" : keys.joined(separator: ", ")
        }
    }
}

/// One table's walks.
private struct Walk {
    enum Way { case up, down }
    enum End { case complete, unreadable }

    let salvage: Salvage
    let table: String
    let shape: Salvage.Shape
    let isWhole: ([String: Value]) -> Bool
    var outcome = Salvage.Outcome()
    /// The key of the last row that could be read.
    var latest: [Way: Value] = [:]

    /// Copies rows in one direction, until there are no more, or none that is new, or until one cannot be read.
    mutating func run(_ way: Way, from start: Value?) throws -> End {
        let order = way == .up ? "ASC" : "DESC"
        let ordering = shape.key.split(separator: ", ").map { "\($0) \(order)" }.joined(separator: ", ")
        let condition = start == nil ? "" : " WHERE \(shape.key) \(way == .up ? ">" : "<") ?1"
        let sql = "SELECT \(shape.columns.joined(separator: ", ")) FROM \(table)\(condition) ORDER BY \(ordering)"
        var end = End.complete
        var (outcome, key) = (outcome, latest[way])
        do {
            try salvage.damaged.withStatement(sql) { row in
                if let start { try start.bind(row, 1) }
                while true {
                    do throws(SQLiteError) {
                        guard try row.step() else { return }
                    } catch {
                        end = .unreadable
                        return
                    }
                    let values = shape.columns.indices.map { Value(row, $0, .blob) }
                    let named = Dictionary(uniqueKeysWithValues: zip(shape.columns, values))
                    if !shape.key.contains(",") { key = named[shape.key] }
                    switch try insert(values, named) {
                    case .inserted: outcome.rows += 1
                    case .refused: outcome.refused += 1
                    case .known: return
                    }
                }
            }
        } catch let error as SQLiteError where error.isDamaged {
            // Not even its first page.
            end = .unreadable
        }
        self.outcome = outcome
        latest[way] = key
        return end
    }

    private enum Insertion { case inserted, known, refused }

    private func insert(_ values: [Value], _ named: [String: Value]) throws -> Insertion {
        guard isWhole(named) else { return .refused }
        let marks = values.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        let sql = "INSERT INTO \(table) (\(shape.columns.joined(separator: ", "))) VALUES (\(marks))"
        do {
            try salvage.sound.withStatement(sql) { row in
                for (index, value) in values.enumerated() { try value.bind(row, index + 1) }
                try row.run()
            }
        } catch let error as SQLiteError where error.isConstraint {
            return error.isUniqueConstraint ? .known : .refused
        }
        return .inserted
    }

    /// Walks from the middle of what could not be reached, and of what is left then, down to a page or so.
    mutating func divide(_ low: Value, _ high: Value, depth: Int) throws {
        guard depth > 0, let middle = Value.middle(low, high) else { return }
        latest = [.up: middle, .down: middle]
        let ends = (up: try run(.up, from: middle), down: try run(.down, from: middle))
        let reached = (up: latest[.up] ?? middle, down: latest[.down] ?? middle)
        if ends.up == .unreadable { try divide(reached.up, high, depth: depth - 1) }
        if ends.down == .unreadable { try divide(low, reached.down, depth: depth - 1) }
    }
}

extension Value {
    /// Between two numbers, or two ids; nil where nothing is.
    fileprivate static func middle(_ low: Value, _ high: Value) -> Value? {
        switch (low, high) {
        case (.integer(let low), .integer(let high)):
            guard low < high, high - low > 1 else { return nil }
            return .integer(low + (high - low) / 2)
        case (.blob(let low), .blob(let high)) where low.count == 16 && high.count == 16:
            let (first, last) = (number(low), number(high))
            guard first < last, last - first > 1 else { return nil }
            let middle = first + (last - first) / 2
            return .blob((0..<16).map { UInt8(truncatingIfNeeded: middle >> UInt128(8 * (15 - $0))) })
        default: return nil
        }
    }

    private static func number(_ bytes: [UInt8]) -> UInt128 { bytes.reduce(0) { $0 << 8 | UInt128($1) } }
}
