extension NumberMatcher {
    /// A clearing number and an account number with the right check digit.
    ///
    /// Clearing numbers that could be years (1900–2099) and accounts written in one run count only near a word such as
    /// "konto" or "account".
    func account(_ first: Int) -> Match? {
        let isNamed = groups.groups[first].distance(to: .account) <= 48
        let clearing = groups.digits(first, first).prefix(4)
        guard clearing.count == 4, (1...9).contains(clearing[clearing.startIndex]),
            groups.count(first) == 4 || isNamed && groups.count(first) >= 10
        else { return nil }
        if !isNamed, groups.isYear(first) || isDate(first) { return nil }
        guard groups.count(first) == 4 else { return checkedAccount(first, first, digitsSkipped: 4, isNamed: true) }
        // Swedbank writes a fifth digit, `8327-9`, that is the clearing number's own check digit.
        let hasFifth =
            clearing.first == 8 && groups.count(first + 1) == 1 && groups.groups[first + 1].gap == .dash
            && CheckDigits.isLuhn(groups.digits(first, first + 1))
        let start = first + (hasFifth ? 2 : 1)
        var best: Match?
        var last = start
        while last < groups.groups.count, groups.groups[last].digitEnd - groups.groups[start].digitStart <= 10 {
            let gap = groups.groups[last].gap
            let isJoined =
                last == start
                ? gap.isSubset(of: [.space, .dash, .comma, .dot, .slash]) : gap.isSubset(of: [.space, .dash, .dot])
            guard isJoined else { break }
            best = checkedAccount(first, last, digitsSkipped: hasFifth ? 5 : 4, isNamed: isNamed || hasFifth) ?? best
            last += 1
        }
        guard let best, isNamed || !groups.isMoney(first, best.last),
            isNamed || groups.groups[start].gap != .space || !groups.isInThousands(start, best.last)
        else { return nil }
        return best
    }

    private func checkedAccount(_ first: Int, _ last: Int, digitsSkipped: Int, isNamed: Bool) -> Match? {
        let all = groups.digits(first, last)
        guard let clearing = BankClearing(all.prefix(4)), all.count > digitsSkipped,
            clearing.isAccount(all.dropFirst(digitsSkipped), isNamed: isNamed)
        else { return nil }
        return accountMatch(.bankAccount, first, last)
    }

    private func isDate(_ first: Int) -> Bool {
        groups.count(first + 1) == 2 && groups.count(first + 2) == 2 && groups.groups[first + 1].gap.isTight
    }

    private func accountMatch(_ kind: PersonalDataKind, _ first: Int, _ last: Int) -> Match {
        let isAllowed = allowed.accounts.contains(groups.text(first, last))
        return Match(kind: isAllowed ? nil : kind, last: last, cells: groups.cells(first, last))
    }

    /// Bankgiro, `NNN-NNNN` or `NNNN-NNNN`, and plusgiro, pairs and a last digit behind a hyphen: `41 26 01-7`. Near its
    /// name, in any groups. Numbers that begin with 90 are those of organisations under public control, and pass.
    func giro(_ first: Int) -> Match? {
        let isBankgiro = groups.isFirst(first, behind: .bankgiro, within: 16)
        let isPlusgiro = groups.isFirst(first, behind: .plusgiro, within: 16)
        if isBankgiro || isPlusgiro { return namedGiro(first, isPlusgiro ? 2...8 : 7...8) }
        guard let last = bankgiroShape(first) ?? plusgiroShape(first), !groups.gap(after: last).isTight else {
            return nil
        }
        let digits = groups.digits(first, last)
        guard CheckDigits.isLuhn(digits) else { return nil }
        return digits.starts(with: [9, 0])
            ? Match(kind: nil, last: last, cells: groups.cells(first, last)) : accountMatch(.giro, first, last)
    }

    private func namedGiro(_ first: Int, _ counts: ClosedRange<Int>) -> Match? {
        var last = first
        var best: Match?
        while last < groups.groups.count {
            if last > first, !groups.groups[last].gap.isSubset(of: [.space, .dash]) { break }
            let digits = groups.digits(first, last)
            guard digits.count <= counts.upperBound else { break }
            // Fewer than five digits and nothing but them could be a year, a sum or a day.
            if counts.contains(digits.count), digits.count >= 5 || groups.groups[last].gap == .dash && last > first,
                groups.gap(after: last) != .dash, CheckDigits.isLuhn(digits), !groups.isMoney(first, last)
            {
                best =
                    digits.starts(with: [9, 0]) && digits.count >= 7
                    ? Match(kind: nil, last: last, cells: groups.cells(first, last)) : accountMatch(.giro, first, last)
            }
            last += 1
        }
        return best
    }

    /// `2016-2017` is a span of years.
    private func bankgiroShape(_ first: Int) -> Int? {
        guard (3...4).contains(groups.count(first)), groups.count(first + 1) == 4,
            groups.groups[first + 1].gap == .dash, !groups.isYear(first)
        else { return nil }
        return first + 1
    }

    private func plusgiroShape(_ first: Int) -> Int? {
        guard (1...3).contains(groups.count(first)) else { return nil }
        var last = first + 1
        while groups.count(last) == 2, groups.groups[last].gap == .space, last - first < 3 { last += 1 }
        guard last - first >= 2, groups.count(last) == 1, groups.groups[last].gap == .dash,
            (5...8).contains(groups.digits(first, last).count)
        else { return nil }
        return last
    }
}
