/// Recognises numbers among a text's groups of digits. Looks at a bounded number of groups behind each one, so that a
/// whole text takes time in proportion to its length.
struct NumberMatcher {
    let groups: DigitGroups
    let allowed: GuardAllowList

    struct Match {
        /// Nil for a number that may stand in a note.
        var kind: PersonalDataKind?
        var last: Int
        /// In cells.
        var cells: Range<Int>
    }

    /// What the number that begins with this group is; nil where none begins.
    ///
    /// - Parameter isFree: whether the group before belongs to a number already, so that nothing ties this one to it.
    func match(at first: Int, isFree: Bool) -> Match? {
        let gap = groups.groups[first].gap
        // What hangs on digits by a hyphen, dot or colon is a part of something longer.
        let isTied = !isFree && gap.isTight && !gap.isDisjoint(with: [.dash, .dot, .colon])
        if let last = caseNumber(first) { return Match(kind: nil, last: last, cells: groups.cells(first, last)) }
        if !isTied {
            if let last = identityNumber(first) { return found(.identityNumber, first, last) }
            if let last = card(first) { return found(.card, first, last) }
            if let match = internetAddress(first) { return match }
        }
        if let match = telephoneNumber(first, isTied: isTied, isFree: isFree) { return match }
        guard !isTied else { return nil }
        return account(first) ?? giro(first)
    }

    func found(_ kind: PersonalDataKind, _ first: Int, _ last: Int) -> Match {
        Match(kind: kind, last: last, cells: groups.cells(first, last))
    }

    /// `0012 0007-5`, a reference number given without a network, could be taken for an international call.
    private func caseNumber(_ first: Int) -> Int? {
        let last = first + 2
        guard groups.count(first) == 4, (4...6).contains(groups.count(first + 1)), groups.count(last) == 1,
            groups.groups[first + 1].gap == .space, groups.groups[last].gap == .dash,
            ReferenceNumber(digits: groups.text(first, last)) != nil
        else { return nil }
        return last
    }
}
