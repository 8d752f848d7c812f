/// How many of each kind there are, in the order in which they are shown.
public struct Tally: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// The kind: a word of the schema as reports write it. One that only a newer version knows stands as it is.
        public var word: String
        public var figure: Figure
    }

    public var entries: [Entry]

    /// The entry of records where nobody has said.
    public static let notRecorded = "notRecorded"

    /// - Parameters:
    ///   - words: shown in this order, also where there are none; then those that are not known, by the alphabet.
    ///   - last: the entry at the end, for records without a word; it is shown also where there are none.
    init(_ counts: [String: Int], words: [String], last: String? = Tally.notRecorded) {
        let unknown = counts.keys.filter { !words.contains($0) && $0 != last }.sorted()
        entries = (words + unknown + (last.map { [$0] } ?? [])).map { Entry(word: $0, figure: Figure(counts[$0] ?? 0)) }
    }

    /// Most frequent first, the one for records without a word at the end.
    init(byFrequency counts: [String: Int]) {
        let words = counts.keys.filter { $0 != Self.notRecorded }
        let ordered = words.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }
        self.init(counts, words: ordered)
    }

    /// How many of a kind there are; none of one that is not there.
    public subscript(word: String) -> Figure { entries.first { $0.word == word }?.figure ?? Figure(0) }
}
