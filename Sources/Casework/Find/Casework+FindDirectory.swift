extension Casework {
    /// Entries of the directory for somebody, as one types it: `21, Örebro`, `skola`, `anna malmö`.
    ///
    /// A number of years is looked for among the ages they take, a municipality or county among the areas that they are
    /// there for, whatever their texts say; a word that is neither has to stand in what is known of them. Those who may be
    /// referred to today come first.
    ///
    /// - Parameters:
    ///   - onlyVerified: those that may be referred to today.
    ///   - onlyDue: those in use that nobody has reached lately.
    ///
    /// Cost: a read of the directory, which has hundreds of entries.
    public func directory(
        matching text: String, onlyVerified: Bool = false, onlyDue: Bool = false
    ) throws -> [DirectoryEntry] {
        let query = DirectoryQuery(text)
        let months = try settings().verificationMonths
        let today = try currentDay()
        let found = try directory().filter(query.holds)
        let verified = found.filter { $0.isVerified(on: today, months: months) }
        let others = found.filter { !$0.isVerified(on: today, months: months) }
        if onlyVerified { return verified.filter { !$0.isRetired } }
        if onlyDue { return others.filter { !$0.isRetired } }
        return verified + others
    }
}

/// What is asked of an entry of the directory.
struct DirectoryQuery {
    private var ages: [Int]
    private var area: Area?
    /// Words that name the area.
    private var areaWords: [String] = []
    private var words: [String]

    init(_ text: String) {
        let typed = text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
        ages = typed.compactMap { Int($0) }.filter(AgeRange.years.contains)
        words = typed.filter { Int($0) == nil && !["år", "i", "in", "years"].contains($0.lowercased()) }
        // The longest run of words that is a place, such as "Upplands Väsby".
        for length in stride(from: min(4, words.count), to: 0, by: -1) where area == nil {
            for start in 0...(words.count - length) {
                let run = words[start..<(start + length)]
                guard let found = Self.area(run.joined(separator: " ")) else { continue }
                area = found
                areaWords = run.map(\.foldedForFinding)
                words.removeSubrange(start..<(start + length))
                break
            }
        }
        words = words.map(\.foldedForFinding)
    }

    private static func area(_ text: String) -> Area? {
        withoutDots[PlainText.letters(text.foldedForFinding)] ?? Area(known: text)
    }

    /// Places by their names without rings and dots, where that leaves no two the same, such as Håbo and Habo.
    private static let withoutDots: [String: Area] = {
        let municipalities = Municipalities.byCounty.flatMap { county, names in
            names.map { ($0, Area(municipality: $0, county: county)) }
        }
        let counties = County.allCases.map { ($0.name, Area(county: $0)) }
        return Dictionary(grouping: municipalities + counties) { PlainText.letters($0.0.foldedForFinding) }
            .compactMapValues { $0.count == 1 ? $0[0].1 : nil }
    }()

    func holds(for entry: DirectoryEntry) -> Bool {
        guard ages.allSatisfy(entry.ages.contains) else { return false }
        let known = [entry.name, entry.offers, entry.contactName].compactMap { $0 }.joined(separator: "\n")
            .foldedForFinding
        let place = (entry.area.text ?? "").foldedForFinding
        guard words.allSatisfy({ known.contains($0) || place.contains($0) }) else { return false }
        guard let area else { return true }
        return entry.area.serves(area) || areaWords.allSatisfy(known.contains)
    }
}

extension String {
    /// For comparing: small letters, without dots, rings and accents, however they are put together.
    var foldedForFinding: String {
        let letters = lowercased().decomposed.filter { !(0x0300...0x036F).contains($0.value) }
        return String(String.UnicodeScalarView(letters))
    }
}
