import Merge
import PostgreSQL

/// The columns of a table in the order in which rows are read and written: one list for select, insert and decoding.
protocol RowColumn: RawRepresentable<Int>, CaseIterable, Sendable {}

extension RowColumn {
    private var name: String {
        var name = ""
        for character in "\(self)" {
            if character.isUppercase { name.append("_") }
            name.append(character.lowercased())
        }
        return name
    }

    /// `a, b, c`, or `t.a, t.b, t.c`.
    static func list(_ table: String = "", where isWanted: (Self) -> Bool = { _ in true }) -> String {
        allCases.filter(isWanted).map { (table.isEmpty ? "" : table + ".") + $0.name }.joined(separator: ", ")
    }
    /// `$1, $2, $3`.
    static var parameters: String { allCases.map { "$\($0.rawValue + 1)" }.joined(separator: ", ") }
    /// `b = excluded.b, c = excluded.c`: all but the first ones, which are the key.
    static func replacements(keys: Int) -> String {
        allCases.dropFirst(keys).map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")
    }
    /// `b = $2, c = $3`: all but the first, which is the key.
    static var assignments: String {
        allCases.dropFirst().map { "\($0.name) = $\($0.rawValue + 1)" }.joined(separator: ", ")
    }
    static var count: Int { allCases.count }
}

extension Row {
    func integer(_ column: some RowColumn) -> Int64 { integer(column.rawValue) }
    func optionalInteger(_ column: some RowColumn) -> Int64? { optionalInteger(column.rawValue) }
    func word(_ column: some RowColumn) -> UInt64 { word(column.rawValue) }
    func optionalWord(_ column: some RowColumn) -> UInt64? { optionalWord(column.rawValue) }
    func text(_ column: some RowColumn) -> String { text(column.rawValue) }
    func bytes(_ column: some RowColumn) -> [UInt8] { bytes(column.rawValue) }
    func optionalBytes(_ column: some RowColumn) -> [UInt8]? { optionalBytes(column.rawValue) }
    func isNull(_ column: some RowColumn) -> Bool { isNull(column.rawValue) }
    func record(_ column: some RowColumn) -> RecordID? { record(column.rawValue) }
    func record(_ index: Int) -> RecordID? { halves(index).map { RecordID(high: $0.high, low: $0.low) } }
    func number128(_ column: some RowColumn) -> UInt128? {
        halves(column.rawValue).map { UInt128($0.high) << 64 | UInt128($0.low) }
    }
}

extension Parameters {
    mutating func add(_ id: RecordID) { add(high: id.high, low: id.low) }
    mutating func add(_ id: RecordID?) {
        if let id { add(id) } else { addNull() }
    }
    mutating func add(records: some Collection<RecordID>) { add(uuids: records.map { (high: $0.high, low: $0.low) }) }
    mutating func add(number128 value: UInt128) {
        add(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
    }
    mutating func add(_ replica: ReplicaID) { add(word: replica.rawValue) }
}
