extension NumberMatcher {
    /// A telephone number: `+46 …`, `0046 …`, another country's, `08-…`, or behind the word "telephone" one without its
    /// area code.
    func telephoneNumber(_ first: Int, isTied: Bool, isFree: Bool) -> Match? {
        if let sign = plusSign(first) { return international(first, from: sign, skipping: 0) }
        let digits = groups.digits
        let start = groups.groups[first].digitStart
        guard digits[start] == 0 else { return isTied ? nil : local(first) ?? withoutPlus(first) }
        guard start + 1 < digits.count, !isTied else { return nil }
        let isDoubleZero = digits[start + 1] == 0 && groups.count(first) >= 2
        return isDoubleZero
            ? international(first, from: groups.groups[first].start, skipping: 2) : national(first, isFree: isFree)
    }

    /// The cell of a plus that belongs to this group: `+46`, `(+46)`, `+ 46`.
    private func plusSign(_ first: Int) -> Int? {
        let start = groups.groups[first].start
        if groups.text[start - 1] == UInt8(ascii: "+") { return start - 1 }
        let isApart = groups.text[start - 1] == UInt8(ascii: " ") && groups.text[start - 2] == UInt8(ascii: "+")
        return isApart && !ScannedText.isDigit(groups.text[start - 3]) ? start - 2 : nil
    }

    /// Calls the closure for every end that a number of at most so many digits can have, until there is none.
    private func eachEnd(
        _ first: Int, limit: Int, slashes: ClosedRange<Int>, _ visit: (_ last: Int, _ count: Int) -> Bool
    ) {
        var last = first
        var count = groups.count(first)
        var lineBreaks = 0
        while count <= limit {
            guard visit(last, count) else { return }
            last += 1
            guard last < groups.groups.count else { return }
            let gap = groups.groups[last].gap
            guard gap.isSubset(of: [.space, .lineBreak, .dash, .dot, .parenthesis, .slash]) else { return }
            if gap.contains(.slash), !slashes.contains(last - first) { return }
            if gap.contains(.lineBreak) { lineBreaks += 1 }
            guard lineBreaks <= 1 else { return }
            count += groups.count(last)
        }
    }

    private func international(_ first: Int, from start: Int, skipping prefix: Int) -> Match? {
        var match: Match?
        eachEnd(first, limit: 15 + prefix + 1, slashes: 1...2) { last, count in
            let digits = groups.digits(first, last).dropFirst(prefix)
            guard digits.first != 0 else { return digits.isEmpty }
            let isSwedish = digits.starts(with: [4, 6])
            let isNumber =
                isSwedish
                ? Self.swedish(digits.dropFirst(2)) != nil
                : (prefix == 0 ? 8...15 : 9...15).contains(digits.count)
                    && (prefix == 0 || (2...5).contains(groups.count(first)) || groups.count(first) >= 11)
            guard isNumber else { return true }
            if groups.isMoney(first, last), groups.isInThousands(first, last) { return true }
            let isOrganisation: Bool
            if isSwedish, case .organisation? = Self.swedish(digits.dropFirst(2)) {
                isOrganisation = true
            } else {
                isOrganisation = false
            }
            match = better(
                match, kind: isOrganisation ? nil : .phone, last, start,
                GuardAllowList.international(digits, hasPlus: true))
            return true
        }
        return match
    }

    /// What follows `+46`: the zero of the area code is left out, or stands in parentheses.
    private static func swedish(_ digits: ArraySlice<UInt8>) -> TelephonePlan.Service? {
        let rest = digits.first == 0 ? digits.dropFirst() : digits
        return TelephonePlan.service(([0] + rest)[...])
    }

    private func national(_ first: Int, isFree: Bool) -> Match? {
        var match: Match?
        let gap = groups.groups[first].gap
        let isAfterSlash = !isFree && gap.isTight && gap.contains(.slash)
        eachEnd(first, limit: 10, slashes: 1...1) { last, count in
            let digits = groups.digits(first, last)
            guard count >= 8, let service = TelephonePlan.service(digits) else { return true }
            let number = GuardAllowList.international(digits, hasPlus: false)
            switch service {
            case .organisation: match = better(match, kind: nil, last, groups.groups[first].start, number)
            case .person(let areaLength):
                let isMobile = TelephonePlan.isMobile(digits)
                guard isMobile || !isAfterSlash && hasShape(first, last, areaLength, count) else { return true }
                match = better(match, kind: .phone, last, groups.groups[first].start, number)
            }
            return true
        }
        return match
    }

