import Merge
import SQLite

/// The columns of a table in the order in which rows are read and written: one list for select, insert, update, binding and
/// decoding.
protocol TableColumn: RawRepresentable<Int>, CaseIterable, Sendable {}

extension TableColumn {
    var parameter: Int { rawValue + 1 }

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
    /// `?1, ?2, ?3`.
    static var parameters: String { allCases.map { "?\($0.parameter)" }.joined(separator: ", ") }
    /// `b = ?2, c = ?3`: all but the first, which is the key.
    static var assignments: String {
        allCases.dropFirst().map { "\($0.name) = ?\($0.parameter)" }.joined(separator: ", ")
    }
    static var count: Int { allCases.count }
}

extension Statement {
    borrowing func integer(_ column: some TableColumn) -> Int64 { integer(column.rawValue) }
    borrowing func optionalInteger(_ column: some TableColumn) -> Int64? { optionalInteger(column.rawValue) }
    borrowing func word(_ column: some TableColumn) -> UInt64 { word(column.rawValue) }
    borrowing func word(_ index: Int) -> UInt64 { UInt64(bitPattern: integer(index)) }
    borrowing func text(_ column: some TableColumn) -> String { text(column.rawValue) }
    borrowing func bytes(_ column: some TableColumn) -> [UInt8] { bytes(column.rawValue) }
    borrowing func optionalBytes(_ column: some TableColumn) -> [UInt8]? { optionalBytes(column.rawValue) }
    borrowing func isNull(_ column: some TableColumn) -> Bool { isNull(column.rawValue) }
    borrowing func record(_ column: some TableColumn) -> RecordID? { record(column.rawValue) }
    borrowing func record(_ index: Int) -> RecordID? { halves(index).map { RecordID(high: $0.high, low: $0.low) } }
    borrowing func number128(_ column: some TableColumn) -> UInt128? {
        halves(column.rawValue).map { UInt128($0.high) << 64 | UInt128($0.low) }
    }

    borrowing func bind(_ column: some TableColumn, _ value: Int64?) throws { try bind(column.parameter, value) }
    borrowing func bind(_ column: some TableColumn, word: UInt64) throws {
        try bind(column.parameter, Int64(bitPattern: word))
    }
    borrowing func bind(_ column: some TableColumn, _ value: [UInt8]?) throws { try bind(column.parameter, value) }
    borrowing func bind(_ column: some TableColumn, _ value: String) throws { try bind(column.parameter, value) }
    borrowing func bind(_ column: some TableColumn, number128 value: UInt128) throws {
        try bind(
            column.parameter, high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
    }
    borrowing func bind(_ index: Int, _ id: RecordID) throws { try bind(index, high: id.high, low: id.low) }
}
