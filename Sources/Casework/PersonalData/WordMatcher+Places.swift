extension WordMatcher {
    /// `Storgatan 14`, `Lilla Torget 5 B`: a street with a number that counts nothing.
    func street(at index: Int) -> Match? {
        let number = index + 1
        guard words.words.indices.contains(number), words.words[number].isNumber, words.followsSpace(number),
            words.words[number].count <= 3, !words.words[index].isAllowed, let first = streetName(index),
            !words.meaning(number + 1).contains(.unit) || !words.followsSpace(number + 1)
        else { return nil }
        let end = Int(words.words[number].end)
        // A time, a date, a share.
        if [UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "/")].contains(text[end]) { return nil }
        if text[end] == UInt8(ascii: "."), ScannedText.isDigit(text[end + 1]) { return nil }
        var last = number
        if words.words.indices.contains(number + 1), words.words[number + 1].count == 1,
            !words.words[number + 1].isNumber, words.gap(before: number + 1).isEmpty || isCapitalLetter(number + 1)
        {
            last = number + 1
        }
        return match(.address, first, last)
    }

    private func isCapitalLetter(_ index: Int) -> Bool {
        words.followsSpace(index) && words.words[index].isCapitalised
    }

    /// The first word of the name of a street that ends with this one.
    private func streetName(_ index: Int) -> Int? {
        if Self.streetEndings.contains(where: { words.hasSuffix(index, $0, before: 2) }) {
            guard !Self.ways.contains(words.words[index].hash) else { return nil }
            return index
        }
        if words.words[index].isCapitalised, !words.words[index].isSentenceStart,
            Self.squareEndings.contains(where: { words.hasSuffix(index, $0, before: 2) })
        {
            return index
        }
        guard Self.streetWords.contains(words.words[index].hash), words.followsSpace(index) else { return nil }
        let isCapitalised = words.words[index - 1].isCapitalised && !words.words[index - 1].isNumber
        guard isCapitalised || Self.alleys.contains(words.words[index].hash) else { return nil }
        // "På torget 5": what a sentence begins with is no name.
        guard !words.words[index - 1].isSentenceStart || words.words[index].isCapitalised else { return nil }
        return index - 1
    }

    private static let streetEndings = endings(
        "gatan vägen gränd gränden stigen allén svängen passagen slingan esplanaden kajen backen gata torget")
    private static let squareEndings = endings(
        "plan platsen ringen gången liden brinken parken stråket leden höjden väg")
    private static let streetWords = Set(
        endings("gatan gata vägen väg gränd torg torget allé allén plan plats stig stigen backe").map {
            WordList.hash($0)
        })
    private static let alleys = Set(endings("allé gränd").map { WordList.hash($0) })
    /// What ends like a street and is none.
    private static let ways = Set(
        endings(
            "järnvägen omvägen motorvägen kontaktvägen hänvisningsvägen genvägen utvägen tjänstevägen handlingsvägen halvvägen"
        ).map { WordList.hash($0) })

    /// `12 Station Road`
    func englishStreet(at index: Int) -> Match? {
        guard words.words[index].count <= 4, words.words.indices.contains(index + 2) else { return nil }
        for last in index + 2...index + 3 where words.words.indices.contains(last) {
            let name = (index + 1...last)
            guard name.allSatisfy({ words.followsSpace($0) && words.words[$0].isCapitalised }) else { return nil }
            if words.meaning(last).contains(.englishStreet) { return match(.address, index, last) }
        }
        return nil
    }

    /// `163 74 Spånga`, `SE-212 40 Malmö`: a postal code with its place, or behind the word for it.
    func postalCode(at index: Int) -> Match? {
        let word = words.words[index]
        var last = index
        if word.count == 3, words.words.indices.contains(index + 1), words.words[index + 1].isNumber,
            words.words[index + 1].count == 2, words.followsSpace(index + 1)
        {
            last = index + 1
        } else if word.count != 5 {
            return nil
        }
        guard text.cells[Int(word.start)] != UInt8(ascii: "0") else { return nil }
        // A group of a longer number.
        let before = text[Int(word.start) - 1]
        if ScannedText.isDigit(text[Int(word.start) - 2]), before == 0x20 || before == UInt8(ascii: "-") { return nil }
        if isBehindPostalWord(index) { return match(.address, index, last) }
        let place = last + 1
        guard words.words.indices.contains(place), words.followsSpace(place), !words.words[place].isNumber,
            words.words[place].isCapitalised, words.words[place].count >= 2,
            words.meaning(place).isDisjoint(with: [.unit, .organisation, .person])
        else { return nil }
        return match(.address, index, place)
    }

    private func isBehindPostalWord(_ index: Int) -> Bool {
        (1...2).contains {
            isWord(index - $0, "postnummer") || isWord(index - $0, "postnr") || isWord(index - $0, "postcode")
        }
    }
}
