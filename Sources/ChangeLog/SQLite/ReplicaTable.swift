import Merge
import SQLite
import SyncProtocol

/// The table `replica`.
struct ReplicaTable {
    let connection: Connection

    private enum Column: Int, TableColumn {
        case ref, line, replica, device, lastNumber, lastDigest, desk, leasesGiven, lastSeen, cursor, pending
        case oldestPending, clockOffset, schema, verified, agreed, program, setAside, unopened, numbersLeft
    }

    private static let selection = StatementText(
        "SELECT \(Column.list()) FROM replica WHERE line = ?1 AND replica = ?2")
    private static let update = StatementText("UPDATE replica SET \(Column.assignments) WHERE ref = ?1")

    func find(_ replica: ReplicaID, line: Int64) throws -> ReplicaState? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, line)
            try row.bind(2, Int64(bitPattern: replica.rawValue))
            return try row.step() ? Self.decode(row) : nil
        }
    }

    func all(line: Int64) throws -> [ReplicaState] {
        try connection.withStatement("SELECT \(Column.list()) FROM replica WHERE line = ?1 ORDER BY ref") { row in
            try row.bind(1, line)
            var replicas: [ReplicaState] = []
            while try row.step() { replicas.append(Self.decode(row)) }
            return replicas
        }
    }

    /// Keeps a replica; one whose ``ReplicaState/ref`` is 0 is new.
    func save(_ replica: ReplicaState, line: Int64) throws {
        func write(_ row: borrowing Statement) throws {
            try Self.bind(replica, line: line, row)
            try row.run()
        }
        if replica.ref != 0 { return try connection.withStatement(Self.update, write) }
        try connection.withStatement(
            "INSERT INTO replica (\(Column.list())) VALUES (\(Column.parameters))", write)
    }

    /// What was proven equal was so with another log.
    func forgetAgreement(line: Int64) throws {
        try connection.withStatement("UPDATE replica SET verified = NULL, agreed = NULL WHERE line = ?") { row in
            try row.bind(1, line)
            try row.run()
        }
    }

    private static func decode(_ row: borrowing Statement) -> ReplicaState {
        ReplicaState(
            ref: row.integer(Column.ref), replica: ReplicaID(rawValue: row.word(Column.replica)),
            device: row.integer(Column.device), lastNumber: row.word(Column.lastNumber),
            lastDigest: row.bytes(Column.lastDigest), desk: row.word(Column.desk),
            leasesGiven: row.word(Column.leasesGiven), lastSeen: row.integer(Column.lastSeen),
            cursor: row.word(Column.cursor), pending: row.word(Column.pending),
            oldestPending: row.optionalInteger(Column.oldestPending), clockOffset: row.integer(Column.clockOffset),
            schema: row.word(Column.schema), verified: row.optionalInteger(Column.verified).map { $0 != 0 },
            agreed: row.optionalInteger(Column.agreed).map { UInt64(bitPattern: $0) },
            condition: ReplicaCondition(
                program: row.text(Column.program), setAside: row.word(Column.setAside),
                unopened: row.word(Column.unopened), numbersLeft: row.word(Column.numbersLeft)))
    }

    private static func bind(_ replica: ReplicaState, line: Int64, _ row: borrowing Statement) throws {
        try row.bind(Column.ref, replica.ref == 0 ? nil : replica.ref)
        try row.bind(Column.line, line)
        try row.bind(Column.replica, word: replica.replica.rawValue)
        try row.bind(Column.device, replica.device)
        try row.bind(Column.lastNumber, word: replica.lastNumber)
        try row.bind(Column.lastDigest, replica.lastDigest)
        try row.bind(Column.desk, word: replica.desk)
        try row.bind(Column.leasesGiven, word: replica.leasesGiven)
        try row.bind(Column.lastSeen, replica.lastSeen)
        try row.bind(Column.cursor, word: replica.cursor)
        try row.bind(Column.pending, word: replica.pending)
        try row.bind(Column.oldestPending, replica.oldestPending)
        try row.bind(Column.clockOffset, replica.clockOffset)
        try row.bind(Column.schema, word: replica.schema)
        try row.bind(Column.verified, replica.verified.map { $0 ? 1 : 0 })
        try row.bind(Column.agreed, replica.agreed.map { Int64(bitPattern: $0) })
        try row.bind(Column.program, replica.condition.program)
        try row.bind(Column.setAside, word: replica.condition.setAside)
        try row.bind(Column.unopened, word: replica.condition.unopened)
        try row.bind(Column.numbersLeft, word: replica.condition.numbersLeft)
    }
}
