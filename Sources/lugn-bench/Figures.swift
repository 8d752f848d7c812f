import JSON

/// Figures as people read them.
enum Figures {
    /// Three digits that count: `123,000`, `1.23`, `0.0456`.
    static func short(_ value: Double) -> String {
        let size = value.magnitude
        if size >= 1_000 {
            var unit = 1.0
            while size / unit >= 1_000 { unit *= 10 }
            return grouped(Int((value / unit).rounded() * unit))
        }
        let places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4
        return fixed(value, places)
    }

    static func fixed(_ value: Double, _ places: Int) -> String { JSONDecimal(value, places: places).text }

    private static func grouped(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
    }
}
