/// Recognises what looks like personal data by the words beside it: names, addresses, numbers of papers and vehicles,
/// handles, opinions, and numbers and addresses that are spelt in words.
///
/// Looks at a bounded number of words beside each one, so that a whole text takes time in proportion to its length.
struct WordMatcher {
    let words: TextWords
    let allowed: GuardAllowList
    var text: ScannedText { words.text }

    typealias Match = TextMatcher.Match

    /// All of them, in no order; some may overlap.
    func matches() -> [Match] {
        var matches: [Match] = []
        var behindSpelt = 0
        for index in words.words.indices {
            let word = words.words[index]
            if index >= behindSpelt, let (match, end) = speltNumber(at: index) {
                matches.append(match)
                behindSpelt = end
            }
            if word.isNumber {
                if let match = postalCode(at: index) ?? englishStreet(at: index) { matches.append(match) }
                continue
            }
            if let match = street(at: index) ?? plate(at: index) { matches.append(match) }
            if let match = name(at: index) { matches.append(match) }
            if !word.meaning.isEmpty { cued(at: index, &matches) }
        }
        return matches
    }

    /// What follows a word that announces it.
    private func cued(at index: Int, _ matches: inout [Match]) {
        let meaning = words.words[index].meaning
        func add(_ match: Match?) { if let match { matches.append(match) } }
        if meaning.contains(.passportCue) { add(passport(behind: index)) }
        if meaning.contains(.migrationCue) { add(migrationNumber(behind: index)) }
        if meaning.contains(.plateCue) { add(plate(behind: index)) }
        if !meaning.isDisjoint(with: [.platform, .handleCue]) { add(handle(near: index)) }
        if !meaning.isDisjoint(with: [.opinion, .movement]) { add(opinion(at: index)) }
        if meaning.contains(.lastFourCue) { add(lastFour(at: index)) }
        if meaning.contains(.atSign) { add(speltAddress(at: index)) }
    }

    /// From a word to another, both included.
    func match(_ kind: PersonalDataKind, _ first: Int, _ last: Int) -> Match {
        Match(kind: kind, cells: Int(words.words[first].start)..<Int(words.words[last].end))
    }

    func isWord(_ index: Int, _ letters: StaticString) -> Bool {
        guard words.words.indices.contains(index), words.words[index].count == letters.utf8CodeUnitCount else {
            return false
        }
        return letters.withUTF8Buffer { unsafe $0.elementsEqual(text.cells[words.words[index].cells]) }
    }

    /// Whether one of the words before has a meaning, in the same sentence and no further than so many words away.
    func isBehind(_ meaning: WordMeaning, _ index: Int, within count: Int) -> Bool {
        var place = index
        while place > 0, index - place < count, words.isSameSentence(place) {
            place -= 1
            if !words.words[place].meaning.isDisjoint(with: meaning) { return true }
        }
        return false
    }
}
