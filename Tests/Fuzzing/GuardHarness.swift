import Casework
import Replica

/// The personal data guard over any text: findings lie in the text and apart, numbers among them have the check digits
/// that they should; what is invisible and capitals hide nothing; a number on a line of its own is found whatever stands
/// before or behind; a refusal holds nothing of the text, and marks let through what they name and no more.
///
/// Bytes behind the first NUL are an allow list, an entry a line.
enum GuardHarness {
    private static let identity = "pnr 990118-2387"

    static func run(_ bytes: [UInt8]) throws {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: parts[0], as: UTF8.self)
        let findings = PersonalDataGuard().findings(in: text)
        try checkPlaces(findings, text)
        for finding in findings { try checkDigits(finding, piece(finding, text)) }
        try checkHiding(findings, text)
        try checkNeighbours(text)
        try checkMarks(findings, text)
        if parts.count > 1 { try checkAllowList(String(decoding: parts[1], as: UTF8.self), text) }
    }

    private static func piece(_ finding: GuardFinding, _ text: String) -> String {
        String(decoding: Array(text.utf8)[finding.bytes], as: UTF8.self)
    }

    private static func checkPlaces(_ findings: [GuardFinding], _ text: String) throws {
        var bounds = [0: 0]
        var place = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            place += UTF8.width(scalar)
            bounds[place] = index + 1
        }
        var end = 0
        for finding in findings {
            try hold(finding.bytes.lowerBound >= end && !finding.bytes.isEmpty, "findings overlap or are out of order")
            end = finding.bytes.upperBound
            try hold(end <= place, "a finding goes beyond the text")
            guard let first = bounds[finding.bytes.lowerBound], let last = bounds[end] else {
                throw Violation("a finding cuts a scalar in two")
            }
            try hold(finding.characters == first..<last, "a finding's characters are not those of its bytes")
        }
    }

    /// By rules written apart from the product's.
    private static func checkDigits(_ finding: GuardFinding, _ piece: String) throws {
        let items = words(piece).flatMap { $0 }
        let digits = items.map { $0 == letterO ? 0 : $0 }
        switch finding.kind {
        case .identityNumber:
            try hold(digits.count == 10 || digits.count == 12, "an identity number of \(digits.count) digits")
            try hold(isLuhn(digits.suffix(10)), "an identity number with a wrong check digit")
        case .card:
            try hold((14...19).contains(digits.count) && isLuhn(digits[...]), "a card with a wrong check digit")
        case .iban:
            // A letter O among digits alone is meant to be a zero.
            let read = words(piece).flatMap { word in
                word.allSatisfy { $0 <= 9 || $0 == letterO } && word.contains { $0 <= 9 }
                    ? word.map { $0 == letterO ? 0 : $0 } : word
            }
            try hold((15...34).contains(read.count), "an IBAN of \(read.count) places")
            let moved = read[4...] + read[..<4]
            let rest = moved.reduce(0) { rest, item in (rest * (item > 9 ? 100 : 10) + item) % 97 }
            try hold(rest == 1, "an IBAN with wrong check digits")
        default: break
        }
    }

    private static let letterO = 24

    /// Digits as they are, Latin letters from 10 on, in the words that spaces and signs part. What is invisible parts none.
    private static func words(_ piece: String) -> [[Int]] {
        var words: [[Int]] = [[]]
        for scalar in piece.unicodeScalars {
            if let value = scalar.properties.numericValue, value == value.rounded(), (0...9).contains(value) {
                words[words.count - 1].append(Int(value))
            } else if let letter = latin(scalar) {
                words[words.count - 1].append(letter + 9)
            } else if isVisible(scalar) {
                words.append([])
            }
        }
        return words
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        return ![.nonspacingMark, .enclosingMark, .format, .control].contains(scalar.properties.generalCategory)
    }

    /// 1 to 26, full-width or not.
    private static func latin(_ scalar: Unicode.Scalar) -> Int? {
        let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
        return (65...90).contains(value & ~0x20) ? Int(value & ~0x20) - 64 : nil
    }

    private static func isLuhn(_ digits: ArraySlice<Int>) -> Bool {
        digits.reversed().enumerated().reduce(0) { sum, item in
            let doubled = item.offset % 2 == 0 ? item.element : item.element * 2
            return sum + doubled / 10 + doubled % 10
        } % 10 == 0
    }

    /// Soft hyphens between all scalars, and capitals. Names and streets are known by theirs, and only warned of.
    private static func checkHiding(_ findings: [GuardFinding], _ text: String) throws {
        func refused(_ text: String) -> [GuardFinding] {
            PersonalDataGuard().findings(in: text).filter { $0.response == .refused }
        }
        let findings = findings.filter { $0.response == .refused }
        let hyphen: Unicode.Scalar = "\u{AD}"
        var spread = String.UnicodeScalarView()
        var capitals = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            spread.append(scalar)
            spread.append(hyphen)
            let isSmall = ("a"..."z").contains(scalar)
            capitals.append(isSmall ? Unicode.Scalar(UInt8(scalar.value) & ~0x20) : scalar)
        }
        func plain(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter { $0 != hyphen } }
        let hidden = String(spread)
        let found = refused(hidden)
        try hold(found.map(\.kind) == findings.map(\.kind), "what is invisible changes what is found")
        for (one, other) in zip(found, findings) {
            try hold(plain(piece(one, hidden)) == plain(piece(other, text)), "what is invisible moves what is found")
        }
        let loud = refused(String(capitals))
        try hold(loud.map(\.kind) == findings.map(\.kind), "capitals change what is found")
        try hold(loud.map(\.bytes) == findings.map(\.bytes), "capitals move what is found")
    }

    private static func checkNeighbours(_ text: String) throws {
        for (whole, start) in [
            ("\(text)\n\(identity)\n", text.utf8.count + 1), ("\(identity)\n\(text)", 0),
        ] {
            let number = start + 4..<start + identity.utf8.count
            let isFound = PersonalDataGuard().findings(in: whole).contains { $0.bytes.overlaps(number) }
            try hold(isFound, "a number is hidden by what stands before or behind it")
        }
    }

    private static func checkMarks(_ findings: [GuardFinding], _ text: String) throws {
        let watch = PersonalDataGuard()
        guard let day = CalendarDate("2017-03-14") else { throw Violation("there is no such day") }
        let author = try AuthorCode("S3")
        let marks = try findings.map { try GuardExemption(parsing: $0.description, by: author, on: day) }
        let taken = try watch.check(text, exempting: marks.reversed())
        try hold(taken.exemptions == marks && taken.warnings.isEmpty, "marks are not those that were needed")
        for index in marks.indices.prefix(4) {
            var fewer = marks
            fewer.remove(at: index)
            if findings[index].response == .warned {
                let open = try watch.check(text, exempting: fewer).warnings
                try hold(open == [findings[index]], "a warning is not told, or one too many")
                continue
            }
            do {
                try watch.check(text, exempting: fewer)
                throw Violation("a finding without a mark was let through")
            } catch let error as CaseworkError {
                try hold(error.findings == [findings[index]], "the refusal names other findings than the open one")
                let content = piece(findings[index], text)
                let isTold = content.utf8.count >= 8 && error.message.contains(content)
                try hold(!isTold, "a refusal holds what stands in the text")
            }
        }
        let stray = GuardExemption(kind: .phone, place: text.utf8.count + 1, by: author, on: day)
        do {
            try watch.check(text, exempting: marks + [stray])
            throw Violation("a mark for another text was taken")
        } catch let error as CaseworkError {
            try hold(error.code == .badValue, "a mark for another text is refused for another reason")
        }
    }

    private static func checkAllowList(_ lines: String, _ text: String) throws {
        let entries = lines.split(separator: "\n").map(String.init)
        let list = GuardAllowList(
            telephoneNumbers: entries, emailAddresses: entries, profiles: entries, accounts: entries)
        try checkPlaces(PersonalDataGuard(allowing: list).findings(in: text), text)
    }
}
