import Merge

/// What truly happened, known to nobody in the simulation: which write had seen which others, and which ones can still
/// be expected to be somewhere.
///
/// Maps and sets only. A write is known by its number, which its values contain.
struct Oracle {
    /// A field of a record.
    struct Place: Hashable, Comparable, CustomStringConvertible {
        enum Kind: Int { case name, height, soil, leafName, toolName }
        var record: Int
        var kind: Kind

        static func < (left: Place, right: Place) -> Bool {
            (left.record, left.kind.rawValue) < (right.record, right.kind.rawValue)
        }
        var description: String { "\(kind) of \(record)" }
        /// The plant whose erasure takes it away; nil for tools.
        var plant: Int? { kind == .toolName ? nil : record }
    }

    struct Note {
        var plant: Int
        var id: RecordID
    }

    /// Per place, each write with those it had seen.
    private(set) var writes: [Place: [Int: Set<Int>]] = [:]
    private(set) var notes: [Int: Note] = [:]
    /// Which plant a write erased.
    private(set) var erasures: [Int: Int] = [:]
    /// Writes larger than the server takes.
    private(set) var refused: Set<Int> = []
    /// Places where a value was written again under an old number: there it cannot be told what was seen needlessly.
    private(set) var blurred: Set<Place> = []
    /// How many writes there were.
    private(set) var count = 0

    mutating func nextWrite() -> Int {
        count += 1
        return count
    }

    mutating func note(_ write: Int, at place: Place, seen: Set<Int>) { writes[place, default: [:]][write] = seen }
    mutating func addNote(_ write: Int, _ note: Note) { notes[write] = note }
    mutating func erase(_ write: Int, plant: Int) { erasures[write] = plant }
    mutating func refuse(_ write: Int) { refused.insert(write) }

    /// Somebody wrote an old value again, having seen others.
    mutating func repeatWrite(_ write: Int, at place: Place, seen: Set<Int>) {
        writes[place]?[write]?.formUnion(seen.subtracting([write]))
        blurred.insert(place)
    }

    /// What whoever has these values before him has seen.
    func past(of values: Set<Int>, at place: Place) -> Set<Int> {
        values.reduce(into: values) { $0.formUnion(writes[place]?[$1] ?? []) }
    }

    func isErased(_ plant: Int, alive: (Int) -> Bool) -> Bool {
        erasures.contains { $0.value == plant && alive($0.key) }
    }
}
