/// The columns of a table as a Swift value: one list of names for reading, writing and updating, so that none of them can
/// forget one or take two for each other.
///
/// ```swift
/// static let codec = RowCodec<Row>("lugn_state", [.column("clock", \.clock), .column("number", \.number)])
/// ```
/// Cost: a few nanoseconds per column for the indirection; not for what is done by the million.
public struct RowCodec<Row>: Sendable {
    public struct Column: Sendable {
        let name: String
        let read: @Sendable (borrowing Statement, Int, inout Row) throws -> Void
        let bind: @Sendable (borrowing Statement, Int, Row) throws -> Void

        public static func column<Content: ColumnValue>(
            _ name: String, _ path: any WritableKeyPath<Row, Content> & Sendable
        ) -> Column {
            Column(
                name: name, read: { statement, index, row in row[keyPath: path] = try Content(statement, index) },
                bind: { statement, index, row in try row[keyPath: path].bind(statement, index) })
        }
    }

    public let table: String
    private let columns: [Column]
    /// `a, b, c`, for a select of one's own: the codec reads what begins at a given index.
    public let names: String
    public var count: Int { columns.count }

    public init(_ table: String, _ columns: [Column]) {
        self.table = table
        self.columns = columns
        names = columns.map(\.name).joined(separator: ", ")
    }

    public var select: String { "SELECT \(names) FROM \(table)" }

    public var insert: String {
        "INSERT INTO \(table) (\(names)) VALUES (\(columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")))"
    }

    /// Sets every column; parameters of a condition follow from `count + 1` on.
    public var update: String {
        "UPDATE \(table) SET " + columns.enumerated().map { "\($1.name) = ?\($0 + 1)" }.joined(separator: ", ")
    }

    /// Reads a row into a value, from the given column of the result on.
    public func read(_ statement: borrowing Statement, into row: inout Row, from start: Int = 0) throws {
        for (index, column) in columns.enumerated() { try column.read(statement, start + index, &row) }
    }

    /// Binds all columns, from parameter 1 on.
    public func bind(_ statement: borrowing Statement, _ row: Row) throws {
        for (index, column) in columns.enumerated() { try column.bind(statement, index + 1, row) }
    }
}
