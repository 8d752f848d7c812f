import Foundation
import HTTPClient
import Replica
import Support
import SyncClient

extension Workload {
    /// Many workstations on one server, a hundred to a line, each with a connection that waits for news and another for what it
    /// sends. For five seconds for each run they write as in a working day that passes in an hour: 20 notes each, at
    /// random moments; each note goes to the 99 others of its line. All of them are in this process, and take processor time too.
    ///
    /// Then one note is written in every line at once, which wakes all who wait.
    static let desks = [1_000, 4_000, 9_000].map { count in
        Workload(
            name: "desks-\(count)", summary: "\(count) workstations at work, then all woken at once",
            target: .detailsAtMost([
                "write p99 ms": 250, "arrive p99 ms": 1_000, "all woken ms": 2_000, "server MB": 1_000,
            ])
        ) { try await atWork(count, $0) }
    }

    private static let notesOfDay = 20.0
    private static let secondsOfRun = 5.0

    private static func atWork(_ count: Int, _ bench: Bench) async throws -> Measurement {
        // One connection each, and one more for who sends just then.
        try DescriptorAllowance.raise(to: UInt(count + 2_000))
        let lines = try await DeskLines(folder: bench.fresh("desks"), count: count)
        let server = try lines.start()
        defer { server.end() }
        let (waiting, sending) = (HTTPClient(), HTTPClient())
        let deliveries = Deliveries()
        func desks(_ http: HTTPClient) -> [WireDesk] {
            lines.desks.enumerated().map {
                WireDesk($1.keys, line: $1.line, number: $0, server: server.address, http: http, deliveries)
            }
        }
        let (readers, writers) = (desks(waiting), desks(sending))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, reader) in readers.enumerated() {
                group.addTask {
                    // As people come to work, and not all in one moment.
                    try await Task.sleep(for: .milliseconds(number * 2))
                    do { try await reader.wait() } catch { if !Task.isCancelled { deliveries.fail(error) } }
                }
            }
            defer { group.cancelAll() }
            let watcher = HTTPClient()
            try await server.waitUntil(waiting: count, watcher, seconds: 180)
            var measurement = Measurement(unit: "ms")
            let before = try server.processorSeconds
            let (times, seconds) = try await work(writers, seconds: secondsOfRun * Double(bench.runs))
            let processor = try server.processorSeconds - before
            let ages = deliveries.take()
            measurement.details = [
                ("notes/s", Double(times.count) / seconds), ("answers/s", Double(ages.count) / seconds),
                ("write p50 ms", Measurement.percentile(times, 0.5)),
                ("write p99 ms", Measurement.percentile(times, 0.99)),
                ("arrive p50 ms", Measurement.percentile(ages, 0.5)),
                ("arrive p99 ms", Measurement.percentile(ages, 0.99)),
                ("server CPU %", processor / seconds * 100),
                ("server CPU ms/note", processor * 1_000 / Double(times.count)),
            ]
            try deliveries.check()
            try await server.waitUntil(waiting: count * 9 / 10, watcher)
            let (last, cost) = try await wakeAll(writers, server, deliveries)
            measurement.details += [
                ("all woken ms", last), ("waking CPU ms", cost), ("server MB", try server.peakMegabytes),
            ]
            return measurement
        }
    }

    /// Notes at random moments, by random workstations. Returns how long each took, and how long all together.
    private static func work(_ writers: [WireDesk], seconds: Double) async throws -> (times: [Double], seconds: Double)
    {
        let rate = Double(writers.count) * notesOfDay / 3_600
        let start = MonotonicClock.system.nowNanoseconds()
        let times = try await withThrowingTaskGroup(of: Double.self) { group in
            var moment = 0.0
            // A workstation writes one note after the other.
            var free = writers.shuffled()
            while true {
                moment -= log(Double.random(in: 0.000_001..<1)) / rate
                if moment > seconds { break }
                guard let writer = free.popLast() else { break }
                let at = moment
                group.addTask {
                    try await Task.sleep(for: .seconds(at))
                    return try await writer.write()
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return (times, Double(MonotonicClock.system.nowNanoseconds() - start) / 1e9)
    }

    /// One note in each line at the same moment. Returns how long the last of the others waited for it, and what that cost the
    /// server, in milliseconds.
    private static func wakeAll(
        _ writers: [WireDesk], _ server: ServerProcess, _ deliveries: Deliveries
    ) async throws -> (last: Double, cost: Double) {
        _ = deliveries.take()
        let before = try server.processorSeconds
        let first = stride(from: 0, to: writers.count, by: DeskLines.desksOfLine).map { writers[$0] }
        try await withThrowingTaskGroup(of: Double.self) { group in
            for writer in first { group.addTask { try await writer.write() } }
            try await group.waitForAll()
        }
        for _ in 0..<600 where deliveries.count < writers.count { try await Task.sleep(for: .milliseconds(50)) }
        let ages = deliveries.take()
        guard ages.count >= writers.count, let last = ages.max() else {
            throw BenchError("only \(ages.count) of \(writers.count) workstations were woken within half a minute")
        }
        return (last, (try server.processorSeconds - before) * 1_000)
    }
}
