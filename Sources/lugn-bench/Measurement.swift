import JSON

/// What one workload gave, run by run.
struct Measurement {
    /// What the figures count: `rows/s`, `bytes/row`, `ms`.
    var unit: String
    /// Plain SQLite's, or another limit's; empty where there is none.
    var limit: [Double] = []
    var lugn: [Double] = []
    /// Each peer's figures, in the same unit, from the same runs.
    var peers: [(name: String, figures: [Double])] = []
    /// What else is worth telling.
    var details: [(name: String, value: Double)] = []

    /// Lugn's figure as a share of the limit's, from their medians; nil where there is no limit.
    var ratio: Double? { share(lugn) }

    /// For whoever watches it run.
    var summary: String {
        let figure =
            Self.median(lugn).map { "\(Figures.short($0)) \(unit)" }
            ?? details.map { "\($0.name) \(Figures.short($0.value))" }.joined(separator: ", ")
        return ratio.map { "\(figure), \(Figures.fixed($0, 2)) of the limit" } ?? figure
    }

    func share(_ figures: [Double]) -> Double? {
        guard let limit = Self.median(limit), let figure = Self.median(figures), limit > 0 else { return nil }
        return figure / limit
    }

    static func median(_ figures: [Double]) -> Double? {
        if figures.isEmpty { return nil }
        let sorted = figures.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The figure that so large a share of them does not exceed: the smallest such one among them.
    static func percentile(_ figures: [Double], _ share: Double) -> Double {
        let sorted = figures.sorted()
        return sorted[max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
}

/// What a measurement is held to.
enum Target {
    /// The ratio to the limit.
    case ratioAtLeast(Double)
    case ratioAtMost(Double)
    /// Lugn's own figure.
    case atLeast(Double)
    case atMost(Double)
    /// Each of the details named, at most so much.
    case detailsAtMost([String: Double])

    func holds(_ measurement: Measurement) -> Bool {
        switch self {
        case .ratioAtLeast(let bound): measurement.ratio.map { $0 >= bound } ?? false
        case .ratioAtMost(let bound): measurement.ratio.map { $0 <= bound } ?? false
        case .atLeast(let bound): Measurement.median(measurement.lugn).map { $0 >= bound } ?? false
        case .atMost(let bound): Measurement.median(measurement.lugn).map { $0 <= bound } ?? false
        case .detailsAtMost(let bounds):
            bounds.allSatisfy { name, bound in measurement.details.contains { $0.name == name && $0.value <= bound } }
        }
    }

    /// Whether there is one figure that says it all.
    var isOfOneFigure: Bool { if case .detailsAtMost = self { false } else { true } }

    /// What a detail is held to; nil where it is only told.
    func bound(of detail: String) -> Double? {
        if case .detailsAtMost(let bounds) = self { bounds[detail] } else { nil }
    }

    /// As ``text``; empty where each detail's line has its own.
    var tableText: String {
        if case .detailsAtMost = self { "" } else { text }
    }

    var text: String {
        switch self {
        case .ratioAtLeast(let bound): "≥ \(Figures.short(bound))"
        case .ratioAtMost(let bound): "≤ \(Figures.short(bound))"
        case .atLeast(let bound): "≥ \(Figures.short(bound)) itself"
        case .atMost(let bound): "≤ \(Figures.short(bound)) itself"
        case .detailsAtMost(let bounds):
            bounds.sorted { $0.key < $1.key }.map { "\($0.key) ≤ \(Figures.short($0.value))" }.joined(separator: ", ")
        }
    }
}
