/// A run of digits, what stands before it and which words were last read before it. Small: a note may have thousands.
struct DigitGroup {
    private let firstCell: Int32
    private let firstDigit: Int32
    private let digitCount: Int32
    /// What stands between the group before and this one.
    let gap: Gap
    /// By ``ContextWords/Kind``; 255 for everything further away.
    private let distances: SIMD8<UInt8>

    init(start: Int, end: Int, digitStart: Int, gap: Gap, wordEnds: WordEnds) {
        firstCell = Int32(start)
        firstDigit = Int32(digitStart)
        digitCount = Int32(end - start)
        self.gap = gap
        distances = wordEnds.distances(from: start)
    }

    /// In cells.
    var start: Int { Int(firstCell) }
    var end: Int { start + count }
    /// Where its digits begin among all digits of the text.
    var digitStart: Int { Int(firstDigit) }
    var count: Int { Int(digitCount) }
    var digitEnd: Int { digitStart + count }

    /// How many cells stand between the last word of this kind and the group; 255 where it is further, or there is none.
    func distance(to kind: ContextWords.Kind) -> Int { Int(distances[kind.rawValue]) }

    /// The signs between two groups of one number, at most three of them.
    struct Gap: OptionSet {
        let rawValue: UInt16

        static let space = Gap(rawValue: 1 << 0)
        static let lineBreak = Gap(rawValue: 1 << 1)
        static let dash = Gap(rawValue: 1 << 2)
        static let slash = Gap(rawValue: 1 << 3)
        static let dot = Gap(rawValue: 1 << 4)
        static let comma = Gap(rawValue: 1 << 5)
        static let plus = Gap(rawValue: 1 << 6)
        static let parenthesis = Gap(rawValue: 1 << 7)
        static let colon = Gap(rawValue: 1 << 8)
        /// Anything else, or too much: the groups are not of one number.
        static let broken = Gap(rawValue: 1 << 9)

        /// Signs that tie the groups together without a space.
        var isTight: Bool { isDisjoint(with: [.space, .lineBreak, .broken]) }

        init(rawValue: UInt16) { self.rawValue = rawValue }

        init(_ cells: ArraySlice<UInt8>) {
            guard cells.count <= 3 else {
                self = .broken
                return
            }
            var gap: Gap = []
            for cell in cells {
                switch cell {
                case UInt8(ascii: " "), UInt8(ascii: "|"): gap.insert(.space)
                case 0x0A: gap.insert(gap.contains(.lineBreak) ? .broken : .lineBreak)
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "~"): gap.insert(.dash)
                case UInt8(ascii: "/"): gap.insert(.slash)
                case UInt8(ascii: "."): gap.insert(.dot)
                case UInt8(ascii: ","): gap.insert(.comma)
                case UInt8(ascii: "+"): gap.insert(.plus)
                case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    gap.insert(.parenthesis)
                case UInt8(ascii: ":"): gap.insert(.colon)
                default: gap.insert(.broken)
                }
            }
            self = gap
        }
    }

    /// The cell behind the last word of each kind, while a text is read.
    struct WordEnds {
        private var ends = SIMD8<Int32>(repeating: -1_000)

        mutating func set(_ kind: ContextWords.Kind, _ end: Int) { ends[kind.rawValue] = Int32(end) }

        func distances(from start: Int) -> SIMD8<UInt8> {
            let distances = SIMD8<Int32>(repeating: Int32(start)) &- ends
            return SIMD8<UInt8>(truncatingIfNeeded: distances.replacing(with: 255, where: distances .> 255))
        }
    }
}
