/// A run of digits, what stands before it and which words were last read before it.
struct DigitGroup {
    /// In cells.
    var start: Int
    var end: Int
    /// Where its digits begin among all digits of the text.
    var digitStart: Int
    /// What stands between the group before and this one.
    var gap: Gap
    /// The cell behind the last word of each kind, indexed by ``ContextWords/Kind``; far away if there was none.
    var wordEnds: WordEnds

    var count: Int { end - start }
    var digitEnd: Int { digitStart + count }

    func distance(to kind: ContextWords.Kind) -> Int { start - wordEnds[kind] }

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
                case UInt8(ascii: " "): gap.insert(.space)
                case 0x0A: gap.insert(gap.contains(.lineBreak) ? .broken : .lineBreak)
                case UInt8(ascii: "-"): gap.insert(.dash)
                case UInt8(ascii: "/"): gap.insert(.slash)
                case UInt8(ascii: "."): gap.insert(.dot)
                case UInt8(ascii: ","): gap.insert(.comma)
                case UInt8(ascii: "+"): gap.insert(.plus)
                case UInt8(ascii: "("), UInt8(ascii: ")"): gap.insert(.parenthesis)
                case UInt8(ascii: ":"): gap.insert(.colon)
                default: gap.insert(.broken)
                }
            }
            self = gap
        }
    }

    /// Seven places, without an array on the heap for every group.
    struct WordEnds {
        private var ends = SIMD8<Int32>(repeating: -1_000)

        subscript(kind: ContextWords.Kind) -> Int {
            get { Int(ends[kind.rawValue]) }
            set { ends[kind.rawValue] = Int32(newValue) }
        }
    }
}
