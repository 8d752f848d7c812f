import ChangeLog
import Merge
import Replica
import Sealing
import SimulatedLead
import Support
import SyncProtocol
import SyncServer
import Trust

/// A replica as a server sees it: numbered, chained commits of new records, with bytes that mean nothing.
struct DatabaseWriter: Sendable {
    private(set) var pending: [SealedCommit] = []
    private let enrolled: Device?
    private let replica: ReplicaID
    private var number: UInt64 = 0
    private var digest = CommitDigest.start
    private var acknowledged: (number: UInt64, digest: [UInt8]) = (0, CommitDigest.start)
    private var clock = HybridLogicalClock(latest: .zero)
    /// What a row of 160 bytes is when it is sealed.
    private static let sealedBytes = 190

    /// One whose commits nobody need take.
    init(replica: UInt64) { self.init(nil, replica: replica) }

    fileprivate init(_ device: Device?, replica: UInt64) {
        enrolled = device
        self.replica = ReplicaID(rawValue: replica ^ randomWord() << 32)
    }

    /// Where it has joined.
    var device: Device {
        get throws {
            guard let enrolled else { throw BenchError("the replica has not joined") }
            return enrolled
        }
    }

    mutating func commit(_ changes: Int) {
        guard let time = try? clock.tick(wallMilliseconds: systemWallMilliseconds()) else { return }
        let stamp = Stamp(time: time, dot: Dot(rawValue: randomWord()))
        number += 1
        digest = CommitDigest.digest(previous: digest, replica: replica, number: number, stamp: stamp)
        let first = RecordID(
            milliseconds: systemWallMilliseconds(), randomHigh: randomWord(), randomLow: randomWord() >> 2)
        let sealed = randomBytes(Self.sealedBytes)
        var fields = FieldMask.empty
        for field in 0..<11 { fields.insert(field) }
        pending.append(
            SealedCommit(
                number: number, stamp: stamp, digest: digest, nonce: randomBytes(SealedCommit.nonceBytes),
                changes: (0..<changes).map { index in
                    SealedChange(
                        header: ChangeHeader(
                            kind: .put, collection: 1,
                            record: RecordID(high: first.high, low: first.low &+ UInt64(index)),
                            parent: nil, ancestors: [], fields: fields, replaced: ReplacedDots.none, epoch: 1),
                        sealed: sealed[...])
                }))
    }

    /// What was sent is held.
    mutating func forget() {
        pending = []
        acknowledged = (number, digest)
    }

    func request() throws -> SyncRequest {
        SyncRequest(
            line: try device.line, replica: replica, acknowledged: acknowledged.number,
            acknowledgedDigest: acknowledged.digest,
            commits: pending, pending: UInt64(pending.count), clock: 0)
    }
}

/// A line in a database, and who may write to it.
struct DatabaseLine {
    let log: any LineStore
    private let lead: SimulatedLead
    var id: LineID { lead.line }

    init(_ log: any LineStore, name: String) async throws {
        self.log = log
        lead = try SimulatedLead(now: systemWallMilliseconds())
        try await lead.found(in: log, lineName: name, now: systemWallMilliseconds())
    }

    /// A workstation that was let in.
    func writer(_ replica: Int) async throws -> DatabaseWriter {
        let keys = DeviceKeys.random()
        try await lead.admit(keys, name: "Bench", in: log, now: systemWallMilliseconds())
        guard let device = try log.device(keys.id) else { throw BenchError("the workstation was not let in") }
        return DatabaseWriter(device, replica: UInt64(replica))
    }
}
