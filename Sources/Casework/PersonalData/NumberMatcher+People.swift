import Replica

extension NumberMatcher {
    /// A personal identity number or coordination number, `YYMMDD-NNNC` or `YYYYMMDD-NNNC`; the day of a coordination
    /// number is 60 more. Source: Skatteverket, SKV 704 and SKV 707.
    ///
    /// The date has to exist, the three digits are not 000, and the check digit over the last ten is right. It may be
    /// broken behind the century, year, month and day, or between all digits. Organisation numbers do not pass: their
    /// "month" is 20 or more.
    func identityNumber(_ first: Int) -> Int? {
        var total = 0
        var last = first
        var boundaries: Boundaries = []
        var isSpelledOut = true
        while last < groups.groups.count {
            if last > first {
                guard Self.isDateGap(groups.groups[last].gap) else { return nil }
                boundaries.insert(Boundaries(behind: total))
            }
            total += groups.count(last)
            isSpelledOut = isSpelledOut && groups.count(last) == 1
            guard total <= 12 else { return nil }
            if total == 10 || total == 12,
                isSpelledOut || boundaries.isSubset(of: total == 12 ? .ofTwelve : .ofTen),
                isIdentity(first, last, boundaries, isSpelledOut)
            {
                return last
            }
            last += 1
        }
        return nil
    }

    /// Behind how many digits the number is broken; a set without an allocation.
    private struct Boundaries: OptionSet {
        let rawValue: UInt16

        init(rawValue: UInt16) { self.rawValue = rawValue }
        init(behind count: Int) { rawValue = 1 << UInt16(count) }

        static let day = Boundaries(behind: 6)
        static let dayOfCentury = Boundaries(behind: 8)
        static let month = Boundaries(behind: 4)
        static let ofTen: Boundaries = [Boundaries(behind: 2), month, day]
        static let ofTwelve: Boundaries = [Boundaries(behind: 2), month, day, dayOfCentury]
    }

    private static func isDateGap(_ gap: DigitGroup.Gap) -> Bool {
        gap.isSubset(of: [.space, .lineBreak, .dash, .slash, .dot, .plus, .colon])
    }

    private func isIdentity(_ first: Int, _ last: Int, _ boundaries: Boundaries, _ isSpelledOut: Bool) -> Bool {
        let all = groups.digits(first, last)
        let ten = all.suffix(10)
        guard CheckDigits.isLuhn(ten), Self.hasDate(all) else { return false }
        if isSpelledOut { return true }
        let gap = groups.groups[last].gap
        let isBirthNumberApart = last > first && groups.count(last) == 4
        if isBirthNumberApart {
            let isDateWhole = boundaries == .day || boundaries == .dayOfCentury
            guard isDateWhole && gap.isTight || gap.isDisjoint(with: [.slash, .dot, .colon]) else { return false }
            // `2016-01-18 - 2017` is a span of time.
            if gap.contains([.space, .dash]), groups.count(first) == 4, groups.isYear(last) { return false }
            // `99 01 18 2387` says too little without a hyphen.
            if all.count == 10, boundaries.contains(.month), gap.isDisjoint(with: [.dash, .plus]) { return false }
        }
        // All of 070-174 06 05 … 99 could be coordination numbers of 14 January 2007.
        let isMobile = all.count == 10 && TelephonePlan.isMobile(ten)
        let isCoordination = ten[ten.startIndex + 4] >= 6
        return !isMobile || boundaries == .day || boundaries.isEmpty && !isCoordination
    }

    /// Whether the digits begin with a date, 60 added to its day or not, and a birth number that is not 000.
    private static func hasDate(_ digits: ArraySlice<UInt8>) -> Bool {
        func pair(_ offset: Int) -> Int {
            Int(digits[digits.endIndex - 10 + offset]) * 10 + Int(digits[digits.endIndex - 9 + offset])
        }
        let day = pair(4) > 60 ? pair(4) - 60 : pair(4)
        let month = pair(2)
        guard (1...12).contains(month), pair(6) * 10 + Int(digits[digits.endIndex - 2]) > 0 else { return false }
        // Without a century, the one whose February is longer: 2000 was a leap year, 1900 was not.
        let century =
            digits.count == 12 ? Int(digits[digits.startIndex]) * 10 + Int(digits[digits.startIndex + 1]) : 20
        guard (18...20).contains(century) else { return false }
        return day >= 1 && day <= CalendarDate.daysInMonth(year: century * 100 + pair(0), month: month)
    }

    /// A payment card's number, 14 to 19 digits in any groups. Source: ISO/IEC 7812-1; the schemes' number ranges.
    func card(_ first: Int) -> Int? {
        guard (2...6).contains(groups.digits[groups.groups[first].digitStart]) else { return nil }
        var last = first
        var best: Int?
        while last < groups.groups.count {
            if last > first {
                let gap = groups.groups[last].gap
                guard gap.isSubset(of: [.space, .dash, .dot, .lineBreak]) else { break }
            }
            let all = groups.digits(first, last)
            guard all.count <= 19 else { break }
            if all.count >= 14, Self.isCardScheme(all), CheckDigits.isLuhn(all) { best = last }
            last += 1
        }
        return best
    }

    private static func isCardScheme(_ digits: ArraySlice<UInt8>) -> Bool {
        let four = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        return switch digits.count {
        // Diners
        case 14: (3_000...3_059).contains(four) || (3_600...3_699).contains(four) || (3_800...3_999).contains(four)
        // American Express
        case 15: (3_400...3_499).contains(four) || (3_700...3_799).contains(four)
        // Visa, Mastercard, Discover, JCB, UnionPay, Maestro
        case 16:
            (4_000...4_999).contains(four) || (5_000...5_899).contains(four) || (2_221...2_720).contains(four)
                || (3_528...3_589).contains(four) || (6_000...6_999).contains(four)
        // Visa, UnionPay, Maestro
        default:
            (4_000...4_999).contains(four) && digits.count == 19 || (5_000...5_099).contains(four)
                || (5_600...6_999).contains(four)
        }
    }
}
