/// Finds what points to a person in a text, before the text is kept: numbers, addresses, accounts and profiles.
///
/// ```swift
/// let watch = PersonalDataGuard(allowing: GuardAllowList(telephoneNumbers: ["020-100 200"]))
/// try watch.check(note)  // throws CaseworkError.personalData, with kind and place
/// ```
///
/// It works on the workstation and sends nothing anywhere. What it finds is told by kind and place, never by its text.
/// It knows forms, not people: names, streets and what only somebody from the village would understand pass, and so do
/// numbers written as words.
///
/// What passes, and why:
/// - What is on the allow list: the referral directory's and the line's own numbers.
/// - Numbers for everybody: 112, 113 13, 114 14, 1177, 116 xxx, 118 xxx, and helplines of five digits (90 xxx).
/// - Numbers that only organisations have: freephone 020, shared cost 077, 0900, 0939, 0944 and 099; organisation
///   numbers; bankgiro and plusgiro that begin with 90 (under public control). Numbers from 010 do not pass: an
///   authority's reach its officials by name.
/// - Reference numbers of cases, dates, times, years, ages, sums, sections of law, postal codes: no form below fits them,
///   or the word beside them says what they are.
/// - Loopback addresses and masks; addresses of four single digits, and those behind "section" or "version".
///
/// Time is in proportion to the length of the text.
public struct PersonalDataGuard: Sendable {
    public let allowed: GuardAllowList

    public init(allowing allowed: GuardAllowList = GuardAllowList()) {
        self.allowed = allowed
    }

    /// All that points to a person, in the order of the text; no two overlap.
    public func findings(in text: String) -> [GuardFinding] {
        let scanned = ScannedText(text)
        let groups = DigitGroups(scanned)
        let written = TextMatcher(text: scanned, groups: groups, allowed: allowed, original: text).matches()
        var matches = Self.withoutOverlaps(written)
        matches += numbers(groups, outside: matches)
        let found = matches.compactMap { match in match.kind.map { ($0, scanned.bytes(match.cells)) } }
            .sorted { $0.1.lowerBound < $1.1.lowerBound }
        return zip(found, Self.characters(found.map(\.1), in: text)).map { finding, characters in
            GuardFinding(kind: finding.0, bytes: finding.1, characters: characters)
        }
    }

    /// Refuses a text that points to a person.
    ///
    /// - Parameter exemptions: findings that somebody has marked as no personal data.
    /// - Returns: the exemptions that were needed, in the order of the text: these are to be recorded.
    ///
    /// Errors: `personalData`, with all findings that no mark covers; `badValue` for a mark on a place where nothing of
    /// its kind was found, which was made for another text.
    @discardableResult
    public func check(
        _ text: String, exempting exemptions: some Sequence<GuardExemption> = []
    ) throws(CaseworkError) -> [GuardExemption] {
        let findings = findings(in: text)
        let marks = Array(exemptions)
        let open = findings.filter { finding in !marks.contains { $0.covers(finding) } }
        guard open.isEmpty else { throw CaseworkError(personalData: open) }
        guard marks.allSatisfy({ mark in findings.contains { mark.covers($0) } }) else {
            throw CaseworkError(
                .badValue, "a mark is on a place where nothing was found; nothing was saved: check the text again")
        }
        return findings.compactMap { finding in marks.first { $0.covers(finding) } }
    }

    /// Where several forms fit, the one that begins first stands, and of those the longest.
    private static func withoutOverlaps(_ matches: [TextMatcher.Match]) -> [TextMatcher.Match] {
        var result: [TextMatcher.Match] = []
        let ordered = matches.sorted {
            ($0.cells.lowerBound, $1.cells.upperBound) < ($1.cells.lowerBound, $0.cells.upperBound)
        }
        for match in ordered where match.cells.lowerBound >= result.last?.cells.upperBound ?? 0 { result.append(match) }
        return result
    }

    /// Numbers that are no part of what is written with letters.
    private func numbers(_ groups: DigitGroups, outside written: [TextMatcher.Match]) -> [TextMatcher.Match] {
        let matcher = NumberMatcher(groups: groups, allowed: allowed)
        var matches: [TextMatcher.Match] = []
        var index = 0
        var next = 0
        var isFree = false
        while index < groups.groups.count {
            let start = groups.groups[index].start
            while next < written.count, written[next].cells.upperBound <= start { next += 1 }
            if next < written.count, written[next].cells.lowerBound < groups.groups[index].end {
                index += 1
                isFree = true
                continue
            }
            let limit = next < written.count ? written[next].cells.lowerBound : Int.max
            if let match = matcher.match(at: index, isFree: isFree), match.cells.upperBound <= limit {
                matches.append(TextMatcher.Match(kind: match.kind, cells: match.cells))
                index = match.last + 1
                isFree = true
            } else {
                index += 1
                isFree = false
            }
        }
        return matches
    }

    /// The characters that ascending ranges of bytes touch. One pass over the text.
    private static func characters(_ ranges: [Range<Int>], in text: String) -> [Range<Int>] {
        guard let end = ranges.last?.upperBound else { return [] }
        var result: [Range<Int>] = []
        var byte = 0
        var count = 0
        var next = 0
        var first = 0
        for character in text {
            let behind = byte + character.utf8.count
            if next < ranges.count {
                if byte <= ranges[next].lowerBound { first = count }
                // A character may hold the end of one range and the start of the next.
                while next < ranges.count, ranges[next].upperBound <= behind {
                    result.append(first..<count + 1)
                    next += 1
                    first = count
                }
            }
            byte = behind
            count += 1
            if byte >= end { break }
        }
        return result
    }
}
