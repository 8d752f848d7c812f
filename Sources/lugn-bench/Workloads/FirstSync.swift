import JSON
import Sealing
import Support

extension Workload {
    /// A new workstation, a process of its own, gets everything from a server that is one too.
    ///
    /// Ten replicas have written ten times `--rows` records, 100 per transaction. The limit is plain SQLite inserting the
    /// same rows, in the same order and with the same ids, in transactions of the sizes that the pages had.
    static let firstSync = Workload(
        name: "sync-new", summary: "a new workstation gets everything over HTTP on loopback, with 10 × the rows",
        target: .ratioAtLeast(0.35)
    ) { bench in
        try await FirstSync.of(bench).time
    }

    /// The peak of each process's resident memory in the same work.
    ///
    /// The server is started anew between taking the records and handing them out, so that each has its own peak. It is
    /// sent one request after the other, as large as a workstation makes them.
    static let memory = Workload(
        name: "memory", summary: "peak memory of the processes in sync-new",
        target: .detailsAtMost(["server accepting MB": 96, "server feeding MB": 96, "workstation MB": 96])
    ) { bench in
        try await FirstSync.of(bench).memory
    }
}

/// The work that `sync-new` and `memory` have in common, done once.
struct FirstSync {
    var time = Measurement(unit: "rows/s")
    var memory = Measurement(unit: "MB")

    private static let done = Lock<FirstSync?>(nil)
    private static let writers = 10
    static let commitRows = 100

    static func of(_ bench: Bench) async throws -> FirstSync {
        if let done = done.withLock({ $0 }) { return done }
        let result = try await measure(bench)
        done.withLock { $0 = result }
        return result
    }

    private static func measure(_ bench: Bench) async throws -> FirstSync {
        var result = FirstSync()
        // Whole commits.
        let rows = bench.rows / commitRows * commitRows * writers
        let line = try await ProcessLine(folder: bench.fresh("first-sync"))
        for number in 0..<writers { try await line.prepare("writer\(number)") }
        for run in 0..<bench.runs { try await line.prepare("new\(run)") }
        let accepting = try push(rows, to: line)
        let server = try line.start()
        defer { server.end() }
        var workstation = 0.0
        for run in 0..<bench.runs {
            let pull = try Pull(line, server, run)
            result.time.lugn.append(Double(rows) / pull.seconds)
            workstation = max(workstation, pull.megabytes)
            guard pull.pages.last?.upperBound == rows else { throw BenchError("not all rows arrived") }
            // Always second: its transactions are the pages that came.
            let plain = try PlainEntries(bench.fresh("plain") + "/\(run).db")
            result.time.limit.append(try plain.fill(pull.pages, key: Keys.ordered).rate(rows))
        }
        result.memory.details = [
            ("server accepting MB", accepting), ("server feeding MB", try server.peakMegabytes),
            ("workstation MB", workstation),
        ]
        return result
    }

    /// Fills the server's store, and returns the server's peak.
    private static func push(_ rows: Int, to line: ProcessLine) throws -> Double {
        let server = try line.start()
        defer { server.end() }
        _ = try Worker.run(
            "push",
            [
                "server": .string(server.address), "rows": JSONValue(rows),
                "writers": .array((0..<writers).map { .string(line.path("writer\($0)")) }),
            ], in: line.folder)
        return try server.peakMegabytes
    }
}

/// One new workstation's sync.
private struct Pull {
    var seconds: Double
    var megabytes: Double
    /// The rows of each page, as ranges of their numbers.
    var pages: [Range<Int>] = []

    init(_ line: ProcessLine, _ server: ServerProcess, _ run: Int) throws {
        let path = line.path("new\(run)")
        let result = try Worker.run(
            "pull", ["server": .string(server.address), "path": .string(path)], in: line.folder)
        for end in ["", "-wal", "-shm", "-keys"] { try Bench.remove(path + end) }
        seconds = Double(try result.number("nanoseconds")) / 1e9
        megabytes = Double(try result.number("kilobytes")) / 1_000
        var start = 0
        for commits in (result["pages"]?.array ?? []).compactMap(\.integer) {
            pages.append(start..<start + Int(commits) * FirstSync.commitRows)
            start = pages.last!.upperBound
        }
    }
}
