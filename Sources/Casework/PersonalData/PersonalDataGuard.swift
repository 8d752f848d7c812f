/// Finds what points to a person in a text, before the text is kept: numbers, addresses, accounts and profiles.
///
/// ```swift
/// let watch = PersonalDataGuard(allowing: GuardAllowList(telephoneNumbers: ["020-100 200"]))
/// try watch.check(note)         // throws CaseworkError.personalData, with kind and place
/// watch.findings(in: note)      // both classes, for marking them while somebody types
/// ```
///
/// It works on the workstation and sends nothing anywhere. What it finds is told by kind and place, never by its text.
/// There are two classes (``GuardResponse``): what is surely personal data is *refused*; what looks like it, by the words
/// beside it, is *warned of*. It knows forms and common words, not people: a rare name at the beginning of a sentence, a
/// nickname, or what only somebody from the village would understand, passes.
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

    /// All that points to a person or looks like it, in the order of the text; no two overlap.
    public func findings(in text: String) -> [GuardFinding] {
        let scanned = ScannedText(text)
        let groups = DigitGroups(scanned)
        let written = TextMatcher(text: scanned, groups: groups, allowed: allowed, original: text).matches()
        var matches = Self.withoutOverlaps(written)
        matches += numbers(groups, outside: matches)
        let words = WordMatcher(words: TextWords(scanned, allowed: allowed), allowed: allowed).matches()
        matches = Self.joined(matches, Self.withoutOverlaps(words))
        let found = matches.compactMap { match in match.kind.map { ($0, scanned.bytes(match.cells)) } }
        return zip(found, Self.characters(found.map(\.1), in: text)).map { finding, characters in
            GuardFinding(kind: finding.0, characters: characters, bytes: finding.1)
        }
    }

    /// Refuses a text in which something surely points to a person.
    ///
    /// - Parameter exemptions: findings that somebody has marked as pointing to nobody.
    /// - Returns: the exemptions that were needed, in the order of the text, which are to be recorded; and what looks like
    ///   personal data and was not marked, of which whoever writes is to be told.
    ///
    /// Errors: `personalData`, with all refused findings that no mark covers; `badValue` for a mark on a place where
    /// nothing of its kind was found, which was made for another text.
    @discardableResult
    public func check(
        _ text: String, exempting exemptions: some Sequence<GuardExemption> = []
    ) throws(CaseworkError) -> (exemptions: [GuardExemption], warnings: [GuardFinding]) {
        let findings = findings(in: text)
        let marks = Array(exemptions)
        let open = findings.filter { finding in !marks.contains { $0.covers(finding) } }
        let refused = open.filter { $0.response == .refused }
        guard refused.isEmpty else { throw CaseworkError(personalData: refused) }
        guard marks.allSatisfy({ mark in findings.contains { mark.covers($0) } }) else {
            throw CaseworkError(
                .badValue, "mark.nothing")
        }
        return (findings.compactMap { finding in marks.first { $0.covers(finding) } }, open)
    }

    /// All of the first, and those of the second that overlap none of them, in the order of the text.
    private static func joined(_ first: [TextMatcher.Match], _ second: [TextMatcher.Match]) -> [TextMatcher.Match] {
        let first = first.sorted { $0.cells.lowerBound < $1.cells.lowerBound }
        var result: [TextMatcher.Match] = []
        result.reserveCapacity(first.count + second.count)
        var next = 0
        for match in second {
            while next < first.count, first[next].cells.upperBound <= match.cells.lowerBound {
                result.append(first[next])
                next += 1
            }
            if next < first.count, first[next].cells.lowerBound < match.cells.upperBound { continue }
            result.append(match)
        }
        return result + first[next...]
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

    /// The code points that ascending ranges of bytes, which begin and end with whole ones, are. One pass over the text.
    private static func characters(_ ranges: [Range<Int>], in text: String) -> [Range<Int>] {
        guard !ranges.isEmpty else { return [] }
        var text = text
        return text.withUTF8 { bytes in
            var result: [Range<Int>] = []
            result.reserveCapacity(ranges.count)
            var place = 0
            var count = 0
            func advance(to end: Int) -> Int {
                // Each code point has one byte that continues none.
                while place < end {
                    if unsafe bytes[place] & 0xC0 != 0x80 { count += 1 }
                    place += 1
                }
                return count
            }
            for range in ranges {
                let start = advance(to: range.lowerBound)
                result.append(start..<advance(to: range.upperBound))
            }
            return result
        }
    }
}
