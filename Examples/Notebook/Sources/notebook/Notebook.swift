import Replica

/// The whole schema: pages, and comments below them. The numbers are for ever.
enum Notebook {
    static let title = Field<String>(1, "title")
    static let isStarred = Field<Bool>(2, "is_starred")
    static let pages = CollectionSchema.records(1, "pages", fields: [title, isStarred])

    static let text = Field<String>(1, "text")
    static let comments = CollectionSchema.notes(2, "comments", parent: pages, fields: [text])

    static let schema = Schema(version: 1, [pages, comments])
}
