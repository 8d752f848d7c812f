extension TextMatcher {
    static let atWords = [Array("at".utf8), Array("snabel-a".utf8), Array("snabela".utf8)]
    private static let dotWords = [Array("dot".utf8), Array("punkt".utf8), Array("point".utf8)]
    /// RFC 5321, section 4.5.3.1
    private static let longestLocalPart = 64
    private static let longestDomain = 255
    /// Domains for addresses with a space beside the sign, where a sentence could be meant.
    private static let knownDomains: Set<String> = [
        "se", "nu", "com", "org", "net", "info", "eu", "no", "dk", "fi", "de", "uk", "example",
    ]

    /// An e-mail address around its sign, which is `@` or a word for it in brackets.
    func email(at sign: Range<Int>) -> Match? {
        var left = sign.lowerBound
        var right = sign.upperBound
        let isApart = text[left - 1] == UInt8(ascii: " ") || text[right] == UInt8(ascii: " ")
        let isWord = sign.count > 1
        if isApart || isWord {
            if text[left - 1] == UInt8(ascii: " ") { left -= 1 }
            if text[right] == UInt8(ascii: " ") { right += 1 }
        }
        var start = left
        while left - start < Self.longestLocalPart, start > 0, Self.isLocal(text[start - 1]) { start -= 1 }
        while start < left, !ScannedText.isAlphanumeric(text[start]) { start += 1 }
        guard start < left, let domain = domain(from: right) else { return nil }
        guard !isApart || isWord || Self.knownDomains.contains(domain.topLevel) else { return nil }
        let isAllowed = sign.count == 1 && !isApart && allowed.allows(email: written(start..<domain.end))
        return Match(kind: isAllowed ? nil : .email, cells: start..<domain.end)
    }

    /// RFC 5322 atoms, and letters of every script (RFC 6531).
    private static func isLocal(_ cell: UInt8) -> Bool {
        if ScannedText.isAlphanumeric(cell) { return true }
        return switch cell {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "'"),
            UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    /// At least two labels, the last of two letters or more. Nil where there is none.
    private func domain(from start: Int) -> (end: Int, topLevel: String)? {
        var found: (end: Int, topLevel: String)?
        var label = start
        var labelCount = 0
        while label - start < Self.longestDomain {
            var end = label
            while end - label < 64, ScannedText.isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "-") { end += 1 }
            guard end > label else { break }
            labelCount += 1
            let isTopLevel = end - label >= 2 && text.cells[label..<end].allSatisfy(ScannedText.isLetter)
            if labelCount > 1, isTopLevel { found = (end, folded(label..<end)) }
            guard let next = behindDot(end) else { break }
            label = next
        }
        return found
    }

    private func behindDot(_ index: Int) -> Int? {
        if text[index] == UInt8(ascii: ".") { return index + 1 }
        let open = text[index] == UInt8(ascii: " ") ? index + 1 : index
        guard let dot = bracketed(open, Self.dotWords) else { return nil }
        return text[dot.upperBound] == UInt8(ascii: " ") ? dot.upperBound + 1 : dot.upperBound
    }

    /// A bracket with one of these words in it, from the bracket on: `(at)`, `[ at ]`.
    func bracketed(_ open: Int, _ words: [[UInt8]]) -> Range<Int>? {
        guard [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{")].contains(text[open]) else { return nil }
        let start = text[open + 1] == UInt8(ascii: " ") ? open + 2 : open + 1
        for word in words where text.cells[min(start, text.cells.count)...].starts(with: word) {
            var end = start + word.count
            if text[end] == UInt8(ascii: " ") { end += 1 }
            if [UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(text[end]) { return open..<end + 1 }
        }
        return nil
    }
}
