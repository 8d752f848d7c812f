import Replica

/// Finds out how the days of a file are written, where all rows agree on one form and none contradicts it.
///
/// `3/4 2017` may be in March or April: only where another row has a day above 12 is it known. Cells that are a day in no
/// form tell nothing.
struct DateFormatDetector {
    private static let candidates = [
        "yyyy-mm-dd", "yyyy/mm/dd", "yyyy.mm.dd", "yyyymmdd", "d/m/yyyy", "m/d/yyyy", "d-m-yyyy", "m-d-yyyy",
        "d.m.yyyy", "m.d.yyyy", "d/m yyyy", "d/m-yyyy", "d mmm yyyy", "d-mmm-yyyy", "mmm d, yyyy", "mmm d yyyy",
        "ddmmyyyy", "mmddyyyy", "yy-mm-dd", "yy/mm/dd", "yy.mm.dd", "yymmdd", "ddmmyy", "mmddyy", "d/m/yy", "m/d/yy",
        "d-m-yy", "m-d-yy", "d.m.yy", "d/m-yy", "d/m yy", "d mmm yy", "d-mmm-yy", "excel",
    ].map { DateFormat.known($0) }

    private let days: ClosedRange<CalendarDate>
    /// Those that read each cell that is a day at all.
    private var common = Set(candidates.indices)
    /// Pairs that read some cell differently.
    private var differing: Set<[Int]> = []
    private var isISO = false
    private var lines: [Set<Int>: Int] = [:]

    /// - Parameter days: a day outside these is none that is meant.
    init(days: ClosedRange<CalendarDate>) { self.days = days }

    mutating func feed(_ cell: String, line: Int) {
        if isISO { return }
        isISO = ImportDate(cell).map { days.contains($0.day) } ?? false
        let readings = Self.candidates.indices.compactMap { index -> (Int, CalendarDate)? in
            guard let date = ImportDate(cell, format: Self.candidates[index]), days.contains(date.day) else {
                return nil
            }
            return (index, date.day)
        }
        if readings.isEmpty { return }
        let found = Set(readings.map(\.0))
        if lines[found] == nil { lines[found] = line }
        common.formIntersection(found)
        if readings.count == 1 { return }
        for (place, one) in readings.enumerated() {
            for other in readings[(place + 1)...] where one.1 != other.1 { differing.insert([one.0, other.0]) }
        }
    }

    /// The one form. Days such as 2017-02-01 can be nothing else: where a row has one, it is the form, and rows with another
    /// are bad rows.
    ///
    /// Errors: `badFile` where rows contradict each other, or can all be read in two ways.
    func format() throws(CaseworkError) -> DateFormat {
        if isISO || lines.isEmpty { return .iso }
        let found = common.sorted()
        guard let first = found.first else {
            let places = lines.values.sorted().prefix(2).map(String.init).joined(separator: " and ")
            throw CaseworkError(
                .badFile,
                "dates.mixed", ["lines": "\(places)"]
            )
        }
        if let other = found.dropFirst().first(where: { differing.contains([first, $0]) }) {
            throw CaseworkError(
                .badFile,
                "dates.ambiguous", ["first": "\(Self.candidates[first])", "other": "\(Self.candidates[other])"]
            )
        }
        return Self.candidates[first]
    }
}
