extension WordMatcher {
    /// A word with signs that words do not have, within eight words behind the name of a network, or six before it.
    func handle(near cue: Int) -> Match? {
        for index in cue + 1..<cue + 9 {
            guard words.words.indices.contains(index), words.isSameSentence(index) || index == cue + 1 else { break }
            if let match = handle(from: index, behind: cue) { return match }
        }
        for index in max(0, cue - 6)..<cue where words.words.indices.contains(index) {
            if let match = handle(from: index, behind: nil), isSameSentence(index, cue) { return match }
        }
        return nil
    }

    private func isSameSentence(_ first: Int, _ last: Int) -> Bool {
        (first + 1...last).allSatisfy { words.isSameSentence($0) }
    }

    /// - Parameter cue: the word that announces it, if it comes before; then a name with a dot in it is one too.
    private func handle(from index: Int, behind cue: Int?) -> Match? {
        let start = Int(words.words[index].start)
        let before = text[start - 1]
        // Begins a sign, and is no part of an address.
        guard !Self.isPart(before), before != UInt8(ascii: "/"), before != UInt8(ascii: ".") else { return nil }
        var end = start
        var letterCount = 0
        var digitCount = 0
        var signs: [UInt8] = []
        while end - start < 40, Self.isPart(text[end]) || text[end] == UInt8(ascii: ".") {
            let cell = text[end]
            if ScannedText.isDigit(cell) {
                digitCount += 1
            } else if ScannedText.isLetter(cell) {
                letterCount += 1
            } else {
                guard Self.isPart(text[end + 1]) else { break }
                signs.append(cell)
            }
            end += 1
        }
        guard end - start >= 4, letterCount >= 2, text[end] != UInt8(ascii: "@") else { return nil }
        if before == UInt8(ascii: "@") { return Match(kind: kindOf(start - 1..<end), cells: start - 1..<end) }
        let hasMark = signs.contains(UInt8(ascii: "_")) || signs.contains(UInt8(ascii: "#"))
        let isMixed = digitCount > 0 && ScannedText.isLetter(text[start]) && !signs.contains(UInt8(ascii: "-"))
        let isDotted =
            signs.contains(UInt8(ascii: ".")) && letterCount + digitCount >= 6 && !isDomain(start..<end)
            && !signs.contains(UInt8(ascii: "-")) && cue.map { index - $0 <= 4 } ?? false
        guard hasMark || isMixed || isDotted else { return nil }
        return Match(kind: kindOf(start..<end), cells: start..<end)
    }

    private func kindOf(_ cells: Range<Int>) -> PersonalDataKind? {
        let name = String(decoding: text.cells[cells], as: UTF8.self)
        return allowed.profiles.contains(name.hasPrefix("@") ? name : "@" + name) ? nil : .handle
    }

    private func isDomain(_ cells: Range<Int>) -> Bool {
        let labels = text.cells[cells].split(separator: UInt8(ascii: "."))
        guard let last = labels.last, labels.allSatisfy({ $0.count > 1 }) else { return true }
        return WordList.shared.meaning(WordList.hash(last), length: last.count).contains(.topLevel)
    }

    private static func isPart(_ cell: UInt8) -> Bool {
        ScannedText.isAlphanumeric(cell) || cell == UInt8(ascii: "_") || cell == UInt8(ascii: "#")
            || cell == UInt8(ascii: "-")
    }
}
