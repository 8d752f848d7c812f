import JSON
import Merge
import Replica
import SQLite

/// What an export has written.
public struct ExportReport: Sendable {
    public var records = 0
    /// Values that are here but not in the export: only a newer version, or somebody with the key, can read them.
    public var unreadable = 0
}

extension Casework {
    static let exportFormat = "lugn-export"
    static let exportVersion: Int64 = 1

    /// Writes all records as one JSON document, as of one moment, in pieces. ``importJSON(by:next:)`` reads it again.
    ///
    /// The same records give the same bytes. What is not in it: who has written which value when, values that wait for a
    /// decision, what was erased, and numbers that were leased. Memory does not grow with the number of records.
    public func exportJSON(
        onProgress: (Int) -> Void = { _ in }, write: (String) throws -> Void
    ) throws -> ExportReport {
        try replica.read { snapshot in
            let schema = CaseworkSchema.schema
            var report = ExportReport()
            try write(
                "{\"format\":\"\(Self.exportFormat)\",\"version\":\(Self.exportVersion),\"schema\":\(schema.version),\"collections\":{"
            )
            for (index, collection) in schema.collections.enumerated() {
                try write("\(index == 0 ? "" : ",")\n\"\(collection.name)\":[")
                var isFirst = true
                try Self.rows(collection, snapshot.connection) { row in
                    try write(isFirst ? "\n" : ",\n")
                    try write(Self.json(collection, row).text)
                    isFirst = false
                    report.records += 1
                    onProgress(report.records)
                }
                try write("]")
            }
            try write("}}\n")
            report.unreadable = try Self.unreadable(snapshot.connection)
            return report
        }
    }

    /// Writes all records as CSV, a table for each collection, as of one moment, for spreadsheets and archives.
    ///
    /// - Parameter separator: what stands between the cells; the semicolon where Excel is Swedish.
    ///
    /// A case, and what belongs to one, has its reference number too. Texts are guarded against being run as formulas: one that
    /// begins with `=`, `+`, `-` or `@` has an apostrophe before it.
    public func exportCSV(
        separator: CSVSeparator = .comma, onProgress: (Int) -> Void = { _ in },
        write: (_ name: String, _ text: String) throws -> Void
    ) throws -> ExportReport {
        try replica.read { snapshot in
            var report = ExportReport()
            for collection in CaseworkSchema.schema.collections {
                let hasNumber = Self.caseID(collection) != nil
                let own = ["id"] + (collection.parent == nil ? [] : ["parent"]) + (hasNumber ? ["case"] : [])
                try write(collection.name, CSVLine.text(own + collection.fields.map(\.name), separator: separator))
                try Self.rows(collection, snapshot.connection) { row in
                    let json = Self.json(collection, row)
                    var cells = [ExportedValue.text(json["id"])]
                    if collection.parent != nil { cells.append(ExportedValue.text(json["parent"])) }
                    if hasNumber { cells.append(row.optionalText(2 + collection.fields.count) ?? "") }
                    cells += collection.fields.map { ExportedValue.text(json[$0.name]) }
                    try write(collection.name, CSVLine.text(cells, separator: separator))
                    report.records += 1
                    onProgress(report.records)
                }
            }
            report.unreadable = try Self.unreadable(snapshot.connection)
            return report
        }
    }

    // MARK: Helpers

    /// Id, parent, all fields in order, and of a case its number; records in the order of their ids.
    private static func rows(
        _ collection: CollectionSchema, _ connection: Connection, _ body: (borrowing Statement) throws -> Void
    ) throws {
        let columns =
            ["id", collection.parent == nil ? "NULL" : "parent"] + collection.fields.map(\.name)
            + (caseID(collection).map { [CaseworkSchema.numberOfCase($0)] } ?? [])
        try connection.withStatement(
            "SELECT \(columns.joined(separator: ", ")) FROM \(collection.name) ORDER BY id"
        ) { statement in
            while try statement.step() { try body(statement) }
        }
    }

    /// SQL: the id of the case that a record is, or belongs to; nil for what is of no case.
    private static func caseID(_ collection: CollectionSchema) -> String? {
        let cases = CaseworkSchema.Cases.collection
        if collection.number == cases.number { return "\(collection.name).id" }
        return collection.parent == cases.number ? "\(collection.name).parent" : nil
    }

    private static func json(_ collection: CollectionSchema, _ row: borrowing Statement) -> JSONValue {
        var members: [JSONMember] = []
        for (index, name) in ["id", "parent"].enumerated() {
            guard let id = row.isNull(index) ? nil : row.halves(index) else { continue }
            members.append(JSONMember(name, .string(RecordID(high: id.high, low: id.low).description)))
        }
        for (index, field) in collection.fields.enumerated() {
            guard let value = ExportedValue.json(row, index + 2, field.type) else { continue }
            members.append(JSONMember(field.name, value))
        }
        return .object(members)
    }

    private static func unreadable(_ connection: Connection) throws -> Int {
        Int(try connection.integer("SELECT count(*) FROM lugn_parked") ?? 0)
    }
}
