extension WordMatcher {
    /// `ABC 123`, `KLM45D`: three capitals, two digits, and a digit or a letter.
    ///
    /// Without I, Q, V and letters with marks, which no Swedish registration has (Transportstyrelsen).
    func plate(at index: Int) -> Match? {
        guard words.words[index].isAllCapitals, words.words[index].count == 3,
            !words.meaning(index).contains(.acronym)
        else { return nil }
        return plate(index)
    }

    /// A registration in letters of any size behind "regnr", "plate".
    func plate(behind cue: Int) -> Match? {
        for index in cue + 1..<cue + 4 where words.words.indices.contains(index) && words.isSameSentence(index) {
            if let match = plate(index) { return match }
        }
        return nil
    }

    private func plate(_ index: Int) -> Match? {
        let word = words.words[index]
        let number = index + 1
        guard word.count == 3, !word.isNumber, words.words.indices.contains(number), words.words[number].isNumber,
            text.cells[word.cells].allSatisfy({ Self.isPlateLetter($0) }),
            words.gap(before: index).last.map({ !ScannedText.isDigit($0) }) ?? true
        else { return nil }
        let gap = words.gap(before: number)
        guard gap.isEmpty || gap.elementsEqual([0x20]) || gap.elementsEqual([UInt8(ascii: "-")]) else { return nil }
        let end = Int(words.words[number].end)
        if words.words[number].count == 3 {
            // `GHJ 204:1` is a reference to something written.
            guard ![UInt8(ascii: ":"), UInt8(ascii: "/")].contains(text[end]), !ScannedText.isLetter(text[end]) else {
                return nil
            }
            return match(.plate, index, number)
        }
        guard words.words[number].count == 2, Self.isPlateLetter(text[end]), !ScannedText.isAlphanumeric(text[end + 1])
        else { return nil }
        return match(.plate, index, number + 1)
    }

    private static func isPlateLetter(_ cell: UInt8) -> Bool {
        cell &- 97 < 26 && cell != UInt8(ascii: "i") && cell != UInt8(ascii: "q") && cell != UInt8(ascii: "v")
    }

    /// Seven to nine digits, with up to two letters before them, within five words behind "passport".
    func passport(behind cue: Int) -> Match? {
        for index in cue + 1..<cue + 7 where words.words.indices.contains(index) {
            guard words.isSameSentence(index) || index == cue + 1 || isAbbreviated(index) else { return nil }
            guard words.words[index].isNumber, (7...9).contains(words.words[index].count),
                isWholeNumber(index)
            else { continue }
            let letters = index - 1
            let hasLetters =
                letters > cue && !words.words[letters].isNumber && words.words[letters].count <= 2
                && words.gap(before: index).isEmpty
            return match(.passport, hasLetters ? letters : index, index)
        }
        return nil
    }

    /// Whether the sentence seems to end before the word only because a short word has a dot: `nr. 9`.
    private func isAbbreviated(_ index: Int) -> Bool {
        words.words.indices.contains(index) && index > 0 && words.words[index - 1].count <= 4
            && !words.gap(before: index).contains(0x0A)
    }

    private func isWholeNumber(_ index: Int) -> Bool {
        let end = Int(words.words[index].end)
        return !(text[end] == UInt8(ascii: "-") && ScannedText.isDigit(text[end + 1]))
    }

    /// Six digits or more, in groups or not, within five words behind "LMA" or "dossier".
    func migrationNumber(behind cue: Int) -> Match? {
        var index = cue + 1
        while index < cue + 7, words.words.indices.contains(index),
            words.isSameSentence(index) || isAbbreviated(index)
        {
            if words.words[index].isNumber {
                var last = index
                var count = words.words[index].count
                while words.words.indices.contains(last + 1), words.words[last + 1].isNumber, last - index < 3,
                    words.followsSpace(last + 1) || words.gap(before: last + 1).elementsEqual([UInt8(ascii: "-")])
                {
                    last += 1
                    count += words.words[last].count
                }
                if (6...10).contains(count), !isDate(index, last) { return match(.migrationNumber, index, last) }
                index = last
            }
            index += 1
        }
        return nil
    }

    /// `2016-11-02`
    private func isDate(_ first: Int, _ last: Int) -> Bool {
        last - first == 2 && words.words[first].count == 4 && words.words[last].count <= 2
    }

    /// `sista fyra är 2387`, `de fyra sista: 2387`, `last four digits 2387`, in digits or in words.
    func lastFour(at index: Int) -> Match? {
        let isSwedish =
            isWord(index, "sista") && isWord(index + 1, "fyra") || isWord(index, "fyra") && isWord(index + 1, "sista")
        let isEnglish = isWord(index, "last") && (isWord(index + 1, "four") || words.value(index + 1) == 4)
        guard isSwedish || isEnglish || isWord(index, "sista") && words.value(index + 1) == 4 else { return nil }
        var place = index + 2
        while place < index + 8, words.words.indices.contains(place), words.isSameSentence(place) || place == index + 2
        {
            if words.words[place].isNumber, words.words[place].count == 4 { return match(.lastFour, place, place) }
            if let (last, digits) = speltDigits(from: place), digits.count == 4 { return match(.lastFour, place, last) }
            place += 1
        }
        return nil
    }
}
