/// Which column of the file holds what, by the names in its first line.
struct ImportColumns {
    enum Role: UInt8, CaseIterable { case date, caller, concern, age, channel, language, status, closed, note, by }

    private let index: [Role: Int]
    /// The titles of columns that have no place in a case, and are not taken over.
    let leftOut: [String]

    /// Errors: `badFile` without a date, or where two columns are the same thing.
    init(_ header: [String]) throws(CaseworkError) {
        var index: [Role: Int] = [:]
        var leftOut: [String] = []
        for (place, title) in header.enumerated() {
            guard let role = ImportWords.columns[ImportWords.plain(title)] else {
                if title.contains(where: { !$0.isWhitespace }) { leftOut.append(title) }
                continue
            }
            guard index.updateValue(place, forKey: role) == nil else {
                throw CaseworkError(.badFile, "two columns of the file are named \(title); nothing was changed")
            }
        }
        guard index[.date] != nil else {
            throw CaseworkError(
                .badFile, "the file's first line names no column for the date (date or datum); nothing was changed")
        }
        self.index = index
        self.leftOut = leftOut
    }

    /// The cell without the spaces around it; nil if it is empty or missing.
    func value(_ role: Role, _ cells: [String]) -> String? {
        guard let place = index[role], place < cells.count else { return nil }
        let cell = cells[place].drop { $0.isWhitespace }
        guard let last = cell.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(cell[...last])
    }
}
