import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import Sealing
import SimulatedLead
import Support
import SyncClient
import SyncProtocol
import Trust

/// Several lines on one server that is a process of its own, and their workstations at the wire.
final class DeskLines {
    static let desksOfLine = 100

    private let folder: String
    private let administrator = SigningKey(seed: SecretBytes(randomCount: 32))
    /// The keys of each workstation, and its line.
    private(set) var desks: [(keys: DeviceKeys, line: LineID)] = []

    /// Makes the store, and lets so many workstations in, a hundred to a line.
    init(folder: String, count: Int) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder + "/server", withIntermediateDirectories: true)
        let log = try SQLiteChangeLog(path: folder + "/server/log.db")
        let now = systemWallMilliseconds()
        try await log.perform(
            .addOperator(signingKey: administrator.publicKey, label: "Bench", line: nil), by: nil,
            request: randomBytes(16), now: now)
        for number in 0..<(count + Self.desksOfLine - 1) / Self.desksOfLine {
            let lead = try SimulatedLead(now: now)
            try await lead.found(in: log, lineName: "Line \(number)", now: now)
            for desk in 0..<min(Self.desksOfLine, count - desks.count) {
                let keys = DeviceKeys.random()
                try await lead.admit(keys, name: "Desk \(desk)", in: log, now: now)
                desks.append((keys, lead.line))
            }
        }
    }

    func start() throws -> ServerProcess {
        try ServerProcess(store: folder + "/server", administrator: administrator)
    }
}

/// A workstation at the wire: it has a connection that waits for news, sends notes over another, and keeps nothing.
final class WireDesk: Sendable {
    private struct Chain {
        var number: UInt64 = 0
        var digest = CommitDigest.start
    }
    private let client: WireClient
    private let line: LineID
    private let replica: ReplicaID
    private let chain = Lock(Chain())
    private let deliveries: Deliveries

    init(_ keys: DeviceKeys, line: LineID, number: Int, server: String, http: HTTPClient, _ deliveries: Deliveries) {
        client = WireClient(server: server, signer: WireSigner(keys), http: http)
        self.line = line
        replica = ReplicaID(rawValue: UInt64(number + 1))
        self.deliveries = deliveries
    }

    private func request() -> SyncRequest {
        SyncRequest(
            line: line, replica: replica, clock: systemWallMilliseconds(),
            condition: ReplicaCondition(program: Release.version))
    }

    /// Waits for news again and again, and notes how old each commit is when it has been decoded.
    func wait() async throws {
        var request = request()
        request.cursor = try await client.exchange(request).cursor
        while !Task.isCancelled {
            request.wait = 50_000
            request.clock = systemWallMilliseconds()
            let answer = try await client.exchange(request)
            guard answer.outcome == .done else { throw BenchError("the server refused: \(answer.outcome)") }
            var reader = CBORReader(Array(answer.page ?? []))
            while !reader.isAtEnd {
                let commit = try reader.feedCommit(limits: Limits())
                deliveries.note(systemWallMilliseconds() - commit.stamp.time.milliseconds)
            }
            request.cursor = answer.cursor
        }
    }

    /// Sends a new note of 160 sealed bytes. Returns how long that took, in milliseconds.
    func write() async throws -> Double {
        let start = MonotonicClock.system.nowNanoseconds()
        let now = systemWallMilliseconds()
        let stamp = Stamp(time: HybridTimestamp(milliseconds: now), dot: Dot(rawValue: UInt64.random(in: 1 ... .max)))
        let note = SealedChange(
            header: ChangeHeader(
                kind: .add, collection: 2,
                record: RecordID(
                    milliseconds: now, randomHigh: UInt64.random(in: 0..<4_096),
                    randomLow: UInt64.random(in: 0 ... .max)),
                parent: nil, ancestors: [], fields: FieldMask(rawValue: 1), replaced: .none, epoch: 1),
            sealed: randomBytes(160)[...])
        var request = request()
        let before = chain.withLock { $0 }
        let digest = CommitDigest.digest(
            previous: before.digest, replica: replica, number: before.number + 1, stamp: stamp)
        request.acknowledged = before.number
        request.acknowledgedDigest = before.digest
        request.pending = 1
        request.pageBytes = 0
        request.commits = [
            SealedCommit(
                number: before.number + 1, stamp: stamp, digest: digest, nonce: randomBytes(SealedCommit.nonceBytes),
                changes: [note])
        ]
        let answer = try await client.exchange(request)
        guard answer.outcome == .done, answer.heldNumber == before.number + 1 else {
            throw BenchError("a note was not taken: \(answer.outcome)")
        }
        chain.withLock { $0 = Chain(number: before.number + 1, digest: digest) }
        return Double(MonotonicClock.system.nowNanoseconds() - start) / 1e6
    }
}

/// How old commits were when workstations had them, in milliseconds.
final class Deliveries: Sendable {
    private let ages = Lock<[Double]>([])

    private let failure = Lock<(any Error)?>(nil)

    /// A workstation has gone away.
    func fail(_ error: any Error) { failure.withLock { $0 = $0 ?? error } }
    func check() throws { if let error = failure.withLock({ $0 }) { throw error } }
    func note(_ age: Int64) { ages.withLock { $0.append(Double(age)) } }
    /// All since it was last asked.
    func take() -> [Double] {
        ages.withLock { ages in
            defer { ages.removeAll() }
            return ages
        }
    }
    var count: Int { ages.withLock { $0.count } }
}
