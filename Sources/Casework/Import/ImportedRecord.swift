import JSON
import Merge
import Replica
import SQLite
import SyncProtocol

/// A record out of an export.
struct ImportedRecord {
    enum Outcome {
        case added
        case known
        /// It belongs to what was erased.
        case erased
        /// Its parent is missing.
        case orphan
    }

    let collection: CollectionSchema
    /// Of its collection, from 1.
    let number: Int
    let id: RecordID
    private let parent: RecordID?
    private let values: [(FieldDefinition, Value)]
    /// Roughly, in a commit.
    let bytes: Int

    /// Errors: `badValue`, which names the field and never what stands in it.
    init(
        _ json: JSONValue, _ collection: CollectionSchema, number: Int, _ limits: Limits
    ) throws(CaseworkError) {
        guard case .object(let members) = json else { throw CaseworkError(.badValue, "record.none") }
        var id: RecordID?
        var parent: RecordID?
        var values: [(FieldDefinition, Value)] = []
        var bytes = 48
        for member in members {
            switch member.name {
            case "id": id = member.value.string.flatMap { RecordID($0) }
            case "parent" where collection.parent != nil:
                parent = member.value.string.flatMap { RecordID($0) }
                if parent == nil { throw CaseworkError(.badValue, "record.parent") }
            default:
                guard let field = collection.fields.first(where: { $0.name == member.name }) else {
                    throw CaseworkError(.badValue, "record.field")
                }
                guard let value = ExportedValue.value(member.value, field.type) else {
                    throw CaseworkError(.badValue, "record.kind", ["field": "\(field.name)"])
                }
                if case .text(let text) = value {
                    bytes += text.utf8.count
                    guard text.utf8.count <= limits.valueBytes else {
                        throw CaseworkError(
                            .badValue, "record.fieldLong", ["field": "\(field.name)", "limit": "\(limits.valueBytes)"])
                    }
                    if Self.isAuthor(field), (try? AuthorCode(text)) == nil {
                        throw CaseworkError(.badValue, "record.code", ["field": "\(field.name)"])
                    }
                }
                values.append((field, value))
                bytes += 12
            }
        }
        guard let id else { throw CaseworkError(.badValue, "record.id") }
        guard bytes <= limits.commitBytes / 2 else {
            throw CaseworkError(.badValue, "record.long", ["limit": "\(limits.commitBytes / 2)"])
        }
        self.collection = collection
        self.number = number
        self.id = id
        self.parent = parent
        self.values = values
        self.bytes = bytes
    }

    /// Nobody is named.
    private static func isAuthor(_ field: FieldDefinition) -> Bool {
        field.type == .text && (field.name == "by_code" || field.name.hasSuffix("_by"))
    }

    /// What somebody has written freely, and marks that were made for it.
    var text: (text: String, marks: [String])? {
        guard
            collection.number == CaseworkSchema.Notes.collection.number
                || collection.number == CaseworkSchema.Activities.collection.number,
            case .text(let text)? = values.first(where: { $0.0.name == "text" })?.1
        else { return nil }
        var marks: [String] = []
        if case .text(let lines)? = values.first(where: { $0.0.name == "exemptions" })?.1 {
            marks = lines.split(separator: "\n").compactMap { line in
                let mark = line.split(separator: " ").first?.split(separator: ":")
                guard let mark, mark.count == 1 || mark.first == "text" else { return nil }
                return mark.last.map(String.init)
            }
        }
        return (text, marks)
    }

    /// Whether something else may belong to it.
    var mayHaveChildren: Bool {
        CaseworkSchema.schema.collections.contains { $0.parent == collection.number }
    }

    /// - Parameter erased: records that were left out because what they belong to was erased. Of those there is no trace.
    func save(_ transaction: WriteTransaction, erased: Set<RecordID>) throws -> Outcome {
        if try exists(id, collection, transaction) { return .known }
        if let parent {
            guard let number = collection.parent, let above = CaseworkSchema.schema.collection(number) else {
                return .orphan
            }
            if try erased.contains(parent) || isErased(parent, transaction) { return .erased }
            guard try exists(parent, above, transaction) else { return .orphan }
        }
        let fill: (inout RowWriter) -> Void = { row in
            for (field, value) in values { row.set(field, value) }
            // A record in which everything was cleared still is one.
            if values.isEmpty { row.set(collection.fields[0], .null) }
        }
        switch collection.kind {
        case .records: try transaction.insert(collection, id: id, parent: parent, fill)
        case .notes: try transaction.add(collection, id: id, parent: parent, fill)
        }
        return .added
    }

    /// Here, or erased.
    private func exists(_ id: RecordID, _ collection: CollectionSchema, _ transaction: WriteTransaction) throws -> Bool
    {
        let here = try transaction.snapshot.query(
            "SELECT 1 FROM \(collection.name) WHERE id = ?", [.reference(id)]
        ) { _ in true }
        return try !here.isEmpty || isErased(id, transaction)
    }

    private func isErased(_ id: RecordID, _ transaction: WriteTransaction) throws -> Bool {
        try !transaction.snapshot.query("SELECT 1 FROM lugn_tombstone WHERE id = ?", [.reference(id)]) { _ in true }
            .isEmpty
    }
}
