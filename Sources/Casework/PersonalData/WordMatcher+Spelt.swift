extension WordMatcher {
    // MARK: Numbers

    /// A telephone number in words, or in words and digits: `noll sju noll, ett sju fyra …`, `nollsjuttio 174 06 05`.
    ///
    /// - Returns: also the word behind it. A run of six digits or more that is no telephone number is warned of.
    func speltNumber(at index: Int) -> (Match, Int)? {
        guard !words.words[index].isNumber, let (last, digits) = speltDigits(from: index) else { return nil }
        let isNumber = digits.first == 0 && (8...12).contains(digits.count)
        guard isNumber || digits.count >= 6 && last - index >= 3 else { return nil }
        let number = GuardAllowList.international(digits, hasPlus: false)
        if isNumber, allowed.numbers.contains(number) {
            return (Match(kind: nil, cells: match(.phone, index, last).cells), last + 1)
        }
        return (match(isNumber ? .phone : .speltNumber, index, last), last + 1)
    }

    /// The digits of number words in a row, and of digits between them; nil where the first word is none.
    func speltDigits(from first: Int) -> (last: Int, digits: [UInt8])? {
        guard var digits = numberWord(first) else { return nil }
        var last = first
        while last - first < 16, words.words.indices.contains(last + 1), Self.joins(words.gap(before: last + 1)) {
            let next = last + 1
            if words.words[next].isNumber {
                guard words.words[next].count <= 7 else { break }
                digits += text.cells[words.words[next].cells].map { $0 - 48 }
            } else if let more = numberWord(next) {
                digits += more
            } else {
                break
            }
            last = next
        }
        return (last, digits)
    }

    private static func joins(_ gap: ArraySlice<UInt8>) -> Bool {
        (1...3).contains(gap.count)
            && gap.allSatisfy { [0x20, UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "/")].contains($0) }
    }

    /// `nollsjuttiosex` is 0, 7, 6: the digits of a word made of number words; nil for any other.
    private func numberWord(_ index: Int) -> [UInt8]? {
        let word = words.words[index]
        guard !word.isNumber, (2...24).contains(word.count) else { return nil }
        var rest = text.cells[word.cells]
        guard let letter = rest.first, Self.numberStarts.contains(letter) else { return nil }
        var digits: [UInt8] = []
        var isAfterTens = false
        while !rest.isEmpty {
            guard let part = Self.numberParts.first(where: { rest.starts(with: $0.cells) }) else { return nil }
            if isAfterTens, part.value < 10, part.value > 0 {
                digits[digits.count - 1] = UInt8(part.value)
                isAfterTens = false
            } else if part.value < 10 {
                digits.append(UInt8(part.value))
                isAfterTens = false
            } else {
                digits += [UInt8(part.value / 10), UInt8(part.value % 10)]
                isAfterTens = part.value >= 20
            }
            rest = rest.dropFirst(part.cells.count)
        }
        return digits
    }

    private struct NumberPart {
        var cells: [UInt8]
        var value: Int
    }

    /// The longest first, so that "tretton" is not read as "tre".
    private static let numberParts: [NumberPart] = {
        let swedish =
            "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"
        let english =
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
        var parts: [NumberPart] = []
        for list in [swedish, english] {
            for (value, word) in endings(list).enumerated() { parts.append(NumberPart(cells: word, value: value)) }
        }
        for list in [
            "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
            "twenty thirty forty fifty sixty seventy eighty ninety",
        ] {
            for (tens, word) in endings(list).enumerated() {
                parts.append(NumberPart(cells: word, value: (tens + 2) * 10))
            }
        }
        return parts.sorted { $0.cells.count > $1.cells.count }
    }()

    private static let numberStarts = Set(numberParts.compactMap(\.cells.first))

    // MARK: Addresses

    /// `anna punkt karlsson snabel-a example punkt com`: an e-mail address in words, around its word for `@`.
    func speltAddress(at index: Int) -> Match? {
        var sign = index
        // "snabel-a", "snabel a"
        if isWord(index, "snabel") {
            guard isWord(index + 1, "a") else { return nil }
            sign = index + 1
        } else if !isWord(index, "snabela"), !isWord(index, "at") {
            return nil
        }
        guard index > 0, words.words.indices.contains(sign + 1), Self.isNear(words.gap(before: index)),
            Self.isNear(words.gap(before: sign + 1))
        else { return nil }
        // To the right: a word, then a dot or a word for it, and so on to a top-level domain.
        var last = sign + 1
        var end: Int?
        while last - sign < 9, let next = behindDot(last) {
            if words.meaning(next).contains(.topLevel) { end = next }
            last = next
        }
        guard let end else { return nil }
        // "at" alone is an English word: its domain has "dot" in it, and is no word of every day.
        if isWord(index, "at"), !isBracketed(index) {
            guard (sign + 2...end).contains(where: { isWord($0, "dot") }), !words.meaning(sign + 1).contains(.noName)
            else { return nil }
        }
        var first = index - 1
        while index - first < 9, first >= 2, !words.meaning(first - 1).isDisjoint(with: [.dot, .sign]),
            words.isSameSentence(first), words.isSameSentence(first - 1)
        {
            first -= 2
        }
        return match(.email, first, end)
    }

    private func isBracketed(_ index: Int) -> Bool {
        [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{")].contains(text[Int(words.words[index].start) - 1])
    }

    /// The word behind a dot, or behind a word for one, that follows this word.
    private func behindDot(_ index: Int) -> Int? {
        guard words.words.indices.contains(index + 1) else { return nil }
        if words.gap(before: index + 1).elementsEqual([UInt8(ascii: ".")]) { return index + 1 }
        if !words.meaning(index + 1).isDisjoint(with: [.dot, .sign]), words.words.indices.contains(index + 2),
            Self.isNear(words.gap(before: index + 1)), Self.isNear(words.gap(before: index + 2))
        {
            return index + 2
        }
        return nil
    }

    /// At most three signs, none of which ends a sentence.
    private static func isNear(_ gap: ArraySlice<UInt8>) -> Bool {
        (0...3).contains(gap.count)
            && gap.allSatisfy {
                [0x20, 40, 41, 91, 93, 123, 125, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\"")].contains($0)
            }
    }
}
