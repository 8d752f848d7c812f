public import Merge
import Replica
import Support

/// How something in a case, or an entry of the directory, is asked for: by the eight last digits of its id, `9f3c01ab`, as
/// lists show them, by a beginning of those that is its alone, `9f3`, or by more of the end of the whole id.
public struct ItemReference: Hashable, Sendable, CustomStringConvertible {
    private let text: String
    /// Hexadecimal digits; nil where the text can be a name only.
    private let digits: String?
    private let mayBeName: Bool

    static let shownDigits = 8

    public init(_ id: RecordID) {
        text = String(id.description.suffix(Self.shownDigits))
        digits = text
        mayBeName = false
    }

    /// Errors: `badValue`.
    public init(parsing text: String) throws(CaseworkError) {
        guard let digits = Self.digits(text) else {
            throw CaseworkError(
                .badValue,
                "item.form"
            )
        }
        self.text = digits
        self.digits = digits
        mayBeName = false
    }

    /// An organisation of the directory: by its id, as above, by its name, or by a beginning of its name that is its alone.
    ///
    /// Errors: `badValue` for a text without a letter or digit.
    public init(organisation text: String) throws(CaseworkError) {
        guard !PlainText.letters(text).isEmpty else {
            throw CaseworkError(.badValue, "organisation.form")
        }
        self.text = text
        digits = Self.digits(text)
        mayBeName = true
    }

    private static func digits(_ text: String) -> String? {
        let digits = text.lowercased().filter { $0 != "-" }
        // Of ASCII: a full-width digit is a hexadecimal one to Swift, and no id ends with it.
        guard (1...32).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            return nil
        }
        return digits
    }

    public var description: String { text }

    func matches(_ id: RecordID) -> Bool {
        guard let digits else { return false }
        let all = id.description.filter { $0 != "-" }
        return digits.utf8.count < Self.shownDigits
            ? all.suffix(Self.shownDigits).hasPrefix(digits) : all.hasSuffix(digits)
    }

    /// The records that may be meant: by id or whole name before a beginning of one.
    ///
    /// - Parameter name: nil where records have none.
    private func matching(_ records: [Record], _ name: Field<String>?) -> [Record] {
        let plain = PlainText.letters(text)
        guard mayBeName, let name else { return records.filter { matches($0.id) } }
        let names = records.map { PlainText.letters($0[name] ?? "") }
        let exact = zip(records, names).filter { matches($0.id) || $1 == plain }.map(\.0)
        return exact.isEmpty ? zip(records, names).filter { $1.hasPrefix(plain) }.map(\.0) : exact
    }

    /// The one that is meant.
    ///
    /// - Parameters:
    ///   - reference: nil for the only one there is.
    ///   - kind: what they are, a key of the words behind `item.`: "openPromise".
    ///   - name: by which they may be asked for too.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`.
    static func pick(
        _ reference: ItemReference?, of records: [Record], _ kind: String, named name: Field<String>? = nil
    ) throws(CaseworkError) -> Record {
        let noun = Message.words("noun." + kind)
        let matching = reference.map { $0.matching(records, name) } ?? records
        guard let first = matching.first else {
            throw CaseworkError(
                .unknownItem,
                reference == nil ? "item.none" : name == nil ? "item.noneWithID" : "item.noneWithName", ["noun": noun]
            )
        }
        guard matching.count == 1 else {
            let ids = matching.prefix(10).map { ItemReference($0.id).description }.joined(separator: ", ")
            throw CaseworkError(
                .ambiguousItem, "item.ambiguous", ["noun": noun, "ids": "\(ids)"])
        }
        return first
    }
}
