public import Merge
import SyncProtocol

/// A collection: the records or notes of one kind, kept in one table.
///
/// Number and field numbers are for ever: they stand in the log. Collections and fields may be added, never changed.
public struct CollectionSchema: Sendable {
    public enum Kind: Int, Sendable {
        /// Every field is a last-writer-wins register.
        case records = 0
        /// Added once, never changed, at most erased.
        case notes = 1
    }

    /// One reference, since a schema is handed on with every record.
    private let content: Content

    private final class Content: Sendable {
        let number: UInt32
        let name: String
        let kind: Kind
        let parent: UInt32?
        let depth: Int
        let fields: [FieldDefinition]
        let fieldMask: FieldMask
        let searchedMask: FieldMask
        let indexByNumber: [Int8]

        init(
            _ number: UInt32, _ name: String, _ kind: Kind, _ parent: UInt32?, _ depth: Int,
            _ fields: [FieldDefinition],
            _ fieldMask: FieldMask, _ indexByNumber: [Int8]
        ) {
            self.number = number
            self.name = name
            self.kind = kind
            self.parent = parent
            self.depth = depth
            self.fields = fields
            self.fieldMask = fieldMask
            var searched = FieldMask.empty
            for field in fields where field.isSearched { searched.insert(field.number) }
            searchedMask = searched
            self.indexByNumber = indexByNumber
        }
    }

    public var number: UInt32 { content.number }
    public var name: String { content.name }
    public var kind: Kind { content.kind }
    /// The collection of this one's parents. A record's parent is fixed when it is made; erasing it erases the record.
    public var parent: UInt32? { content.parent }
    /// How many collections stand above it.
    var depth: Int { content.depth }
    /// In ascending order of number.
    public var fields: [FieldDefinition] { content.fields }
    public var fieldMask: FieldMask { content.fieldMask }
    /// The fields that full-text search looks into.
    var searchedMask: FieldMask { content.searchedMask }
    /// The FTS5 table with the searched fields, and `id`: `SELECT id FROM \(searchTable) WHERE \(searchTable) MATCH ?`.
    /// Row ids grow in the order in which notes came here; `snippet` and `highlight` work, the fields begin at column 1.
    public var searchTable: String { "lugn_search_\(name)" }
    /// Field number → place in ``fields``, −1 where there is none.
    var indexByNumber: [Int8] { content.indexByNumber }

    public static func records(
        _ number: UInt32, _ name: String, parent: CollectionSchema? = nil, fields: [any FieldProtocol]
    ) -> CollectionSchema {
        CollectionSchema(number, name, .records, parent, fields.map(\.definition))
    }

    public static func notes(
        _ number: UInt32, _ name: String, parent: CollectionSchema? = nil, fields: [any FieldProtocol]
    ) -> CollectionSchema {
        CollectionSchema(number, name, .notes, parent, fields.map(\.definition))
    }

    init(
        _ number: UInt32, _ name: String, _ kind: Kind, _ parent: CollectionSchema?, _ fields: [FieldDefinition]
    ) {
        precondition(Self.isIdentifier(name), "a collection's name is lowercase letters, digits and _: \(name)")
        let sorted = fields.sorted { $0.number < $1.number }
        var mask = FieldMask.empty
        var index = [Int8](repeating: -1, count: FieldMask.capacity)
        for (place, field) in sorted.enumerated() {
            precondition((0..<FieldMask.capacity).contains(field.number), "field numbers are 0 to 63: \(field.name)")
            precondition(index[field.number] < 0, "field number \(field.number) stands twice in \(name)")
            precondition(
                !field.isSearched || kind == .notes && field.type == .text,
                "only texts of notes are searched, since they never change: \(field.name)")
            precondition(
                Self.isIdentifier(field.name) && !["id", "parent", "ancestors", "stamps"].contains(field.name))
            mask.insert(field.number)
            index[field.number] = Int8(place)
        }
        precondition(Set(fields.map(\.name)).count == fields.count, "a field name stands twice in \(name)")
        let depth = (parent?.depth ?? -1) + 1
        precondition(
            depth <= Limits.ancestors + 1, "collections stand at most \(Limits.ancestors + 1) below each other")
        content = Content(number, name, kind, parent?.number, depth, sorted, mask, index)
    }

    /// Table and column names go into SQL as they are, so that nothing else may be one.
    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, (97...122).contains(first), !name.hasPrefix("sqlite"),
            !name.hasPrefix("lugn_")
        else { return false }
        return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }

    public func field(_ number: Int) -> FieldDefinition? {
        index(of: number).map { content.fields[$0] }
    }

    /// The type of a field; nil if there is none of this number.
    func type(of number: Int) -> FieldType? { index(of: number).map { content.fields[$0].type } }

    private func index(of number: Int) -> Int? {
        guard number >= 0, number < FieldMask.capacity else { return nil }
        let place = content.indexByNumber[number]
        return place < 0 ? nil : Int(place)
    }
}

/// All collections of a program, with a version that grows whenever one of them does.
public struct Schema: Sendable {
    public let version: UInt64
    public let collections: [CollectionSchema]
    private let byNumber: [UInt32: Int]

    public init(version: UInt64, _ collections: [CollectionSchema]) {
        self.version = version
        self.collections = collections
        var byNumber: [UInt32: Int] = [:]
        for (index, collection) in collections.enumerated() {
            precondition(byNumber.updateValue(index, forKey: collection.number) == nil, "collection numbers are unique")
        }
        precondition(Set(collections.map(\.name)).count == collections.count, "collection names are unique")
        for collection in collections {
            if let parent = collection.parent {
                precondition(byNumber[parent] != nil, "a parent is of the same schema")
            }
        }
        self.byNumber = byNumber
    }

    public func collection(_ number: UInt32) -> CollectionSchema? { byNumber[number].map { collections[$0] } }

    /// The collections below the given one, each with how many levels below.
    func descendants(of number: UInt32) -> [(collection: CollectionSchema, distance: Int)] {
        collections.compactMap { collection in
            var distance = 0
            var above = collection
            while let parent = above.parent, let next = self.collection(parent) {
                distance += 1
                if parent == number { return (collection, distance) }
                above = next
            }
            return nil
        }
    }
}
