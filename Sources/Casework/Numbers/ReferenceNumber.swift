/// What a caller is given before the call ends, and says when calling again: `482 915-3`.
///
/// Six digits and a Damm check digit. A workstation that had no leased number left gives a longer form, `0012 0007-5`:
/// four digits of its own, a counter of four digits (or more, when those are used up) and the check digit. Neither can
/// be taken for the other, and no single wrong digit and no swap of neighbours gives another valid number.
public struct ReferenceNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As it stands in the database, digits only.
    public let digits: String

    static let deskCount = 10_000
    static let counterLimit = 1_000_000

    /// The short form, of a leased number that has been scattered already.
    init(scattered: Int) { self.init(payload: Self.pad(scattered, 6)) }

    /// The longer form. The counter is 0 ..< ``counterLimit``.
    init(desk: Int, counter: Int) {
        precondition((0..<Self.deskCount).contains(desk) && (0..<Self.counterLimit).contains(counter))
        self.init(payload: Self.pad(desk, 4) + Self.pad(counter, 4))
    }

    /// Reads a number as people write it: with or without spaces, hyphens and dashes of any kind.
    ///
    /// Errors: `mistypedNumber` where digits are missing, too many or do not fit together; `badValue` where it is
    /// nothing like a number.
    public init(parsing text: String) throws(CaseworkError) {
        var digits = ""
        for scalar in text.unicodeScalars {
            if ("0"..."9").contains(scalar) {
                digits.unicodeScalars.append(scalar)
            } else if !Self.isSeparator(scalar) {
                throw CaseworkError(
                    .badValue, "number.form")
            }
            guard digits.utf8.count <= 11 else { break }
        }
        guard let number = ReferenceNumber(digits: digits) else {
            throw CaseworkError(
                .mistypedNumber,
                "number.mistyped"
            )
        }
        self = number
    }

    /// From the digits in the database; nil if they are none of a number.
    public init?(digits: String) {
        let count = digits.utf8.count
        guard count == 7 || (9...11).contains(count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            DammCode.isValid(digits.utf8.map { $0 - 48 })
        else { return nil }
        self.digits = digits
    }

    private init(payload: String) {
        digits = payload + String(DammCode.checkDigit(payload.utf8.map { $0 - 48 }))
    }

    /// `482 915-3`, `0012 0007-5`.
    public var description: String {
        let first = digits.utf8.count == 7 ? 3 : 4
        return digits.prefix(first) + " " + digits.dropFirst(first).dropLast() + "-" + digits.suffix(1)
    }

    public static func < (left: Self, right: Self) -> Bool { left.digits < right.digits }

    /// Spaces and hyphens as keyboards, word processors and web pages make them.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "-" || scalar == "\u{00AD}" || scalar == "\u{2212}"
            || scalar.properties.isDash
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
