public import Replica
import SQLite

/// The personal data guard with what one line allows: the directory's numbers and addresses, and the line's own number.
///
/// As of one moment: make one for each transaction, and use it for all of its texts. Cost: a read of the directory.
public struct TextGuard: Sendable {
    private let watch: PersonalDataGuard

    init(_ snapshot: borrowing Snapshot, extraTelephoneNumbers: [String] = [], extraAddresses: [String] = []) throws {
        var numbers = extraTelephoneNumbers
        var addresses = extraAddresses
        let rows = try snapshot.query(
            """
            SELECT phone, email FROM directory WHERE phone IS NOT NULL OR email IS NOT NULL
            UNION ALL SELECT phone, NULL FROM settings WHERE phone IS NOT NULL
            """
        ) { ($0.optionalText(0), $0.optionalText(1)) }
        for (number, address) in rows {
            if let number { numbers.append(number) }
            if let address { addresses.append(address) }
        }
        watch = PersonalDataGuard(
            allowing: GuardAllowList(
                telephoneNumbers: numbers.flatMap(Self.parts), emailAddresses: addresses.flatMap(Self.parts)))
    }

    /// An entry may have more than one number or address: `08-12 34 56, 070-…`.
    private static func parts(_ text: String) -> [String] {
        text.split { ",;/".contains($0) }.map { part in String(part.filter { !$0.isWhitespace }) }
    }

    /// Refuses a text that is empty or too long, or points to a person.
    ///
    /// - Parameters:
    ///   - name: of the text, where one operation has several.
    ///   - day: on which the marks are made.
    /// - Returns: the exemptions that were needed.
    ///
    /// Errors: `badText`; `personalData` with all that was found; `badValue` for a mark on nothing.
    @discardableResult
    public func check(
        _ text: MarkedText, named name: String? = nil, by author: AuthorCode, on day: CalendarDate
    ) throws(CaseworkError) -> [GuardExemption] {
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

    /// As above, and gives what goes into a field for exemptions: one a line; nil where there are none.
    func recorded(
        _ text: MarkedText, named name: String? = nil, by author: AuthorCode, on day: CalendarDate
    ) throws(CaseworkError) -> String? {
        let exemptions = try check(text, named: name, by: author, on: day)
        return exemptions.isEmpty ? nil : exemptions.map(\.description).joined(separator: "\n")
    }
}

extension Casework {
    /// The guard as it is now, for what is checked before it is written.
    public func textGuard() throws -> TextGuard { try replica.read { try TextGuard($0) } }
}
