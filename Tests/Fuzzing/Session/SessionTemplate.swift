import ChangeLog
import Merge
import SQLite
import Sealing
import SimulatedLead
import SyncProtocol
import Trust

/// A store as every input finds it: a line with desks A and B, which have both written, one that an operator has blocked and one
/// that was removed; another line, with a desk of its own; invitations, one used and one not. Made once, and copied for each
/// input.
struct SessionTemplate: Sendable {
    /// What stands in sealed names, and must stand nowhere else.
    static let deskName = "Desk-NAME"
    static let keysA = keys(0xA)
    static let keysB = keys(0xB)
    static let blockedKeys = keys(0xC)
    static let removedKeys = keys(0xD)
    static let otherKeys = keys(0xE)
    static let operatorKey = SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 9, count: SigningKey.seedBytes)))
    static let usedInvitation = invitation(1)
    static let freeInvitation = invitation(2)
    static let now: Int64 = 1_700_000_000_000
    /// Keys were changed once, when a desk was removed.
    static let epoch: UInt32 = 2
    /// The server cannot tell it from the line's own.
    static let key = EpochKey(
        epoch: epoch, secret: SecretBytes(copying: [UInt8](repeating: 5, count: EpochKey.secretBytes)))!

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
    let roster: Roster
    let otherLine: LineID
    let deviceA: Device
    let deviceB: Device
    /// B as it stands in the store, with all of its commits acknowledged.
    let deskB: FuzzedDesk
    let deskA: FuzzedDesk
    let numbersB: Numbers

    var line: LineID { roster.line }

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
            let lead = try SimulatedLead(now: Self.now)
            try await lead.found(in: log, lineName: "Line", now: Self.now)
            let line = lead.line
            let otherLead = try SimulatedLead(now: Self.now)
            try await otherLead.found(in: log, lineName: "Other line", now: Self.now)
            otherLine = otherLead.line
            deviceA = try await Self.admit(Self.keysA, lead, log)
            deviceB = try await Self.admit(Self.keysB, lead, log)
            let removed = try await Self.admit(Self.removedKeys, lead, log)
            try await lead.changeKey(removing: [removed.id], in: log, now: Self.now)
            let blocked = try await Self.admit(Self.blockedKeys, lead, log)
            let other = try await Self.admit(Self.otherKeys, otherLead, log)
            try await Self.invite(lead, line, log)
            try await log.perform(
                .addOperator(signingKey: Self.operatorKey.publicKey, label: "Operator", line: nil), by: nil,
                request: randomBytes(16), now: Self.now)

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
            for (device, line) in [(blocked, line), (other, otherLine)] {
                var desk = FuzzedDesk(line: line, replica: ReplicaID(rawValue: UInt64(device.reference)))
                desk.commit([desk.put(records[6], fields: 1)], now: Self.now)
                _ = try await log.accept(desk.request(now: Self.now), from: device, now: Self.now)
            }
            try await log.perform(
                .block(blocked.id), by: nil, request: randomBytes(16), now: Self.now)
            roster = lead.roster
        }
        // A backup, since the store's own file lacks what stands in its write-ahead log.
        let copy = folder.path + "/image.db"
        try Connection(path: path, mode: .readOnly).backUp(to: try Connection(path: copy, mode: .create))
        image = try ScratchFile.load(copy)
        folder.remove("template.db")
        folder.remove("image.db")
    }

    private static func keys(_ number: UInt8) -> DeviceKeys {
        DeviceKeys(seed: SecretBytes(copying: [UInt8](repeating: number, count: DeviceKeys.seedBytes)))!
    }

    private static func invitation(_ number: UInt8) -> InvitationKeys {
        InvitationKeys(secret: SecretBytes(copying: [UInt8](repeating: number, count: Invitation.secretBytes)))
    }

    private static func admit(_ keys: DeviceKeys, _ lead: SimulatedLead, _ log: SQLiteChangeLog) async throws -> Device
    {
        try await lead.admit(keys, name: deskName, in: log, now: now)
        guard let device = try log.device(keys.id) else { throw Violation("a desk that was let in is not known") }
        return device
    }

    /// One invitation that nobody has used, and one that somebody asks by.
    private static func invite(_ lead: SimulatedLead, _ line: LineID, _ log: SQLiteChangeLog) async throws {
        guard let device = try log.device(lead.device.id) else { throw Violation("the lead is not known") }
        for invitation in [freeInvitation, usedInvitation] {
            let request = InvitationRequest(
                signingKey: invitation.signing.publicKey, expires: now + 1_000_000, secrets: [], line: line,
                by: lead.device.signing)
            try await log.addInvitation(request, by: device, now: now)
        }
        let offer = JoinOffer(
            name: deskName, line: line, invitation: usedInvitation, keys: keys(0xF),
            random: [UInt8](repeating: 7, count: JoinOffer.randomBytes))
        _ = try await log.take(.ask(offer), invitation: usedInvitation.id, by: nil, now: now)
    }
}
