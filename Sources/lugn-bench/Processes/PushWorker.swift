import Foundation
import HTTPClient
import JSON
import Replica
import SyncClient
import SyncProtocol

/// Several workstations, one after the other: each writes its rows offline, 100 per transaction, and sends them.
///
/// It sends them itself and asks for almost nothing back, so that nobody has to read what the others wrote. The rows and
/// ids of all replicas together are those of one that wrote them in the same order.
struct PushWorker {
    private let job: JSONValue

    init(_ job: JSONValue) { self.job = job }

    func run() async throws -> JSONValue {
        let rows = try job.number("rows")
        let writers = (job["writers"]?.array ?? []).compactMap(\.string)
        for (place, part) in Bench.parts(rows, of: (rows + writers.count - 1) / writers.count).enumerated() {
            try await write(part, path: writers[place])
        }
        return ["rows": JSONValue(rows)]
    }

    private func write(_ part: Range<Int>, path: String) async throws {
        defer {
            for end in ["", "-wal", "-shm", "-keys"] { try? FileManager.default.removeItem(atPath: path + end) }
        }
        let replica = try Replica(path: path, schema: Entries.schema)
        let client = WireClient(
            server: try job.text("server"), signer: WireSigner(try replica.deviceKeys()), http: HTTPClient())
        _ = try replica.fill(part.count, from: part.lowerBound, perTransaction: 100) {
            Keys.ordered($0 + part.lowerBound)
        }
        let requestBytes = SyncClient.Configuration().requestBytes
        while true {
            let request = try replica.nextRequest(requestBytes: requestBytes, pageBytes: 1)
            if request.commitCount == 0 { return }
            let receipt = try SyncSession(replica).receive(
                try await client.post(request.path, request.body, waitSeconds: 0), to: request)
            guard receipt.acknowledged > 0, receipt.events.isEmpty else {
                throw BenchError("the server did not take the rows: \(receipt.events)")
            }
        }
    }
}
