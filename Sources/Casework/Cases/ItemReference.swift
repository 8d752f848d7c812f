public import Merge
import Replica

/// How something in a case, or an entry of the directory, is asked for: by the end of its id, `9f3c01ab`.
public struct ItemReference: Hashable, Sendable, CustomStringConvertible {
    /// Four to 32 hexadecimal digits.
    public let ending: String

    static let shownDigits = 8

    public init(_ id: RecordID) { ending = String(id.description.suffix(Self.shownDigits)) }

    /// Errors: `badValue`.
    public init(parsing text: String) throws(CaseworkError) {
        let digits = text.lowercased().filter { $0 != "-" }
        // Of ASCII: a full-width digit is a hexadecimal one to Swift, and no id ends with it.
        guard (4...32).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw CaseworkError(
                .badValue, "this is no id; nothing was changed: it is the eight letters and digits that lists show")
        }
        ending = digits
    }

    public var description: String { ending }

    func matches(_ id: RecordID) -> Bool { id.description.filter { $0 != "-" }.hasSuffix(ending) }

    /// The one that is meant.
    ///
    /// - Parameters:
    ///   - reference: nil for the only one there is.
    ///   - noun: what they are, for messages: "open promise".
    ///
    /// Errors: `unknownItem`, `ambiguousItem`.
    static func pick(_ reference: ItemReference?, of records: [Record], _ noun: String) throws(CaseworkError) -> Record
    {
        let matching = reference.map { reference in records.filter { reference.matches($0.id) } } ?? records
        guard let first = matching.first else {
            throw CaseworkError(
                .unknownItem,
                reference == nil
                    ? "there is no \(noun); nothing was changed"
                    : "there is no \(noun) with this id; nothing was changed: look at the list again")
        }
        guard matching.count == 1 else {
            let ids = matching.map { ItemReference($0.id).description }.joined(separator: ", ")
            throw CaseworkError(
                .ambiguousItem, "there is more than one \(noun): \(ids); nothing was changed: say which by its id")
        }
        return first
    }
}
