import ChangeLog
import Merge
import Replica
import Support
import SyncProtocol

extension Workload {
    static let accept = Workload(
        name: "accept", summary: "the server takes the commits of insert-100 from 10 replicas",
        target: .ratioAtLeast(0.50)
    ) { bench in
        let folder = try bench.fresh("serve")
        let line = try await BenchLine(folder: folder)
        let requests = try await Self.requests(bench, line)
        let decoded = try requests.map { try SyncRequest(encoded: $0.bytes) }
        return try await bench.interleave(unit: "rows/s") { _ in
            let plain = try PlainChanges(bench.fresh("plain") + "/plain.db")
            return try Self.append(decoded, to: plain).rate(bench.rows)
        } lugn: { run in
            let copy = try bench.fresh("log") + "/server.db"
            try line.backUp(to: copy)
            let log = try SQLiteChangeLog(path: copy)
            var watch = Stopwatch()
            for (bytes, device) in requests {
                try await watch.time {
                    let request = try SyncRequest(encoded: bytes)
                    let acceptance = try await log.accept(request, from: device, now: systemWallMilliseconds())
                    guard acceptance.outcome == .done else {
                        throw BenchError("the server refused: \(acceptance.outcome)")
                    }
                }
            }
            return watch.rate(bench.rows)
        }
    }

    static let feed = Workload(
        name: "feed", summary: "the server hands them out, 4 MiB a page", target: .ratioAtLeast(0.50)
    ) { bench in
        let folder = try bench.fresh("serve")
        let line = try await BenchLine(folder: folder)
        let requests = try await Self.requests(bench, line)
        let plain = try PlainChanges(folder + "/plain.db")
        _ = try Self.append(requests.map { try SyncRequest(encoded: $0.bytes) }, to: plain)
        for (bytes, device) in requests {
            _ = try await line.log.accept(
                try SyncRequest(encoded: bytes), from: device, now: systemWallMilliseconds())
        }
        let reader = try await line.replica()
        let device = try await line.device(reader)
        let pageBytes = Limits().pageBytes
        let first = try SyncRequest(encoded: reader.nextRequest(pageBytes: pageBytes).body)
        return try await bench.interleave(unit: "rows/s") { _ in
            var watch = Stopwatch()
            _ = try watch.time { try plain.read(pageBytes: pageBytes) }
            return watch.rate(bench.rows)
        } lugn: { _ in
            var watch = Stopwatch()
            try await watch.time {
                var request = first
                while true {
                    let page = try await line.log.page(for: request, proven: 0, from: device)
                    if !page.more { break }
                    request.cursor = page.cursor
                }
            }
            return watch.rate(bench.rows)
        }
    }

    /// What ten replicas send, or more where their requests could not hold it: one request each.
    private static func requests(_ bench: Bench, _ line: BenchLine) async throws -> [(bytes: [UInt8], device: Device)] {
        var requests: [(bytes: [UInt8], device: Device)] = []
        let replicas = max(1, bench.rows / (bench.requestRows ?? min(bench.rows / 10, 10_000)))
        for number in 0..<replicas {
            let replica = try await line.replica()
            let part = bench.rows / replicas
            _ = try replica.fill(part, from: number * part, perTransaction: 100)
            let request = try replica.nextRequest(requestBytes: Limits().requestBytes - 65_536)
            guard request.commitCount == (part + 99) / 100 else {
                throw BenchError("more rows than one request holds; take fewer")
            }
            requests.append((request.body, try await line.device(replica)))
        }
        return requests
    }

    private static func append(_ requests: [SyncRequest], to plain: PlainChanges) throws -> Stopwatch {
        var watch = Stopwatch()
        for request in requests {
            let changes = request.commits.flatMap(\.changes).map {
                (
                    record: $0.header.record, collection: $0.header.collection, fields: $0.header.fields.rawValue,
                    sealed: $0.sealed
                )
            }
            try watch.time { try plain.append(changes) }
        }
        return watch
    }
}