    /// The longer of two readings of a number; one on the allow list, or an organisation's, is not made longer.
    private func better(
        _ match: Match?, kind: PersonalDataKind?, _ last: Int, _ start: Int, _ number: String
    ) -> Match? {
        if let match, match.kind == nil { return match }
        let isAllowed = kind == nil || allowed.numbers.contains(number)
        return Match(kind: isAllowed ? nil : kind, last: last, cells: start..<groups.groups[last].end)
    }

    /// Whether the groups are how people write a number with an area code, and not times or a date.
    private func hasShape(_ first: Int, _ last: Int, _ areaLength: Int, _ count: Int) -> Bool {
        let firstCount = groups.count(first)
        if first == last { return true }
        let rest = (first + 1...last)
        if firstCount == areaLength { return !isTimeOrDate(first, last) }
        // `08465 004 12`, but not `0811-1230`, which is a span of time.
        if firstCount > areaLength { return firstCount >= 5 }
        // Digit by digit or in pairs, with nothing but spaces.
        return count == 10 && (1...2).contains(firstCount)
            && rest.allSatisfy { groups.count($0) == firstCount && groups.groups[$0].gap == .space }
    }

    private func isTimeOrDate(_ first: Int, _ last: Int) -> Bool {
        guard groups.count(first) == 2, groups.count(first + 1) == 2 else { return false }
        let gap = groups.groups[first + 1].gap
        // 08.30–16.00
        if gap == .dot, groups.value(first + 1) < 60, rest(first + 2, last, contains: [.dash, .space]) { return true }
        // 08-12-2016, 08/12/2016
        return first + 2 <= last && groups.count(first + 2) == 4 && groups.groups[first + 2].gap == gap
            && gap.isDisjoint(with: .space) && (1...12).contains(groups.value(first + 1))
    }

    private func rest(_ first: Int, _ last: Int, contains gap: DigitGroup.Gap) -> Bool {
        first <= last && (first...last).contains { !groups.groups[$0].gap.isDisjoint(with: gap) }
    }

    /// A Swedish mobile number as programs store it: `46701740605`.
    private func withoutPlus(_ first: Int) -> Match? {
        let start = groups.groups[first].digitStart
        guard start + 10 < groups.digits.count, groups.digits[start..<start + 2].elementsEqual([4, 6]),
            TelephonePlan.isMobile(([0] + groups.digits[start + 2..<start + 11])[...])
        else { return nil }
        let match = international(first, from: groups.groups[first].start, skipping: 0)
        return match.flatMap { groups.digits(first, $0.last).count == 11 ? $0 : nil }
    }

    /// Five to eight digits right behind the word "telephone": `tel 12 34 56`.
    private func local(_ first: Int) -> Match? {
        // `482 915-3` is a case's.
        let isCase =
            groups.count(first) == 3 && groups.count(first + 1) == 3 && groups.count(first + 2) == 1
            && groups.groups[first + 2].gap == .dash
        guard groups.isFirst(first, behind: .telephone, within: 6), !isCase,
            groups.count(first) <= 3 || groups.count(first) >= 5
        else { return nil }
        var match: Match?
        eachEnd(first, limit: 8, slashes: 9...9) { last, count in
            let gap = groups.groups[last].gap
            guard last == first || gap == .space || gap == .dash && last == first + 1 else { return false }
            let digits = groups.digits(first, last)
            if TelephonePlan.isPublicShortNumber(digits) {
                match = Match(kind: nil, last: last, cells: groups.cells(first, last))
                return true
            }
            let isDate = first == last && count == 8 && (digits.starts(with: [1, 9]) || digits.starts(with: [2, 0]))
            guard count >= 5, !isDate, !groups.isMoney(first, last), match == nil || match?.kind != nil else {
                return true
            }
            match = better(match, kind: .phone, last, groups.groups[first].start, groups.text(first, last))
            return true
        }
        return match
    }
}
