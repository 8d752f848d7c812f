import ChangeLog
import Merge
import SQLite
import Sealing
import SyncProtocol
import SyncServer

/// A store as every input finds it: a line with desks A and B, which have both written, and one that was revoked;
/// another line, with a desk of its own; invitations, one used and one not. Made once, and copied for each input.
struct SessionTemplate: Sendable {
    static let tokenA = "token-of-desk-a"
    static let tokenB = "token-of-desk-b"
    static let revokedToken = "token-of-the-revoked"
    static let otherToken = "token-of-the-other-line"
    static let operatorToken = "token-of-the-operator"
    static let usedInvitation = "invitation-a"
    static let freeInvitation = "invitation-that-is-free"
    static let now: Int64 = 1_700_000_000_000
    static let key = LineKey(epoch: 1, secret: [UInt8](repeating: 5, count: LineKey.secretBytes))!

    /// Low ones, so that a commit or a feed at the limit is within the fuzzer's reach.
    static let limits: Limits = {
        var limits = Limits()
        limits.pageBytes = 600
        limits.commitBytes = 1_500
        limits.commitChanges = 12
        limits.waitMilliseconds = 0
        return limits
    }()

    let folder: ScratchFolder
    let image: [UInt8]
    let line: LineID
    let otherLine: LineID
    let deviceA: Device
    let deviceB: Device
    /// B as it stands in the store, with all of its commits acknowledged.
    let deskB: FuzzedDesk
    let deskA: FuzzedDesk
    let numbersB: Numbers

    /// What a desk was given for its reference numbers, and keeps under whatever id it goes on.
    struct Numbers: Hashable {
        var leases: [Lease]
        var desk: UInt64
    }

    init() async throws {
        folder = try ScratchFolder()
        let path = folder.path + "/template.db"
        do {
            let log = try SQLiteChangeLog(path: path, limits: Self.limits)
            line = try await log.createLine(name: "Line", now: Self.now)
            otherLine = try await log.createLine(name: "Other line", now: Self.now)
            deviceA = try await Self.enrol("invitation-a", "Desk A", Self.tokenA, line, log)
            deviceB = try await Self.enrol("invitation-b", "Desk B", Self.tokenB, line, log)
            let revoked = try await Self.enrol("invitation-c", "Desk C", Self.revokedToken, line, log)
            let other = try await Self.enrol("invitation-d", "Desk D", Self.otherToken, otherLine, log)
            try await log.addInvitation(
                hash: Secrets.hash(Self.freeInvitation), line: line, expires: Self.now + 1_000_000)
            try await log.addOperator(tokenHash: Secrets.hash(Self.operatorToken))

            let records = (0..<7).map(FuzzedDesk.record)
            var deskB = FuzzedDesk(line: line, replica: FuzzedDesk.replicaB)
            deskB.commit([deskB.put(records[1], fields: 0b111), deskB.put(records[2], fields: 0b1)], now: Self.now)
            deskB.commit(
                [
                    deskB.put(records[3], fields: 0b11, parent: records[1]),
                    deskB.note(records[4], parent: records[1]),
                ], now: Self.now)
            var first = deskB.request(now: Self.now)
            first.leases.wanted = 2
            let acceptance = try await log.accept(first, from: deviceB, now: Self.now)
            deskB.take(acceptance)
            numbersB = Numbers(leases: acceptance.leases, desk: acceptance.desk)
            self.deskB = deskB
            var deskA = FuzzedDesk(line: line, replica: FuzzedDesk.replicasA[0])
            deskA.commit([deskA.put(records[5], fields: 0b11), deskA.put(records[1], fields: 0b100)], now: Self.now)
            deskA.take(try await log.accept(deskA.request(now: Self.now), from: deviceA, now: Self.now))
            self.deskA = deskA
            for (device, line) in [(revoked, line), (other, otherLine)] {
                var desk = FuzzedDesk(line: line, replica: ReplicaID(rawValue: UInt64(device.reference)))
                desk.commit([desk.put(records[6], fields: 1)], now: Self.now)
                _ = try await log.accept(desk.request(now: Self.now), from: device, now: Self.now)
            }
            _ = try await log.revoke(
                replica: ReplicaID(rawValue: UInt64(revoked.reference)), line: line, now: Self.now)
        }
        // A backup, since the store's own file lacks what stands in its write-ahead log.
        let copy = folder.path + "/image.db"
        try Connection(path: path, mode: .readOnly).backUp(to: try Connection(path: copy, mode: .create))
        image = try ScratchFile.load(copy)
        folder.remove("template.db")
        folder.remove("image.db")
    }

    private static func enrol(
        _ invitation: String, _ name: String, _ token: String, _ line: LineID, _ log: SQLiteChangeLog
    ) async throws -> Device {
        try await log.addInvitation(hash: Secrets.hash(invitation), line: line, expires: now + 1)
        return try await log.enrol(
            invitationHash: Secrets.hash(invitation), name: name, keyCheck: key.check, tokenHash: Secrets.hash(token),
            now: now)
    }
}
