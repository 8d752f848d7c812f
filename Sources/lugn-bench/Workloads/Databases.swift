import ChangeLog
import Merge
import PostgreSQL
import Replica
import Support
import SyncProtocol

/// The change log on PostgreSQL, beside libpq writing the same rows in the same transactions, and COPY reading them.
extension Workload {
    /// Run when a database is given.
    static let databases = [databaseAccept, databaseCommits, databaseLines, databaseFeed]

    static let databaseAccept = Workload(
        name: "database-accept", summary: "large requests of ten replicas, on PostgreSQL", target: .ratioAtLeast(0.50)
    ) { bench in
        let parts = Bench.parts(bench.rows, of: min(bench.rows / 10, 10_000))
        return try await bench.interleave(unit: "rows/s") { run in
            try bench.databaseLog().close()
            let plain = try PlainLog(bench.requireDatabase())
            var watch = Stopwatch()
            for (number, part) in parts.enumerated() {
                var writer = DatabaseWriter(replica: UInt64(run * 1_000 + number))
                for changes in Bench.parts(part.count, of: 100) { writer.commit(changes.count) }
                try watch.time { try plain.append(writer.pending) }
            }
            return watch.rate(bench.rows)
        } lugn: { run in
            let log = try bench.databaseLog()
            defer { log.close() }
            let line = try await DatabaseLine(log, name: "Bench \(run)")
            var watch = Stopwatch()
            for (number, part) in parts.enumerated() {
                var writer = try await line.writer(number)
                for changes in Bench.parts(part.count, of: 100) { writer.commit(changes.count) }
                let (request, device) = (try writer.request(), try writer.device)
                try await watch.time { try await log.take(request, device) }
            }
            return watch.rate(bench.rows)
        }
    }

    static let databaseCommits = Workload(
        name: "database-commits", summary: "32 replicas of one line at once, three changes a commit, on PostgreSQL",
        target: .atLeast(2_000)
    ) { bench in
        let commits = max(32, bench.rows / 10)
        return try await bench.interleave(unit: "commits/s") { run in
            try bench.databaseLog().close()
            let plain = try PlainLog(bench.requireDatabase())
            var watch = Stopwatch()
            var writer = DatabaseWriter(replica: UInt64(run))
            for part in Bench.parts(commits, of: 32) {
                for _ in part { writer.commit(3) }
                let pending = writer.pending
                try watch.time { try plain.append(pending) }
                writer.forget()
            }
            return watch.rate(commits)
        } lugn: { _ in
            try await commitRate(bench, commits, lines: 1, replicas: 32)
        }
    }

    static let databaseLines = Workload(
        name: "database-lines", summary: "the same over eight lines; the limit is one line", target: .ratioAtLeast(1.3)
    ) { bench in
        let commits = max(32, bench.rows / 10)
        var measurement = Measurement(unit: "commits/s")
        for _ in 0..<bench.runs {
            measurement.limit.append(try await commitRate(bench, commits, lines: 1, replicas: 32))
            measurement.lugn.append(try await commitRate(bench, commits, lines: 8, replicas: 32))
        }
        return measurement
    }

    static let databaseFeed = Workload(
        name: "database-feed", summary: "pages of 4 MiB from PostgreSQL, beside COPY of the same rows",
        target: .ratioAtLeast(0.40)
    ) { bench in
        let log = try bench.databaseLog()
        defer { log.close() }
        let line = try await DatabaseLine(log, name: "Bench")
        for (number, part) in Bench.parts(bench.rows, of: min(bench.rows / 10, 10_000)).enumerated() {
            var writer = try await line.writer(number)
            for changes in Bench.parts(part.count, of: 100) { writer.commit(changes.count) }
            try await log.take(try writer.request(), try writer.device)
        }
        let reader = try await line.writer(1 << 30)
        return try await bench.interleave(unit: "rows/s") { _ in
            var watch = Stopwatch()
            try watch.time { try PlainLog.copyOut(line.id, bench.requireDatabase()) }
            return watch.rate(bench.rows)
        } lugn: { _ in
            var watch = Stopwatch()
            var request = try reader.request()
            let device = try reader.device
            request.pageBytes = UInt64(Limits().pageBytes)
            try await watch.time {
                while true {
                    let page = try await log.page(for: request, proven: 0, from: device)
                    if !page.more { break }
                    request.cursor = page.cursor
                }
            }
            return watch.rate(bench.rows)
        }
    }

    /// Replicas that each send a commit after the other, all at once.
    private static func commitRate(_ bench: Bench, _ commits: Int, lines: Int, replicas: Int) async throws -> Double {
        let log = try bench.databaseLog()
        defer { log.close() }
        var writers: [DatabaseWriter] = []
        for number in 0..<lines {
            let line = try await DatabaseLine(log, name: "Bench \(number)")
            for _ in 0..<replicas / lines {
                writers.append(try await line.writer(writers.count))
            }
        }
        let each = commits / replicas
        var watch = Stopwatch()
        try await watch.time {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in writers {
                    group.addTask {
                        var writer = writer
                        for _ in 0..<each {
                            writer.commit(3)
                            try await log.take(try writer.request(), try writer.device)
                            writer.forget()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return watch.rate(each * replicas)
    }
}

extension Bench {
    func requireDatabase() throws -> String {
        guard let database else { throw BenchError("these workloads need a database: --store ADDRESS") }
        return database
    }

    func databaseLog() throws -> PostgreSQLChangeLog {
        try PostgreSQLChangeLog(requireDatabase(), creates: true)
    }
}

extension PostgreSQLChangeLog {
    fileprivate func take(_ request: SyncRequest, _ device: Device) async throws {
        let acceptance = try await accept(request, from: device, now: systemWallMilliseconds())
        guard acceptance.outcome == .done else { throw BenchError("the server refused: \(acceptance.outcome)") }
    }
}
