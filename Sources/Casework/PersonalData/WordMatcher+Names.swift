extension WordMatcher {
    /// A name that begins with this word.
    ///
    /// - A given name of the list, with a capital.
    /// - Behind "heter", "named" and the like: a word with a capital, or a given name without.
    /// - Behind "min son", "kuratorn": a word with a capital, which is no organisation.
    /// - Behind "pratade med", "orolig för": the same.
    /// - Two words with capitals, neither of which is a place, an organisation, or what sentences begin with.
    func name(at index: Int) -> Match? {
        let word = words.words[index]
        guard !word.isAllowed, word.count >= 2 else { return nil }
        let isGiven = word.meaning.contains(.givenName)
        guard word.isCapitalised else {
            guard isGiven || word.meaning.contains(.doubtfulName), isNamed(index) else { return nil }
            return isGiven ? match(.name, index, index) : nil
        }
        if index > 0, words.gap(before: index).isEmpty { return nil }
        if isGiven, !isOrganisation(index + 1), !isPartOfName(index) { return match(.name, index, lastName(index)) }
        guard isPossible(index) else { return nil }
        if isNamed(index) || isOfRelation(index) || isMet(index) { return match(.name, index, lastName(index)) }
        guard isPossible(index + 1), words.followsSpace(index + 1), words.words[index + 1].isCapitalised,
            !isOrganisation(index + 2), !isOrganisation(index - 1)
        else { return nil }
        if word.isSentenceStart, !word.meaning.contains(.doubtfulName), !isSurname(index + 1) { return nil }
        return match(.name, index, lastName(index))
    }

    /// Whether a word may be part of a name.
    private func isPossible(_ index: Int) -> Bool {
        guard words.words.indices.contains(index) else { return false }
        let word = words.words[index]
        return !word.isNumber && word.isCapitalised && !word.isAllowed && !word.isAllCapitals && word.count >= 2
            && word.meaning.isDisjoint(with: [.noName, .organisation, .platform, .unit, .opinion, .movement])
            && !Self.organisationEndings.contains { words.hasSuffix(index, $0, before: 2) }
    }

    private func isOrganisation(_ index: Int) -> Bool {
        guard words.words.indices.contains(index), index > 0, words.isSameSentence(index) else { return false }
        return words.meaning(index).contains(.organisation) || words.words[index].isAllowed
            || Self.organisationEndings.contains { words.hasSuffix(index, $0, before: 2) }
    }

    /// `Sankt Olof`, and the second of two names.
    private func isPartOfName(_ index: Int) -> Bool { isWord(index - 1, "sankt") || isWord(index - 1, "saint") }

    /// The last word of a name: what follows with a capital belongs to it, with a hyphen too.
    private func lastName(_ index: Int) -> Int {
        var last = index
        while last - index < 3, isPossible(last + 1) || words.meaning(last + 1).contains(.givenName),
            words.words[last + 1].isCapitalised,
            words.followsSpace(last + 1) || words.gap(before: last + 1).elementsEqual([UInt8(ascii: "-")])
        {
            last += 1
        }
        return last
    }

    /// `heter Elias`, `kallar sig Jocke`, `name is David`, `presenterade sig som Helena`, `hälsade från Gunilla`.
    private func isNamed(_ index: Int) -> Bool {
        guard index > 0, words.isSameSentence(index) else { return false }
        if words.meaning(index - 1).contains(.nameCue) { return true }
        if isWord(index - 1, "sig") { return isWord(index - 2, "kallar") || isWord(index - 2, "kallade") }
        let isCopula = isWord(index - 1, "is") || words.words[index - 1].count == 2 && isCopulaAr(index - 1)
        if isCopula, words.meaning(index - 2).contains(.nameCue) { return true }
        if isWord(index - 1, "som") { return isWord(index - 3, "presenterade") }
        return isWord(index - 1, "till") && (isWord(index - 2, "sig") || isWord(index - 2, "ut"))
            && (isWord(index - 3, "om") || isWord(index - 3, "bytt") || isWord(index - 3, "bytte"))
    }

    /// "är"
    private func isCopulaAr(_ index: Int) -> Bool { words.meaning(index).contains(.copula) }

    /// `sonen Adnan`, `Pappan, Mohamed`, `Uppringaren (Birgitta)`.
    private func isOfRelation(_ index: Int) -> Bool {
        guard index > 0, words.meaning(index - 1).contains(.relation), !isWord(index - 1, "man") else { return false }
        let gap = words.gap(before: index)
        return gap.elementsEqual([0x20]) || gap.elementsEqual([UInt8(ascii: ","), 0x20])
            || gap.elementsEqual([0x20, UInt8(ascii: "(")])
    }

    /// `pratade med Karin`, `orolig för Fatima`, `bor hos Linnéa`.
    private func isMet(_ index: Int) -> Bool {
        guard words.followsSpace(index) else { return false }
        let isPreposition = words.meaning(index - 1).contains(.preposition)
        return isPreposition && words.meaning(index - 2).contains(.personVerb) && words.followsSpace(index - 1)
            && !isWord(index - 1, "till") && !isWord(index - 1, "om") && !isWord(index - 1, "av")
    }

    /// What ends many Swedish surnames.
    private func isSurname(_ index: Int) -> Bool {
        Self.surnameEndings.contains { words.hasSuffix(index, $0, before: 3) }
    }

    private static let surnameEndings = endings(
        "sson qvist kvist ström gren lund berg holm stedt dahl ovic ovski zadeh oglu")

    static let organisationEndings = endings(
        """
        kyrkan korset kommun kommunen verket myndigheten förbundet föreningen linjen jouren rörelsen partiet skolan
        gymnasiet huset stiftelsen nämnden centrum institutet posten bladet tjänsten polisen församlingen moskén kåren
        byrån sjukhuset mottagningen gården gruppen enheten kassan styrelsen avdelningen akuten förvaltningen slussen
        högskolan universitetet biblioteket missionen rådet landstinget förskolan hemmet centralen
        """)

    /// As ``ScannedText`` has them.
    static func endings(_ list: String) -> [[UInt8]] {
        list.split(whereSeparator: \.isWhitespace).map { ScannedText(String($0)).cells }
    }
}
