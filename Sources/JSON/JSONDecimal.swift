/// A JSON number that is no 64-bit integer, kept as it was written: `0.10`, `1e400`, `-0`.
public struct JSONDecimal: Sendable, Equatable {
    /// The number as it stands in the document, by the grammar of RFC 8259 section 6.
    public let text: String

    /// For the parser, which has checked the grammar.
    init(checkedText: String) {
        text = checkedText
    }

    init(_ number: some BinaryInteger) {
        text = String(number)
    }

    /// A finite number rounded to so many places behind the point, 0 to 9; its size is below 10⁹.
    public init(_ number: Double, places: Int) {
        precondition(number.magnitude < 1e9 && (0...9).contains(places))
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let whole = Int((number.magnitude * Double(scale)).rounded())
        let sign = number < 0 && whole > 0 ? "-" : ""
        let digits = String(whole % scale)
        let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - digits.count) + digits
        text = sign + String(whole / scale) + fraction
    }
}
