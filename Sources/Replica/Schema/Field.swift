/// A field of a collection: its stable number, its column's name and its type.
public struct FieldDefinition: Hashable, Sendable {
    /// 0 to 63, unique in its collection, never used for anything else again. It is what travels.
    public let number: Int
    /// The column's name. `id`, `parent` and `stamps` are taken.
    public let name: String
    public let type: FieldType
    /// Whether reads look records up by it; costs an index entry per record, here only.
    public let isIndexed: Bool
    /// Whether its words are found by full-text search; for texts of notes. See ``CollectionSchema/searchTable``.
    public let isSearched: Bool
}

/// A field's definition without its Swift type.
public protocol FieldProtocol: Sendable {
    var definition: FieldDefinition { get }
}

/// A field with the Swift type of its values: `static let title = Field<String>(1, "title")`.
public struct Field<Content: FieldValue>: FieldProtocol {
    public let definition: FieldDefinition

    public init(_ number: Int, _ name: String, indexed: Bool = false, searched: Bool = false) {
        definition = FieldDefinition(
            number: number, name: name, type: Content.fieldType, isIndexed: indexed, isSearched: searched)
    }
}
