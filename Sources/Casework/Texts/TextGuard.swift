public import Replica
import SQLite

/// The personal data guard with what one line allows: the directory's numbers, addresses and names, and the line's own.
///
/// As of one moment: make one for each transaction, or for a page on which somebody types, and use it for all of its
/// texts. Cost: a read of the directory.
public struct TextGuard: Sendable {
    private let watch: PersonalDataGuard

    init(_ snapshot: borrowing Snapshot, extraTelephoneNumbers: [String] = [], extraAddresses: [String] = []) throws {
        var numbers = extraTelephoneNumbers
        var addresses = extraAddresses
        let rows = try snapshot.query(
            """
            SELECT phone, email, name, contact_name FROM directory
            UNION ALL SELECT phone, NULL, name, NULL FROM settings
            """
        ) { ($0.optionalText(0), $0.optionalText(1), [$0.optionalText(2), $0.optionalText(3)]) }
        var names: [String] = []
        for (number, address, texts) in rows {
            if let number { numbers.append(number) }
            if let address { addresses.append(address) }
            names += texts.compactMap { $0 }
        }
        watch = PersonalDataGuard(
            allowing: GuardAllowList(
                telephoneNumbers: numbers.flatMap(Self.parts), emailAddresses: addresses.flatMap(Self.parts),
                names: names))
    }

    /// An entry may have more than one number or address: `08-12 34 56, 070-…`.
    private static func parts(_ text: String) -> [String] {
        text.split { ",;/".contains($0) }.map { part in String(part.filter { !$0.isWhitespace }) }
    }

    /// All that points to a person or looks like it, for marking it while somebody types. Cost: at most 5 ms for a text
    /// as long as a note can be.
    public func findings(in text: String) -> [GuardFinding] { watch.findings(in: text) }

    /// Refuses a text that is empty or too long, or in which something surely points to a person.
    ///
    /// - Parameters:
    ///   - name: of the text, where one operation has several.
    ///   - day: on which the marks are made.
    /// - Returns: the exemptions that were needed, and what is warned of.
    ///
    /// Errors: `badText`; `personalData` with all that was refused; `badValue` for a mark on nothing.
    @discardableResult
    public func check(
        _ text: MarkedText, named name: String? = nil, by author: AuthorCode, on day: CalendarDate
    ) throws(CaseworkError) -> (exemptions: [GuardExemption], warnings: [GuardFinding]) {
        try Casework.checkNote(text.text)
        var exemptions: [GuardExemption] = []
        for mark in text.notPersonalData {
            exemptions.append(try GuardExemption(parsing: mark, by: author, on: day))
        }
        do {
            return try watch.check(text.text, exempting: exemptions)
        } catch let error where error.code == .personalData {
            throw CaseworkError(personalData: error.findings, in: name)
        }
    }
}

/// What was saved although it looks like personal data.
public struct GuardWarning: Sendable {
    /// Which of several texts; see ``MarkedText``.
    public var textName: String?
    public var findings: [GuardFinding]
}

extension Casework {
    /// The guard as it is now, for what is checked before it is written.
    public func textGuard() throws -> TextGuard { try replica.read { try TextGuard($0) } }
}
