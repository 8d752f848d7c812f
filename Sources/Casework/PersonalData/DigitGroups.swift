/// All digits of a text, in their groups, and where the names of social networks stand. Linear in the text's length.
struct DigitGroups {
    let text: ScannedText
    private(set) var groups: [DigitGroup] = []
    /// 0 to 9, of all groups.
    private(set) var digits: [UInt8] = []
    /// In cells, ascending.
    private(set) var platforms: [Range<Int>] = []

    init(_ text: ScannedText) {
        self.text = text
        // Counted first: what grows by doubling costs more in fresh pages of memory than all the reading.
        var groupCount = 0
        var digitCount = 0
        var wasDigit = false
        for cell in text.cells {
            let isDigit = ScannedText.isDigit(cell)
            if isDigit { digitCount += 1 }
            if isDigit, !wasDigit { groupCount += 1 }
            wasDigit = isDigit
        }
        groups.reserveCapacity(groupCount)
        digits.reserveCapacity(digitCount)
        var wordEnds = DigitGroup.WordEnds()
        var index = 0
        while index < text.cells.count {
            let cell = text.cells[index]
            var end = index + 1
            if ScannedText.isDigit(cell) {
                while end < text.cells.count, ScannedText.isDigit(text.cells[end]) { end += 1 }
                let before = groups.last.map { DigitGroup.Gap(text.cells[$0.end..<index]) } ?? .broken
                groups.append(
                    DigitGroup(
                        start: index, end: end, digitStart: digits.count, gap: before, wordEnds: wordEnds))
                for digit in text.cells[index..<end] { digits.append(digit - 48) }
            } else if ScannedText.isLetter(cell) {
                while end < text.cells.count, ScannedText.isLetter(text.cells[end]) { end += 1 }
                if let kind = ContextWords.shared.kind(text.cells[index..<end]) {
                    wordEnds.set(kind, end)
                    if kind == .platform { platforms.append(index..<end) }
                }
            }
            index = end
        }
    }

    /// The digits of some groups.
    func digits(_ first: Int, _ last: Int) -> ArraySlice<UInt8> {
        digits[groups[first].digitStart..<groups[last].digitEnd]
    }

    /// The number that a group's digits make, for groups of at most nine.
    func value(_ group: Int) -> Int { digits(group, group).reduce(0) { $0 * 10 + Int($1) } }

    func count(_ group: Int) -> Int { groups.indices.contains(group) ? groups[group].count : 0 }

    /// What stands behind a group: ``DigitGroup/Gap/broken`` at the end.
    func gap(after group: Int) -> DigitGroup.Gap { group + 1 < groups.count ? groups[group + 1].gap : .broken }

    func cells(_ first: Int, _ last: Int) -> Range<Int> { groups[first].start..<groups[last].end }

    func text(_ first: Int, _ last: Int) -> String {
        digits(first, last).reduce(into: "") { $0.unicodeScalars.append(Unicode.Scalar(48 + $1)) }
    }

    /// Whether a word of this kind stands before the group, at most so many cells away and with no digits between.
    func isFirst(_ group: Int, behind kind: ContextWords.Kind, within cells: Int) -> Bool {
        let distance = groups[group].distance(to: kind)
        guard distance <= cells else { return false }
        return group == 0 || groups[group - 1].end <= groups[group].start - distance
    }

    /// Whether money or a percentage is what these groups say: a word or sign of it stands right before or behind.
    func isMoney(_ first: Int, _ last: Int) -> Bool {
        if groups[first].distance(to: .money) <= 2 { return true }
        var index = groups[last].end
        if text[index] == UInt8(ascii: " ") { index += 1 }
        if text[index] == UInt8(ascii: "%") || text[index] == UInt8(ascii: ":") && text[index + 1] == UInt8(ascii: "-")
        {
            return true
        }
        var end = index
        while end - index <= ContextWords.longestWord, ScannedText.isLetter(text[end]) { end += 1 }
        return end > index && ContextWords.shared.kind(text.cells[index..<end]) == .money
    }

    /// Whether the groups are one number in thousands: `1 250 000`, `12,500,000`.
    func isInThousands(_ first: Int, _ last: Int) -> Bool {
        first < last && groups[first].count <= 3 && groups[first + 1...last].allSatisfy { $0.count == 3 }
    }

    func isYear(_ group: Int) -> Bool { groups[group].count == 4 && (1_900...2_099).contains(value(group)) }
}
