/// The ages that an organisation is there for, in whole years.
public struct AgeRange: Hashable, Sendable {
    /// The youngest; nil: from birth on.
    public var from: Int?
    /// The oldest, included; nil: no limit.
    public var to: Int?

    public static let years = 0...120
    /// Of all ages.
    public static let all = AgeRange()

    fileprivate init() {}

    /// Errors: `badValue` outside of 0 to 120, or where the oldest is younger than the youngest.
    public init(from: Int? = nil, to: Int? = nil) throws(CaseworkError) {
        guard from.map(Self.years.contains) ?? true, to.map(Self.years.contains) ?? true, (from ?? 0) <= (to ?? .max)
        else {
            throw CaseworkError(.badValue, "ages.range")
        }
        self.from = from
        self.to = to
    }

    /// Reads `13-25`, `13–25 år`, `18+`, `från 18`, `över 18` (from 19 on), `under 18` (to 17), `upp till 25`,
    /// `–25`, `21`, `alla`.
    ///
    /// Errors: `badValue`.
    public init(typed text: String) throws(CaseworkError) {
        let words = text.lowercased().replacing("år", with: " ").split {
            !$0.isLetter && !$0.isNumber && $0 != "+" && $0 != "<" && $0 != ">"
        }
        let plain = text.lowercased().filter { !$0.isWhitespace }
        let numbers = text.split { !("0"..."9").contains($0) }.compactMap { $0.utf8.count <= 3 ? Int($0) : nil }
        let letters = words.filter { $0.contains(where: \.isLetter) }.map(String.init).joined(separator: " ")
        switch (numbers.count, letters) {
        case (0, "alla"), (0, "alla åldrar"), (0, "all"), (0, "all ages"): self = .all
        case (2, ""), (2, "till"), (2, "to"), (2, "från till"), (2, "from to"), (2, "mellan och"):
            try self.init(from: numbers[0], to: numbers[1])
        case (1, "") where plain.contains("+") || plain.hasSuffix("-") || plain.hasSuffix("–"):
            try self.init(from: numbers[0])
        case (1, "") where plain.hasPrefix("-") || plain.hasPrefix("–"): try self.init(to: numbers[0])
        case (1, "") where plain.hasPrefix(">"), (1, "över"), (1, "over"), (1, "äldre än"):
            try self.init(from: numbers[0] + 1)
        case (1, "") where plain.hasPrefix("<"), (1, "under"), (1, "yngre än"), (1, "younger than"):
            try self.init(to: numbers[0] - 1)
        case (1, ""): try self.init(from: numbers[0], to: numbers[0])
        case (1, "från"), (1, "from"), (1, "minst"), (1, "och uppåt"), (1, "och äldre"), (1, "från och uppåt"):
            try self.init(from: numbers[0])
        case (1, "upp till"), (1, "till"), (1, "up to"), (1, "högst"), (1, "t o m"), (1, "tom"):
            try self.init(to: numbers[0])
        default:
            throw CaseworkError(
                .badValue, "ages.form")
        }
    }

    public func contains(_ age: Int) -> Bool { (from ?? 0) <= age && age <= (to ?? .max) }

    /// `13–25`, `18–`, `–17`; nil for all ages.
    public var text: String? {
        if from == nil, to == nil { return nil }
        return "\(from.map(String.init) ?? "")–\(to.map(String.init) ?? "")"
    }
}

extension AgeRange {
    /// What stands in a record, as far as it makes sense: two desks may have set one end each.
    init(stored from: Int?, _ to: Int?) {
        self.init()
        self.from = from.flatMap { Self.years.contains($0) ? $0 : nil }
        self.to = to.flatMap { Self.years.contains($0) ? $0 : nil }
    }
}
