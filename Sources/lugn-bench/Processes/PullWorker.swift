import HTTPClient
import JSON
import Replica
import SyncClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A new workstation that was let in: syncs once. The time is that of the sync.
struct PullWorker {
    private let job: JSONValue

    init(_ job: JSONValue) { self.job = job }

    func run() async throws -> JSONValue {
        let replica = try Replica(path: try job.text("path"), schema: Entries.schema)
        try replica.moveServer(to: try job.text("server"))
        let client = SyncClient(replica: replica, transport: HTTPClient())
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
