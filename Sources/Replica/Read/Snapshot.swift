public import Merge
public import SQLite

/// The replica as of one moment: reads by SQL, and single records, that all agree with each other.
///
/// Valid only inside the `read` or `write` that handed it out.
public struct Snapshot: ~Copyable {
    package let connection: Connection
    let schema: Schema
    /// The log position the replica had reached.
    public let position: UInt64

    init(connection: Connection, schema: Schema, position: UInt64) {
        self.connection = connection
        self.schema = schema
        self.position = position
    }

    /// A record or note by its id; nil if there is none.
    public borrowing func fetch(_ collection: CollectionSchema, _ id: RecordID) throws -> Record? {
        try records(collection, where: "id = ?", [.reference(id)]).first
    }

    /// What a record shows now: to be kept with a form that edits it, and given to `write(basedOn:)` when it is saved.
    public borrowing func basis(_ collection: CollectionSchema, _ id: RecordID) throws -> EditBasis {
        EditBasis(id, try state(collection, id) ?? RecordState())
    }

    borrowing func state(_ collection: CollectionSchema, _ id: RecordID) throws -> RecordState? {
        try query("SELECT stamps FROM \(collection.name) WHERE id = ?", [.reference(id)]) { row in
            try RecordState(row, 0)
        }.first
    }

    /// Records that fulfil a condition in SQL, with `?` for the arguments: `records(cases, where: "status = ? ORDER BY id", [.text("open")])`.
    public borrowing func records(
        _ collection: CollectionSchema, where condition: String = "1", _ arguments: [Value] = []
    ) throws -> [Record] {
        let columns = ["id", collection.parent == nil ? "NULL" : "parent"] + collection.fields.map(\.name)
        return try query(
            "SELECT \(columns.joined(separator: ", ")) FROM \(collection.name) WHERE \(condition)", arguments
        ) { row in
            Record(collection, row)
        }
    }

    /// Any query; the body is called for each row. A statement that would change something is refused (`misuse`).
    public borrowing func query<Result>(
        _ sql: String, _ arguments: [Value] = [], _ body: (borrowing Statement) throws -> Result
    ) throws -> [Result] {
        try connection.withStatement(sql) { statement in
            guard statement.isReadOnly else { throw WriteTransaction.misuse("a query that changes something") }
            for (index, argument) in arguments.enumerated() { try argument.bind(statement, index + 1) }
            var results: [Result] = []
            while try statement.step() { results.append(try body(statement)) }
            return results
        }
    }
}

extension Value {
    func bind(_ statement: borrowing Statement, _ index: Int) throws {
        switch self {
        case .null: try statement.bindNull(index)
        case .integer(let value): try statement.bind(index, value)
        case .real(let value): try statement.bind(index, value)
        case .text(let value): try statement.bind(index, value)
        case .blob(let value): try statement.bind(index, value)
        case .reference(let id): try statement.bind(index, high: id.high, low: id.low)
        }
    }

    init(_ statement: borrowing Statement, _ index: Int, _ type: FieldType) {
        switch statement.type(index) {
        case .null: self = .null
        case .integer: self = .integer(statement.integer(index))
        case .real: self = .real(statement.real(index))
        case .text: self = .text(statement.text(index))
        case .blob:
            if type == .reference, let halves = statement.halves(index) {
                self = .reference(RecordID(high: halves.high, low: halves.low))
            } else {
                self = .blob(statement.bytes(index))
            }
        }
    }
}
