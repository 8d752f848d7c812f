public import Replica

/// A counsellor's word that a finding in one text is no personal data, recorded without the text.
///
/// It says what was found, where, who judged it and on which day. It holds no hash of what was found: there are fewer
/// than 2³⁴ telephone numbers, so that whoever has the hash and its key, which every workstation would have, finds the
/// number by trying them all. A place means nothing without the text, and is erased with it. It holds for the one text
/// that it was made for, which suits notes: they are never changed.
public struct GuardExemption: Hashable, Sendable, CustomStringConvertible {
    public let kind: PersonalDataKind
    /// The first character of what was found, in Unicode code points, counted from 1.
    public let place: Int
    public let by: AuthorCode
    public let on: CalendarDate

    /// - Parameter place: one more than ``GuardFinding/characters``' lower bound; at least 1.
    public init(kind: PersonalDataKind, place: Int, by author: AuthorCode, on day: CalendarDate) {
        precondition(place >= 1)
        self.kind = kind
        self.place = place
        by = author
        on = day
    }

    /// Reads `KIND@PLACE`, as the refusal of a text names a finding: `phone@23`. Errors: `badValue`.
    public init(parsing mark: String, by author: AuthorCode, on day: CalendarDate) throws(CaseworkError) {
        let parts = mark.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = PersonalDataKind(rawValue: String(parts[0])),
            (1...9).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let place = Int(parts[1]), place >= 1
        else {
            throw CaseworkError(
                .badValue, "mark.form")
        }
        self.init(kind: kind, place: place, by: author, on: day)
    }

    /// `phone@23 2017-03-14 S3`: as it is recorded.
    public var description: String { "\(kind.rawValue)@\(place) \(on) \(by)" }

    func covers(_ finding: GuardFinding) -> Bool { finding.kind == kind && finding.characters.lowerBound + 1 == place }
}
