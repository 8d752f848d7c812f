import Merge
import PostgreSQL
import SyncProtocol

/// The table `line`.
enum LineRows {
    private enum Column: Int, RowColumn {
        case line, name, log, head, checkValue, fingerprint, highestTime, keyCheck, nextDesk, liveChanges, sealedBytes
        case replicas, removals
    }

    static let find = SQLStatement("SELECT \(Column.list()) FROM line WHERE line = $1")
    /// Whoever has it writes the line, until the end of the transaction.
    static let lock = SQLStatement("SELECT \(Column.list()) FROM line WHERE line = $1 FOR UPDATE")
    static let all = SQLStatement("SELECT \(Column.list()) FROM line ORDER BY created, line")
    static let heads = SQLStatement("SELECT line, head FROM line WHERE line = ANY($1::uuid[])")
    static let insertion = SQLStatement(
        "INSERT INTO line (\(Column.list()), created) VALUES (\(Column.parameters), $14)")
    static let update = SQLStatement(
        """
        UPDATE line SET head = $2, check_value = $3, fingerprint = $4, highest_time = $5, key_check = $6, next_desk = $7,
            live_changes = $8, sealed_bytes = $9, replicas = $10, removals = $11
        WHERE line = $1
        """)
    static let statements = [find, lock, heads, insertion, update]

    static func insert(_ line: LineState, now: Int64, _ connection: PostgreSQLConnection) throws {
        try connection.send(insertion) {
            $0.add(line.id.bytes)
            $0.add(line.name)
            $0.add(line.log)
            bind(line, &$0)
            $0.add(now)
        }
    }

    static func save(_ line: LineState, _ connection: PostgreSQLConnection) throws {
        try connection.send(update) {
            $0.add(line.id.bytes)
            bind(line, &$0)
        }
    }

    /// What changes of a line, in the order of the columns.
    private static func bind(_ line: LineState, _ parameters: inout Parameters) {
        parameters.add(word: line.head)
        parameters.add(line.check)
        parameters.add(number128: line.fingerprint.value)
        parameters.add(word: line.highestTime.rawValue)
        parameters.add(line.keyCheck)
        parameters.add(word: line.nextDesk)
        parameters.add(line.liveChanges)
        parameters.add(line.sealedBytes)
        parameters.add(line.replicas)
        parameters.add(line.removals)
    }

    static func decode(_ row: Row) throws -> LineState {
        guard let id = LineID(row.bytes(Column.line)), let sum = row.number128(Column.fingerprint),
            row.integer(Column.head) >= 0, row.integer(Column.nextDesk) >= 0
        else {
            throw ChangeLogError(
                .unusable, "the store is damaged: a line's row cannot be read; restore it from a backup")
        }
        return LineState(
            ref: 0, id: id, name: row.text(Column.name), log: row.bytes(Column.log), head: row.word(Column.head),
            check: row.bytes(Column.checkValue), fingerprint: Fingerprint(value: sum),
            highestTime: HybridTimestamp(rawValue: row.word(Column.highestTime)),
            keyCheck: row.optionalBytes(Column.keyCheck), nextDesk: row.word(Column.nextDesk),
            liveChanges: row.integer(Column.liveChanges), sealedBytes: row.integer(Column.sealedBytes),
            replicas: row.integer(Column.replicas), removals: row.integer(Column.removals))
    }
}
