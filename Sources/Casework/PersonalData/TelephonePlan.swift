/// What the Swedish numbering plan says of a number's first digits.
///
/// Source: PTS, *Den svenska telefoninummerplanen enligt ITU-T E.164*. Area codes of three digits behind the zero are
/// all that do not begin with one of two; those that are not assigned are not left out, so that a plan that grows does
/// not make the guard blind.
enum TelephonePlan {
    /// Area codes 011 to 090, and 010 for numbers without a place.
    private static let twoDigitAreas: Set<Int> = [
        10, 11, 13, 16, 18, 19, 21, 23, 26, 31, 33, 35, 36, 40, 42, 44, 46, 54, 60, 63, 90,
    ]

    enum Service {
        /// A number that reaches a person, with the length of its area code, the zero included.
        case person(areaLength: Int)
        /// Freephone (020), shared cost (077), premium rate (0900, 0939, 0944) and mass calling (099): organisations'.
        case organisation
    }

    /// - Parameter digits: with the leading zero, nothing left out.
    ///
    /// Nil where it is no number: 8 to 10 digits, 10 for mobile numbers, at least five behind the area code.
    static func service(_ digits: ArraySlice<UInt8>) -> Service? {
        guard (8...10).contains(digits.count), digits.first == 0 else { return nil }
        let second = Int(digits[digits.startIndex + 1])
        let pair = second * 10 + Int(digits[digits.startIndex + 2])
        let triple = pair * 10 + Int(digits[digits.startIndex + 3])
        switch pair {
        case 20, 77, 99: return .organisation
        case 10, 70, 72, 73, 74, 75, 76, 79: return digits.count == 10 ? .person(areaLength: 3) : nil
        case 71, 78: return nil
        default: break
        }
        if [900, 939, 944].contains(triple), digits.count >= 9 { return .organisation }
        if second == 0 { return nil }
        if second == 8 { return .person(areaLength: 2) }
        let areaLength = twoDigitAreas.contains(pair) ? 3 : 4
        return digits.count - areaLength >= 5 ? .person(areaLength: areaLength) : nil
    }

    static func isMobile(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.count == 10 && digits.first == 0 && digits[digits.startIndex + 1] == 7
            && [0, 2, 3, 6, 9].contains(digits[digits.startIndex + 2])
    }

    /// Numbers for everybody that are dialled without an area code: 112, 113 13, 114 14, 116 xxx, 1177, 118 xxx, 90 xxx.
    static func isPublicShortNumber(_ digits: ArraySlice<UInt8>) -> Bool {
        switch digits.count {
        case 3...4: digits.starts(with: [1, 1])
        case 5: digits.starts(with: [1, 1, 3]) || digits.starts(with: [1, 1, 4]) || digits.starts(with: [9, 0])
        case 6: digits.starts(with: [1, 1, 6]) || digits.starts(with: [1, 1, 8])
        default: false
        }
    }
}
