import HTTPClient
import Merge
import Replica
import Support
import SyncClient
import SyncProtocol
import Trust

extension Workload {
    /// A thousand workstations wait for news, and one commit reaches all of them.
    ///
    /// They are workstations at the wire: each has keys, a replica id and a connection of its own and holds a long
    /// poll with requests and answers that are really encoded and decoded, but has no database behind it; all of them
    /// are in this process. The one that commits is a real replica. The server is a process of its own.
    ///
    /// The time is from the start of the write until the last one has decoded the commit, the median of all rounds; it
    /// includes what this process needs for a thousand clients on the same processors.
    static let fanOut = Workload(
        name: "fan-out", summary: "one commit reaches 1,000 waiting workstations",
        target: .detailsAtMost(["last one ms": 1_000, "idle CPU %": 1, "server MB": 150])
    ) { bench in
        try DescriptorAllowance.raise(to: 4_096)
        let crowd = 1_000
        let line = try await ProcessLine(folder: bench.fresh("fan-out"))
        let keys = (0..<crowd).map { _ in DeviceKeys.random() }
        for (number, keys) in keys.enumerated() { try await line.prepare(keys, name: "Station \(number)") }
        try await line.prepare("writer")
        let server = try line.start()
        defer { server.end() }
        let (writer, writing) = try line.open("writer", server)
        let http = HTTPClient()
        let stations = keys.enumerated().map { number, keys in
            WaitingStation(
                WireClient(server: server.address, signer: WireSigner(keys), http: http), line.line,
                replica: UInt64(number + 1))
        }
        let arrivals = Arrivals(expected: crowd)
        var complete = arrivals.complete.makeAsyncIterator()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for station in stations { group.addTask { await station.run(arrivals) } }
            defer { group.cancelAll() }
            let watcher = HTTPClient()
            try await server.waitUntil(waiting: crowd, watcher)
            let idle = try await idlePercent(server)
            var measurement = Measurement(unit: "ms")
            for round in 0..<bench.runs {
                try await server.waitUntil(waiting: crowd, watcher)
                let start = MonotonicClock.system.nowNanoseconds()
                let entry = Entry(round)
                try writer.write { transaction in
                    _ = try transaction.insert(Entries.collection) { entry.fill(&$0) }
                }
                try await writing.sync()
                guard let last = try await complete.next() else { throw BenchError("a workstation went away") }
                measurement.lugn.append(Double(last - start) / 1e6)
            }
            measurement.details = [
                ("last one ms", Measurement.median(measurement.lugn)!), ("idle CPU %", idle),
                ("server MB", try server.peakMegabytes),
            ]
            return measurement
        }
    }

    /// What the server uses of one processor while everybody waits, over five seconds.
    private static func idlePercent(_ server: ServerProcess) async throws -> Double {
        // What it still had to do for the last to come is no idling.
        try await Task.sleep(for: .seconds(1))
        let before = try server.processorSeconds
        let start = MonotonicClock.system.nowNanoseconds()
        try await Task.sleep(for: .seconds(5))
        let seconds = Double(MonotonicClock.system.nowNanoseconds() - start) / 1e9
        return (try server.processorSeconds - before) / seconds * 100
    }
}

/// One workstation at the wire.
private struct WaitingStation {
    private let client: WireClient
    private var request: SyncRequest

    init(_ client: WireClient, _ line: LineID, replica: UInt64) {
        self.client = client
        request = SyncRequest(line: line, replica: ReplicaID(rawValue: replica), clock: systemWallMilliseconds())
    }

    /// Waits for news again and again, and tells of each commit that came.
    func run(_ arrivals: Arrivals) async {
        var request = request
        do {
            request.cursor = try await client.exchange(request).cursor
            request.wait = 50_000
            while !Task.isCancelled {
                let answer = try await client.exchange(request)
                guard answer.outcome == .done else { throw BenchError("the server refused: \(answer.outcome)") }
                var reader = CBORReader(Array(answer.page ?? []))
                var commits = 0
                while !reader.isAtEnd {
                    _ = try reader.feedCommit(limits: Limits())
                    commits += 1
                }
                request.cursor = answer.cursor
                if commits > 0 { arrivals.add(at: MonotonicClock.system.nowNanoseconds()) }
            }
        } catch {
            if !Task.isCancelled { arrivals.fail(error) }
        }
    }
}

/// Counts who has the commit, and tells when the last one had it.
private final class Arrivals: Sendable {
    /// The moments at which everybody had a commit, one after the other.
    let complete: AsyncThrowingStream<Int64, any Error>
    private let continuation: AsyncThrowingStream<Int64, any Error>.Continuation
    private let expected: Int
    private let count = Lock(0)

    init(expected: Int) {
        self.expected = expected
        (complete, continuation) = AsyncThrowingStream.makeStream()
    }

    func add(at time: Int64) {
        let isLast = count.withLock { count in
            count = (count + 1) % expected
            return count == 0
        }
        if isLast { continuation.yield(time) }
    }

    func fail(_ error: any Error) { continuation.finish(throwing: error) }
}
