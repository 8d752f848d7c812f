import HTTPClient
import JSON
import Replica
import Sealing
import SyncClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A new workstation: joins, and syncs once. The time is that of the sync.
struct PullWorker {
    private let job: JSONValue

    init(_ job: JSONValue) { self.job = job }

    func run() async throws -> JSONValue {
        guard let key = LineKey(fileText: try job.text("key")) else { throw BenchError("'key' is no line key") }
        let replica = try Replica(path: try job.text("path"), schema: Entries.schema)
        let client = SyncClient(replica: replica, transport: HTTPClient())
        try await client.join(
            server: try job.text("server"), invitation: try job.text("invitation"), name: "new", key: key)
        var watch = Stopwatch()
        var pages: [Int] = []
        let report = try await watch.time {
            try await client.sync { receipt in if receipt.applied > 0 { pages.append(receipt.applied) } }
        }
        guard report.isVerified == true else { throw BenchError("the workstation and the server differ") }
        guard let peak = ProcessFigures.peakMegabytes(getpid()) else { throw BenchError("/proc has no VmHWM") }
        return [
            "nanoseconds": JSONValue(watch.nanoseconds), "pages": .array(pages.map { JSONValue($0) }),
            "kilobytes": JSONValue(Int(peak * 1_000)),
        ]
    }
}
