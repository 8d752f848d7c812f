import Foundation
import JSON
import Support

extension Workload {
    /// `lugn case show` in new processes, one after the other, on a replica with `--rows` cases.
    ///
    /// The cases were imported with `lugn import cases`. The time is from the start of the process until it has been
    /// waited for; the files are in the system's cache. The memory is the peak of its resident set, looked at again and
    /// again while it runs, in runs of their own whose time does not count.
    static let opening = Workload(
        name: "open", summary: "lugn case show, a new process each time",
        target: .detailsAtMost(["ms": 25, "MB": 25])
    ) { bench in
        let folder = try bench.fresh("open")
        let desk = Desk(program: try Programs.path("lugn"), folder: folder)
        try desk.importCases(bench.rows)
        let numbers = try desk.caseNumbers(limit: 30)
        var measurement = Measurement(unit: "ms")
        for number in numbers.prefix(3) { _ = try desk.show(number) }
        for _ in 0..<max(1, bench.runs / 3) {
            for number in numbers { measurement.lugn.append(try desk.show(number)) }
        }
        let peaks = try numbers.prefix(10).map { try desk.peakOfShow($0) }
        measurement.details = [
            ("ms", Measurement.median(measurement.lugn)!),
            ("slowest of 20 ms", Measurement.percentile(measurement.lugn, 0.95)), ("MB", peaks.max()!),
        ]
        return measurement
    }
}

/// A counsellor's computer, worked with by `lugn`.
private struct Desk {
    var program: String
    var folder: String

    func importCases(_ count: Int) throws {
        let path = folder + "/cases.csv"
        try Data(Self.cases(count).utf8).write(to: URL(fileURLWithPath: path))
        try start(["import", "cases", path]).wait()
    }

    func caseNumbers(limit: Int) throws -> [String] {
        let process = try start(["case", "list", "--limit", "\(limit)", "--json"])
        try process.wait()
        let numbers = (try JSONValue(parsing: process.output).array ?? []).compactMap { $0["number"]?.string }
        guard !numbers.isEmpty else { throw BenchError("lugn has no cases after the import") }
        return numbers
    }

    /// How long showing a case takes, in milliseconds.
    func show(_ number: String) throws -> Double {
        let clock = MonotonicClock.system
        let start = clock.nowNanoseconds()
        try self.start(["case", "show", number]).wait()
        return Double(clock.nowNanoseconds() - start) / 1e6
    }

    /// The most memory that showing a case takes, in MB.
    ///
    /// What wait4() tells of a child counts this process's memory too, which the child shares until it becomes `lugn`.
    func peakOfShow(_ number: String) throws -> Double {
        let process = try start(["case", "show", number])
        var peak = 0.0
        while let seen = ProcessFigures.peakMegabytes(process.id) { peak = max(peak, seen) }
        try process.wait()
        return peak
    }

    private func start(_ words: [String]) throws -> ChildProcess {
        try ChildProcess(program, words + ["--data", folder + "/desk"], writingTo: folder + "/lugn")
    }

    /// A log of cases as a helpline may have kept it: one a row, with a note.
    private static func cases(_ count: Int) -> String {
        let callers = ["relative", "external", "involved"]
        let ages = ["under18", "18-21", "22-25", "over25"]
        var text = "date,caller,concern,age,channel,language,status,note,by\n"
        for number in 0..<count {
            var words = WordSequence(seed: UInt64(number))
            let day = number % 28 + 1
            let month = number / 28 % 12 + 1
            text += "\(2000 + number * 20 / count)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day),"
            text += "\(callers[number % 3]),general,\(ages[number % 4]),phone,sv,closed,"
            text += "\(words.text(bytes: 60)),S\(number % 9 + 1)\n"
        }
        return text
    }
}
