import Foundation
import HTTPClient
import JSON
import Replica
import Sealing
import SyncClient
import SyncProtocol

/// Several replicas, one after the other: each joins, writes its rows offline, 100 per transaction, and sends them.
///
/// It sends them itself and asks for almost nothing back, so that nobody has to read what the others wrote. The rows and
/// ids of all replicas together are those of one that wrote them in the same order.
struct PushWorker {
    private let job: JSONValue

    init(_ job: JSONValue) { self.job = job }

    func run() async throws -> JSONValue {
        let rows = try job.number("rows")
        let invitations = (job["invitations"]?.array ?? []).compactMap(\.string)
        for (place, part) in Bench.parts(rows, of: (rows + invitations.count - 1) / invitations.count).enumerated() {
            try await write(part, invitation: invitations[place], name: "writer \(place)")
        }
        return ["rows": JSONValue(rows)]
    }

    private func write(_ part: Range<Int>, invitation: String, name: String) async throws {
        let path = try job.text("folder") + "/\(name).db"
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        guard let key = LineKey(fileText: try job.text("key")) else { throw BenchError("'key' is no line key") }
        let http = HTTPClient()
        let server = try job.text("server")
        let replica = try Replica(path: path, schema: Entries.schema)
        let enrolment = try await SyncClient(replica: replica, transport: http).join(
            server: server, invitation: invitation, name: name, key: key)
        _ = try replica.fill(part.count, from: part.lowerBound, perTransaction: 100) {
            Keys.ordered($0 + part.lowerBound)
        }
        let client = WireClient(server: server, token: enrolment.token, http: http)
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
