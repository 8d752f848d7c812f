import HTTPClient
import Merge
import Replica
import Support
import SyncClient

extension Workload {
    /// From the start of a write at one workstation until another one's program sees it.
    ///
    /// The server is a process of its own; both workstations are in this one, each with a client and connections of its
    /// own. The reader is in `watch()`, waiting at the server; it is told by `changes()`, and has read the record when
    /// the clock stops. The writer calls `sync()` after its write; the detail `watching p50 ms` has it in `watch()` too,
    /// where its client must first give up its own waiting request.
    static let roundTrip = Workload(
        name: "round-trip", summary: "a commit at one workstation until it is visible at another",
        target: .detailsAtMost(["p50 ms": 5, "p99 ms": 12])
    ) { bench in
        let folder = try bench.fresh("round-trip")
        let line = try await ProcessLine(folder: folder)
        for name in ["writer", "reader"] { try await line.prepare(name) }
        let server = try line.start()
        defer { server.end() }
        let (writer, writing) = try line.open("writer", server)
        let (reader, reading) = try line.open("reader", server)
        let notices = Notices(of: reader)
        let trip = RoundTrip(server: server, writer: writer, writing: writing, reader: reader, notices: notices)
        let limit = try RoundTripLimit(folder + "/plain.db", server: server)
        let count = max(20, 300 / bench.runs)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await notices.forward() }
            group.addTask { await notices.end(with: { try await reading.watch() }) }
            defer { group.cancelAll() }
            var all: [Double] = []
            var measurement = try await bench.interleave(unit: "ms") { _ in
                try await Measurement.median(limit.milliseconds(count))!
            } lugn: { run in
                let milliseconds = try await trip.milliseconds(count, run: run, isWriterWatching: false)
                all += milliseconds
                return Measurement.median(milliseconds)!
            }
            group.addTask { await notices.end(with: { try await writing.watch() }) }
            let watching = try await trip.milliseconds(count, run: bench.runs, isWriterWatching: true)
            measurement.details = [
                ("p50 ms", Measurement.percentile(all, 0.50)), ("p99 ms", Measurement.percentile(all, 0.99)),
                ("watching p50 ms", Measurement.percentile(watching, 0.50)),
                ("watching p99 ms", Measurement.percentile(watching, 0.99)),
            ]
            return measurement
        }
    }
}

/// Two workstations on one server.
private struct RoundTrip {
    var server: ServerProcess
    var writer: Replica
    var writing: SyncClient
    var reader: Replica
    var notices: Notices
    let http = HTTPClient()

    /// How long each of so many commits took.
    func milliseconds(_ count: Int, run: Int, isWriterWatching: Bool) async throws -> [Double] {
        let client = writing
        var figures: [Double] = []
        var arrivals = notices.stream.makeAsyncIterator()
        for number in 0..<count {
            try await server.waitUntil(waiting: isWriterWatching ? 2 : 1, http)
            let entry = Entry(run * count + number)
            let start = MonotonicClock.system.nowNanoseconds()
            let id = try writer.write { transaction in
                try transaction.insert(Entries.collection) { entry.fill(&$0) }
            }
            async let sent: Void = isWriterWatching ? () : Self.send(client)
            while let notice = try await arrivals.next() {
                if notice.records.contains(id), try reader.read({ try $0.fetch(Entries.collection, id) }) != nil {
                    break
                }
            }
            figures.append(Double(MonotonicClock.system.nowNanoseconds() - start) / 1e6)
            try await sent
        }
        return figures
    }

    private static func send(_ client: SyncClient) async throws { try await client.sync() }
}

/// What a replica tells of its changes; ends with an error when whoever should bring them fails.
private struct Notices: Sendable {
    let stream: AsyncThrowingStream<ChangeNotice, any Error>
    private let continuation: AsyncThrowingStream<ChangeNotice, any Error>.Continuation
    private let changes: AsyncStream<ChangeNotice>

    init(of replica: Replica) {
        changes = replica.changes()
        (stream, continuation) = AsyncThrowingStream.makeStream()
    }

    func forward() async {
        for await notice in changes { continuation.yield(notice) }
    }

    func end(with watching: () async throws -> Void) async {
        do { try await watching() } catch { continuation.finish(throwing: error) }
    }
}

/// What no engine can go below: a commit that is on disk, and two requests to the server and back.
private final class RoundTripLimit {
    private let plain: PlainEntries
    private let request: HTTPClientRequest
    private let http = HTTPClient()
    private var next = 0

    init(_ path: String, server: ServerProcess) throws {
        plain = try PlainEntries(path)
        request = HTTPClientRequest(url: server.address + "/healthz")
    }

    func milliseconds(_ count: Int) async throws -> [Double] {
        var figures: [Double] = []
        for _ in 0..<count {
            let row = PlainEntries.Row(Keys.ordered(next), Entry(next))
            next += 1
            let start = MonotonicClock.system.nowNanoseconds()
            try plain.transaction { try plain.insert(row) }
            for _ in 0..<2 where try await http.send(request).status != 200 {
                throw BenchError("the server does not answer /healthz")
            }
            figures.append(Double(MonotonicClock.system.nowNanoseconds() - start) / 1e6)
        }
        return figures
    }
}
