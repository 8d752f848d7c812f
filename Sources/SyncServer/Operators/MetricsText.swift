import Support

/// Metrics in the text format of Prometheus
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>), family by family, each with its help and type.
struct MetricsText {
    enum Kind {
        case counter, gauge, histogram
    }

    private(set) var text = ""

    /// - Parameter name: of a counter it ends in `_total`, of a time in `_seconds`, of a size in `_bytes`.
    mutating func family(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: StaticString, _ labels: String = "", _ value: some BinaryInteger) {
        line("\(name)", labels, String(value))
    }

    /// Seconds of milliseconds, with three decimals.
    mutating func sample(_ name: StaticString, _ labels: String = "", milliseconds: Int64) {
        line("\(name)", labels, Self.decimal(milliseconds, 1_000))
    }

    /// A family of one sample; none at all of a value that is not known.
    mutating func single(_ name: StaticString, _ kind: Kind, _ help: StaticString, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        family(name, kind, help)
        sample(name, "", value)
    }

    mutating func single(_ name: StaticString, _ help: StaticString, milliseconds: Int64?) {
        guard let milliseconds else { return }
        family(name, .gauge, help)
        sample(name, milliseconds: milliseconds)
    }

    mutating func histogram(_ name: StaticString, _ labels: String = "", _ histogram: DurationHistogram) {
        let counts = histogram.counts
        let before = labels.isEmpty ? "" : labels + ","
        for (bound, count) in zip(DurationHistogram.bounds, counts.cumulative) {
            line("\(name)_bucket", before + "le=\"\(bound.text)\"", String(count))
        }
        line("\(name)_bucket", before + "le=\"+Inf\"", String(counts.count))
        line("\(name)_sum", labels, Self.decimal(Int64(clamping: counts.sumNanoseconds), 1_000_000_000))
        line("\(name)_count", labels, String(counts.count))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += name + (labels.isEmpty ? "" : "{\(labels)}") + " " + value + "\n"
    }

    private static func decimal(_ number: Int64, _ divisor: Int64) -> String {
        let digits = String(number.magnitude % UInt64(divisor))
        let width = String(divisor).utf8.count - 1
        return (number < 0 ? "-" : "") + String(number.magnitude / UInt64(divisor)) + "."
            + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}

extension MetricsText.Kind {
    var rawValue: StaticString {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
