public import Merge
import Replica
import SQLite

/// How a case is asked for: by its reference number, and where two cases should ever share one, by the end of its id
/// too, `482 915-3/9f3c01ab`.
public struct CaseReference: Hashable, Sendable, CustomStringConvertible {
    public var number: ReferenceNumber
    /// The last digits of the record's id, hexadecimal; nil for any.
    public var idEnding: String?

    static let idEndingDigits = 8

    public init(_ number: ReferenceNumber, id: RecordID? = nil) {
        self.number = number
        idEnding = id.map { String($0.description.suffix(Self.idEndingDigits)) }
    }

    /// The number by which a case is shown; nil where it has none, or a damaged one.
    init?(of id: RecordID, _ snapshot: borrowing Snapshot) throws {
        let found = try snapshot.query("SELECT \(CaseworkSchema.numberOfCase("?1"))", [.reference(id)]) {
            $0.optionalText(0)
        }
        guard let number = (found.first ?? nil).flatMap({ ReferenceNumber(digits: $0) }) else { return nil }
        self.init(number)
    }

    /// Errors: those of ``ReferenceNumber/init(parsing:)``.
    public init(parsing text: String) throws(CaseworkError) {
        guard let slash = text.firstIndex(of: "/") else {
            self.init(try ReferenceNumber(parsing: text))
            return
        }
        self.init(try ReferenceNumber(parsing: String(text[..<slash])))
        let ending = text[text.index(after: slash)...].lowercased()
        // Of ASCII: a full-width digit is a hexadecimal one to Swift, and no id ends with it.
        guard ending.utf8.count == Self.idEndingDigits, ending.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw CaseworkError(.badValue, "number.ending")
        }
        idEnding = ending
    }

    public var description: String { idEnding.map { "\(number)/\($0)" } ?? number.description }
}
