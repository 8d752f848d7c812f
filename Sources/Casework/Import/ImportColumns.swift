/// What a column of a file can be.
protocol ImportRole: CaseIterable, Hashable, Sendable, RawRepresentable where RawValue == UInt8 {
    /// Titles in plain letters, in Swedish and English.
    static var titles: [String: Self] { get }
    /// Without these there is nothing to import.
    static var required: [Self] { get }
    /// The one that tells rows apart that say the same; nil where there is none.
    static var occurrence: Self? { get }
    /// Those that hold days.
    static var days: [Self] { get }
    /// Those whose cells may hold several words.
    static var lists: [Self] { get }
    /// The title that messages use.
    var name: String { get }
}

/// Which column of the file holds what, by the names in its first line.
struct ImportColumns<Role: ImportRole> {
    private let index: [Role: Int]
    private let words: [Role: [String: String]]
    /// The titles of columns that have no place, and are not taken over.
    let leftOut: [String]
    /// Up to the last that has a title.
    let count: Int
    /// Whether the file is one of rows that an import refused, with the reasons beside them.
    let isMending: Bool
    /// The columns that such a file has before those of the rows.
    let addedCount: Int

    static var addedTitles: [String] { ["line", "refused because"] }

    /// Errors: `badFile` without what is required, where two columns are the same thing, or where the mapping names
    /// something that there is not.
    init(_ header: [String], _ mapping: ImportMapping = ImportMapping()) throws(CaseworkError) {
        var index: [Role: Int] = [:]
        var leftOut: [String] = []
        let mapped = try Self.mapped(mapping)
        count = (header.lastIndex { !ImportMapping.trimmed($0).isEmpty } ?? -1) + 1
        isMending = header.prefix(2).map { ImportWords.plain($0) } == Self.addedTitles.map { ImportWords.plain($0) }
        addedCount = isMending ? Self.addedTitles.count : 0
        for (place, title) in header.enumerated().prefix(count).dropFirst(addedCount) {
            let plain = ImportWords.plain(title)
            guard let role = mapped.columns[plain] ?? Role.titles[plain] else {
                let shown = ImportMapping.trimmed(title)
                leftOut.append(shown.isEmpty ? "number \(place + 1)" : shown)
                continue
            }
            guard index.updateValue(place, forKey: role) == nil else {
                throw CaseworkError(.badFile, "import.twoColumns", ["column": "\(role.name)"])
            }
        }
        for role in Role.required where index[role] == nil {
            let titles = Role.titles.filter { $0.value == role }.map(\.key).sorted().joined(separator: ", ")
            throw CaseworkError(
                .badFile,
                "import.noColumn", ["column": "\(role.name)", "titles": "\(titles)"])
        }
        self.index = index
        self.leftOut = leftOut
        words = mapped.words
    }

    private static func mapped(
        _ mapping: ImportMapping
    ) throws(CaseworkError) -> (columns: [String: Role?], words: [Role: [String: String]]) {
        func role(_ title: String) throws(CaseworkError) -> Role {
            if let role = Role.titles[title] { return role }
            throw CaseworkError(
                .badFile, "import.mappingColumn", ["title": "\(title)"])
        }
        var columns: [String: Role?] = [:]
        for (theirs, ours) in mapping.columns {
            if let ours { columns[theirs] = try role(ours) } else { columns[theirs] = .some(nil) }
        }
        var words: [Role: [String: String]] = [:]
        for (column, mapped) in mapping.words { words[try role(column), default: [:]].merge(mapped) { $1 } }
        return (columns, words)
    }

    /// Where the role's cell stands in a row; nil where the file has no such column.
    func place(_ role: Role) -> Int? { index[role] }

    /// The cell without the spaces around it; nil if it is empty or missing.
    func value(_ role: Role, _ cells: [String]) -> String? {
        guard let place = index[role], place < cells.count else { return nil }
        let cell = ImportMapping.trimmed(cells[place])
        if cell.isEmpty { return nil }
        guard let words = words[role] else { return cell }
        if let ours = words[ImportWords.plain(cell)] { return ours }
        if !Role.lists.contains(role) { return cell }
        return ImportWords.parts(cell).map { words[ImportWords.plain($0)] ?? $0 }.joined(separator: ",")
    }
}
