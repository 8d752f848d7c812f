/// The words and numbers of a text in their order, with what the guard's lists say of each.
///
/// Linear in the text's length.
struct TextWords {
    let text: ScannedText
    private(set) var words: [TextWord] = []

    init(_ text: ScannedText, allowed: GuardAllowList) {
        self.text = text
        let cells = text.cells
        words.reserveCapacity(cells.count / 5)
        let list = WordList.shared
        var index = 0
        var isSentenceStart = true
        while index < cells.count {
            let cell = cells[index]
            var end = index + 1
            if ScannedText.isDigit(cell) {
                while end < cells.count, ScannedText.isDigit(cells[end]) { end += 1 }
                words.append(TextWord(start: index, end: end, isNumber: true, isSentenceStart: isSentenceStart))
                isSentenceStart = false
            } else if ScannedText.isLetter(cell) {
                var hash = WordList.hashStart
                hash = WordList.hash(hash, cell)
                var capitals = text.isCapital(index) ? 1 : 0
                while end < cells.count, ScannedText.isLetter(cells[end]) {
                    hash = WordList.hash(hash, cells[end])
                    if text.isCapital(end) { capitals += 1 }
                    end += 1
                }
                var word = TextWord(start: index, end: end, isNumber: false, isSentenceStart: isSentenceStart)
                word.hash = hash
                word.meaning = list.meaning(hash, length: end - index)
                word.isCapitalised = text.isCapital(index)
                word.isAllCapitals = capitals == end - index && end - index > 1
                words.append(word)
                isSentenceStart = false
            } else {
                switch cell {
                case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ":"), 0x0A,
                    UInt8(ascii: "|"), ScannedText.other, UInt8(ascii: "\""):
                    isSentenceStart = true
                default: break
                }
            }
            index = end
        }
        if !allowed.names.isEmpty { markAllowed(allowed) }
    }

    /// Words that are part of a name of the directory are nobody's.
    private mutating func markAllowed(_ allowed: GuardAllowList) {
        for first in words.indices {
            guard let names = allowed.names[words[first].hash] else { continue }
            for name in names where name.count <= words.count - first {
                let range = first..<first + name.count
                guard zip(range, name).allSatisfy({ words[$0].hash == $1 }) else { continue }
                for index in range { words[index].isAllowed = true }
            }
        }
    }

    /// What the word means; nothing outside the text.
    func meaning(_ index: Int) -> WordMeaning { words.indices.contains(index) ? words[index].meaning : [] }

    /// The cells between a word and the one before it; all before the first.
    func gap(before index: Int) -> ArraySlice<UInt8> {
        let start = index > 0 ? Int(words[index - 1].end) : 0
        return text.cells[start..<Int(words[index].start)]
    }

    /// Whether nothing but one space is before the word.
    func followsSpace(_ index: Int) -> Bool { index > 0 && gap(before: index).elementsEqual([0x20]) }

    /// Whether no sentence ends between the word and the one before it. A colon is not taken for an end.
    func isSameSentence(_ index: Int) -> Bool {
        guard words.indices.contains(index), index > 0 else { return false }
        let gap = gap(before: index)
        if gap.contains(0x0A) { return false }
        guard
            let dot = gap.firstIndex(where: { [UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?")].contains($0) })
        else { return true }
        return dot + 1 < gap.endIndex ? text[dot + 1] != 0x20 : true
    }

    /// The number that a group of digits makes; nil for words, and for more than nine digits.
    func value(_ index: Int) -> Int? {
        guard words.indices.contains(index), words[index].isNumber, words[index].count <= 9 else { return nil }
        return text.cells[words[index].cells].reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// Whether the word ends with this, and has at least so many letters before it.
    func hasSuffix(_ index: Int, _ suffix: [UInt8], before count: Int) -> Bool {
        let cells = words[index].cells
        return cells.count >= suffix.count + count && text.cells[cells].suffix(suffix.count).elementsEqual(suffix)
    }
}

/// A run of letters or of digits.
struct TextWord {
    /// In cells.
    let start: Int32
    let end: Int32
    let isNumber: Bool
    let isSentenceStart: Bool
    var isCapitalised = false
    var isAllCapitals = false
    /// It is part of a name of the referral directory.
    var isAllowed = false
    var meaning: WordMeaning = []
    var hash: UInt64 = 0

    init(start: Int, end: Int, isNumber: Bool, isSentenceStart: Bool) {
        self.start = Int32(start)
        self.end = Int32(end)
        self.isNumber = isNumber
        self.isSentenceStart = isSentenceStart
    }

    var cells: Range<Int> { Int(start)..<Int(end) }
    var count: Int { Int(end - start) }
}
