extension WordMatcher {
    /// A party, a faith or an orientation that is said of a person: "mamman är muslim", "med i NMR", "röstar på …".
    func opinion(at index: Int) -> Match? {
        let word = words.words[index]
        guard !word.isAllowed, index > 0 else { return nil }
        if word.meaning.contains(.opinion) {
            // "är aktiv sverigedemokrat", "is a Shia Muslim"
            var place = index - 1
            while place >= 0, index - place <= 3, words.isSameSentence(place + 1),
                !words.meaning(place).isDisjoint(with: [.adverb, .opinion]), !words.meaning(place).contains(.copula)
            {
                place -= 1
            }
            guard place >= 0, words.isSameSentence(place + 1), words.meaning(place).contains(.copula),
                isSaidOfPerson(place)
            else { return nil }
            return match(.opinion, index, index)
        }
        // "röstar på Vänsterpartiet", "medlem i NMR", "är med i SD"
        let isMember =
            isBehind(.membership, index, within: 3)
            || isWord(index - 1, "i") && isWord(index - 2, "med") && isBehind(.copula, index - 2, within: 2)
        guard isMember, isBehind(.person, index, within: 8) || isBehind(.relation, index, within: 8) else { return nil }
        return match(.opinion, index, index)
    }

    /// Whether a person, or a name, stands within four words before the verb, and nothing asks what something is.
    private func isSaidOfPerson(_ verb: Int) -> Bool {
        if isWord(verb - 1, "vad") || isWord(verb - 1, "what") || isWord(verb - 1, "som") && isWord(verb - 2, "vad") {
            return false
        }
        var place = verb
        while place > 0, verb - place < 4, words.isSameSentence(place) {
            place -= 1
            let word = words.words[place]
            if !word.meaning.isDisjoint(with: [.person, .givenName]) { return true }
        }
        // "Är muslim, sa hon": a note without its subject.
        return false
    }
}
