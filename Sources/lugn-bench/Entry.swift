import Merge
import Replica

/// The row that everything is measured with: 12 columns, a 16-byte key, nine short texts, two integers; some 160 bytes.
enum Entries {
    static let texts = (0..<9).map { Field<String>($0, "text\($0)") }
    static let first = Field<Int64>(9, "number0")
    static let second = Field<Int64>(10, "number1")
    static let collection = CollectionSchema.records(
        1, "entry", fields: texts.map { $0 as any FieldProtocol } + [first, second])
    static let schema = Schema(version: 1, [collection])

    /// The field that edits change.
    static let edited = texts[3]
}

/// One row's values, the same for the same number in every run.
struct Entry {
    var texts: [String]
    var first: Int64
    var second: Int64

    init(_ number: Int) {
        var words = WordSequence(seed: UInt64(number))
        texts = (0..<9).map { words.text(bytes: 10 + ($0 * 5 + number) % 11) }
        first = Int64(words.next() >> 34)
        second = Int64(number)
    }

    /// The new value of an edit.
    static func edit(_ number: Int, round: Int = 0) -> String {
        var words = WordSequence(seed: UInt64(number) ^ 0xED17_0000_0000_0000 ^ UInt64(round) << 40)
        return words.text(bytes: 14)
    }

    /// The bytes of its values: texts as they are, integers as SQLite keeps them.
    var valueBytes: Int {
        16 + texts.reduce(0) { $0 + $1.utf8.count } + Self.bytes(first) + Self.bytes(second)
    }

    /// As in SQLite's record format: <https://www.sqlite.org/fileformat2.html#record_format>.
    private static func bytes(_ value: Int64) -> Int {
        switch value {
        case 0, 1: 0
        case -128...127: 1
        case -32_768...32_767: 2
        case -8_388_608...8_388_607: 3
        case Int64(Int32.min)...Int64(Int32.max): 4
        default: 8
        }
    }

    func fill(_ row: inout RowWriter) {
        for (field, text) in zip(Entries.texts, texts) { row[field] = text }
        row[Entries.first] = first
        row[Entries.second] = second
    }
}

/// Numbers and texts that one seed settles (SplitMix64: Steele, Lea and Flood, 2014).
struct WordSequence {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Letters and spaces, as notes have them.
    mutating func text(bytes count: Int) -> String {
        var word = next()
        return unsafe String(unsafeUninitializedCapacity: count) { buffer in
            for place in 0..<count {
                if place % 8 == 7 { word = next() }
                let letter = UInt8(word & 31)
                word >>= 5
                unsafe buffer[place] = letter < 26 ? 97 + letter : 32
            }
            return count
        }
    }
}

/// Ids for rows that are given one: in the order of time, as Lugn makes them, or at random, as its peers have them.
enum Keys {
    static let epoch: Int64 = 1_750_000_000_000

    static func ordered(_ number: Int) -> RecordID {
        var words = WordSequence(seed: UInt64(number) ^ 0x1D << 56)
        return RecordID(
            milliseconds: epoch + Int64(number / 100), randomHigh: UInt64(number % 100) << 4, randomLow: words.next())
    }

    static func random(_ number: Int) -> RecordID {
        var words = WordSequence(seed: UInt64(number) ^ 0x1D << 56)
        return RecordID(high: words.next(), low: words.next())
    }

    /// The numbers below `count`, each once, in an order without one.
    static func shuffled(_ count: Int, seed: UInt64 = 7) -> [Int] {
        var words = WordSequence(seed: seed)
        var numbers = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            numbers.swapAt(last, Int(words.next() % UInt64(last + 1)))
        }
        return numbers
    }
}
