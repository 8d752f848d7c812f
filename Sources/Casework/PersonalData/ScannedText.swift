/// A text as the guard reads it: one byte for every scalar that counts, with its place in the text.
///
/// - Digits of every script are ASCII digits, full-width letters and signs are ASCII, capitals are small letters.
/// - Every kind of space is a space, every kind of dash a hyphen. Line breaks stay apart.
/// - What is invisible is left out: soft hyphens, zero-width and direction marks, combining marks.
/// - Which letters were capitals is kept beside the cells: ``isCapital(_:)``.
/// - Other letters are ``otherLetter``, everything else is ``other``.
///
/// Linear in the text's length.
struct ScannedText {
    static let otherLetter: UInt8 = 0x80
    static let other: UInt8 = 0x81

    private(set) var cells: [UInt8] = []
    /// Where each cell's scalar begins, and how long it is, in bytes of UTF-8. A text has less than 2³¹ bytes.
    private var starts: [Int32] = []
    /// The highest bit is set for a capital.
    private var widths: [UInt8] = []
    private static let capitalBit: UInt8 = 0x80

    init(_ text: String) {
        let count = text.utf8.count
        cells.reserveCapacity(count)
        starts.reserveCapacity(count)
        widths.reserveCapacity(count)
        var place: Int32 = 0
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let width: UInt8 = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
            if let cell = value < 0x80 ? Self.plain(UInt8(value)) : Self.folded(scalar) {
                cells.append(cell)
                starts.append(place)
                widths.append(Self.isCapital(scalar) ? width | Self.capitalBit : width)
            }
            place += Int32(width)
        }
        readLettersOAsZeros()
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE: true
        case 0...0xFF: false
        default: scalar.properties.isUppercase
        }
    }

    private static func plain(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case 0x0A: 0x0A
        case 0x0D: 0x0A
        case 0...0x20: 0x20
        default: byte
        }
    }

    /// Nil for what is left out.
    private static func folded(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        // The letters of Swedish and its neighbours, without asking the tables.
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F: return otherLetter
        case 0xFF01...0xFF5E: return plain(UInt8(scalar.value - 0xFEE0))
        case 0xB7, 0x2022, 0x2024, 0x22C5, 0x3002, 0xFE52, 0xFF61: return UInt8(ascii: ".")
        case 0x2044, 0x2215: return UInt8(ascii: "/")
        case 0x2212, 0x2043: return UInt8(ascii: "-")
        case 0xFE6B: return UInt8(ascii: "@")
        case 0xFE62: return UInt8(ascii: "+")
        case 0xFE55, 0xFE13, 0x2236: return UInt8(ascii: ":")
        case 0x85, 0x2028, 0x2029: return 0x0A
        default: break
        }
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint { return nil }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return nil
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return 0x20
        case .dashPunctuation: return UInt8(ascii: "-")
        case .decimalNumber, .otherNumber:
            guard let digit = properties.numericValue.flatMap({ UInt8(exactly: $0) }), digit <= 9 else { return other }
            return 48 + digit
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark:
            return otherLetter
        default: return other
        }
    }

    /// `O7O-174 O6 O5`: in a word of nothing but digits and the letter O, that letter is a zero.
    private mutating func readLettersOAsZeros() {
        var start = 0
        while start < cells.count {
            guard Self.isAlphanumeric(cells[start]) else {
                start += 1
                continue
            }
            var end = start
            var digitCount = 0
            var letterCount = 0
            while end < cells.count, Self.isAlphanumeric(cells[end]) {
                if Self.isDigit(cells[end]) { digitCount += 1 }
                if cells[end] == UInt8(ascii: "o") { letterCount += 1 }
                end += 1
            }
            if digitCount > 0, letterCount > 0, digitCount + letterCount == end - start {
                for index in start..<end where cells[index] == UInt8(ascii: "o") { cells[index] = UInt8(ascii: "0") }
            }
            start = end
        }
    }

    static func isDigit(_ cell: UInt8) -> Bool { cell &- 48 < 10 }
    static func isLetter(_ cell: UInt8) -> Bool { cell &- 97 < 26 || cell == otherLetter }
    static func isAlphanumeric(_ cell: UInt8) -> Bool { isDigit(cell) || isLetter(cell) }

    /// The cell, or a space before the start and behind the end.
    subscript(index: Int) -> UInt8 { cells.indices.contains(index) ? cells[index] : 0x20 }

    /// Where cells stand in the text. The range is not empty.
    func bytes(_ range: Range<Int>) -> Range<Int> {
        let last = range.upperBound - 1
        return Int(starts[range.lowerBound])..<Int(starts[last]) + Int(widths[last] & ~Self.capitalBit)
    }

    /// Whether the letter was a capital. False outside the text.
    func isCapital(_ index: Int) -> Bool { widths.indices.contains(index) && widths[index] & Self.capitalBit != 0 }
}
