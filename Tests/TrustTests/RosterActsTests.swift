import Merge
import SyncProtocol
import Testing

@testable import Trust

@Suite("The roster: what entries do, and who may write them")
struct RosterActsTests {
    let device = TestLine.device

    @Test("a line begins with its first workstation as lead, and nothing else begins one")
    func founding() throws {
        let line = TestLine()
        #expect(line.roster.count == 1 && line.roster.state.number == 0)
        #expect(line.roster.state.isLead(line.founder.id) && line.roster.state.leads == [line.founder.id])
        #expect(line.roster.state.epoch == 1)
        #expect(line.line.bytes == Array(line.roster.entries[0].entry.hash.prefix(16)))
        #expect(throws: RosterError(.otherLine, number: 0)) {
            try Roster(line.roster.entries, line: TestLine(seed: 9).line)
        }
        #expect(throws: RosterError(.misplaced, number: 0)) { try Roster([]) }
        var admitted = line
        try admitted.write(admitted.admission(2))
        #expect(throws: RosterError(.misplaced, number: 1)) { try Roster(Array(admitted.roster.entries.dropFirst())) }
    }

    @Test("a first entry whose author, predecessor, signature or recovery is wrong founds nothing")
    func badFounding() throws {
        let line = TestLine()
        var entry = line.roster.entries[0].entry
        func founding(_ entry: RosterEntry, by keys: DeviceKeys) -> RosterError.Code? {
            do throws(RosterError) {
                _ = try Roster(founding: SignedEntry(entry, line: entry.foundedLine, by: keys.signing))
                return nil
            } catch {
                return error.code
            }
        }
        #expect(founding(entry, by: line.founder) == nil)
        #expect(founding(entry, by: device(2)) == .wrongSignature)
        entry.author = device(2).id
        #expect(founding(entry, by: device(2)) == .misplaced)
        entry = line.roster.entries[0].entry
        entry.previous[31] = 1
        #expect(founding(entry, by: line.founder) == .misplaced)
        entry = line.roster.entries[0].entry
        guard case .found(let member, let recovery, let commitment, let proof) = entry.act else { return }
        entry.act = .found(member: member, recovery: member.keys, commitment: commitment, proof: proof)
        #expect(founding(entry, by: line.founder) == .knownDevice)
        // Somebody else's sheet: whoever founds must have its keys.
        let other = TestLine(seed: 3)
        entry.act = .found(member: member, recovery: other.recovery.publicKeys, commitment: commitment, proof: proof)
        #expect(founding(entry, by: line.founder) == .noConsent)
        guard case .found(_, _, _, let theirs) = other.roster.entries[0].entry.act else { return }
        entry.act = .found(member: member, recovery: other.recovery.publicKeys, commitment: commitment, proof: theirs)
        #expect(founding(entry, by: line.founder) == .noConsent)
        entry.act = .found(member: member, recovery: recovery, commitment: commitment, proof: proof)
        #expect(founding(entry, by: line.founder) == nil)
    }

    @Test("every kind of entry, and the state after it")
    func everyKind() throws {
        let line = try TestLine.withEveryKind()
        let state = line.roster.state
        #expect(state.number == 13 && state.epoch == 4)
        #expect(state.present == [device(1).id, device(2).id, device(3).id, device(5).id])
        #expect(state.leads == [device(1).id, device(2).id, device(5).id] && state.leadCount == 3)
        #expect(state.members[device(4).id]?.removed == 6 && state.member(device(4).id) == nil)
        #expect(state.members[device(3).id]?.sealedName == [9, 9])
        #expect(state.epochs.map(\.begun) == [0, 6, 7, 13])
        #expect(state.sealedRules == [1, 2, 3])
        #expect(state.server?.address == "https://sync.example.org" && state.server?.pins.count == 1)
        #expect(state.kept == [RecordID(high: 1, low: 2)])
        #expect(state.recovery == device(150).publicKeys)
        // Verified again from its bytes it is the same.
        let again = try Roster(line.roster.entries.map { try SignedEntry(encoded: $0.encoded()) }, line: line.line)
        #expect(again.state.head == state.head && again.state.members == state.members)
    }

    @Test("what no counsellor, nobody outside and nobody who was removed may do, of any kind")
    func authority() throws {
        var line = try TestLine.withEveryKind()
        let next = line.nextEpoch(13)
        let acts: [RosterAct] = [
            line.admission(8), .role(device(3).id, .lead), .remove([device(2).id], next), .rotate(next), .rules([1]),
            .name(device(3).id, [1]), .server(address: "https://a", pins: []), .keep(RecordID(high: 3, low: 3)),
            .other(kind: 128, body: []), .other(kind: 999, body: [1]),
            .recovering(line: line.line, device(9), sealedName: [1], recovery: device(151), next),
        ]
        for act in acts {
            #expect(line.refusal(of: act, by: device(3)) == .notAllowed, "a counsellor: \(act.kind)")
            #expect(line.refusal(of: act, by: device(4)) == .unknownAuthor, "a removed one: \(act.kind)")
            #expect(line.refusal(of: act, by: device(50)) == .unknownAuthor, "a stranger: \(act.kind)")
            #expect(line.refusal(of: act, by: line.recovery) == .unknownAuthor, "a sheet that was used: \(act.kind)")
            let bySheet = line.refusal(of: act, by: device(150))
            switch act {
            case .remove, .recover: #expect(bySheet == nil)
            default: #expect(bySheet == .notAllowed, "the sheet: \(act.kind)")
            }
            let byLead = line.refusal(of: act)
            if case .recover = act { #expect(byLead == .notAllowed) } else { #expect(byLead == nil, "\(act.kind)") }
        }
    }

    @Test("an entry that is not the next one, or not signed by its author for this line, is refused")
    func chain() throws {
        var line = TestLine()
        try line.write(line.admission(2, role: .lead))
        let good = line.signed(.rules([1]), by: line.founder)
        func refusal(_ change: (inout RosterEntry) -> Void, by keys: DeviceKeys? = nil, line other: LineID? = nil)
            -> RosterError.Code?
        {
            var entry = good.entry
            change(&entry)
            var roster = line.roster
            do throws(RosterError) {
                try roster.append(
                    SignedEntry(entry, line: other ?? line.line, by: (keys ?? line.founder).signing))
                return nil
            } catch {
                #expect(roster.count == line.roster.count)
                return error.code
            }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.number += 1 } == .notNext)
        #expect(refusal { $0.previous[0] ^= 1 } == .notNext)
        #expect(refusal({ _ in }, by: device(2)) == .wrongSignature)
        #expect(refusal({ _ in }, line: TestLine(seed: 9).line) == .wrongSignature)
        #expect(refusal { $0.act = line.roster.entries[0].entry.act } == .misplaced)
    }

    @Test("its time decides nothing")
    func time() throws {
        var line = TestLine()
        for milliseconds in [Int64(1) << 53, -(1 << 53), 0] {
            let entry = RosterEntry(
                number: line.roster.state.number + 1, previous: line.roster.state.head, author: line.founder.id,
                milliseconds: milliseconds, act: .rules([1]))
            let signed = SignedEntry(entry, line: line.line, by: line.founder.signing)
            #expect(try SignedEntry(encoded: signed.encoded()) == signed)
            try line.roster.append(signed)
        }
        var late = RosterEntry(
            number: 9, previous: line.roster.state.head, author: line.founder.id, milliseconds: 1 << 53 + 1,
            act: .rules([1]))
        late.milliseconds = (1 << 53) + 1
        #expect(throws: ProtocolError.self) { try RosterEntry(encoded: late.encoded()) }
    }

    @Test(
        "an invitation admits once, ever; a known key never; nobody without their consent to this line and invitation")
    func admissions() throws {
        var line = TestLine()
        try line.write(line.admission(2, role: .lead))
        #expect(line.refusal(of: line.admission(3, invitation: 2)) == .invitationUsed)
        #expect(line.refusal(of: line.admission(2, invitation: 3)) == .knownDevice)
        #expect(line.refusal(of: line.admission(101, invitation: 3)) == .knownDevice, "the recovery's keys")
        guard case .admit(let good) = line.admission(3) else { return }
        var other = good
        other.invitation = TestLine.invitation(9).id
        #expect(line.refusal(of: .admit(other)) == .noConsent)
        other = good
        other.consent = Consent.sign(line: TestLine(seed: 9).line, invitation: good.invitation, keys: device(3))
        #expect(line.refusal(of: .admit(other)) == .noConsent)
        other = good
        other.consent = Consent.sign(line: line.line, invitation: good.invitation, keys: device(4))
        #expect(line.refusal(of: .admit(other)) == .noConsent)
        other = good
        other.member.keys.box = device(4).publicKeys.box
        #expect(line.refusal(of: .admit(other)) == .noConsent, "signing keys with somebody else's box")
        try line.write(.admit(good))
        try line.write(.remove([device(3).id], line.nextEpoch()))
        #expect(line.refusal(of: line.admission(3, invitation: 4)) == .knownDevice, "one that was removed")
    }

    @Test("there is always a lead")
    func lastLead() throws {
        var line = TestLine()
        #expect(line.refusal(of: .role(line.founder.id, .counsellor)) == .lastLead)
        try line.write(line.admission(2))
        let next = line.nextEpoch()
        #expect(line.refusal(of: .remove([line.founder.id], next)) == .removesItself)
        #expect(line.refusal(of: .remove([line.founder.id], next), by: line.recovery) == .lastLead)
        try line.write(.role(device(2).id, .lead))
        #expect(line.refusal(of: .remove([line.founder.id], next), by: device(2)) == nil)
        #expect(line.refusal(of: .remove([line.founder.id, device(2).id], next), by: line.recovery) == .lastLead)
        try line.write(.role(line.founder.id, .counsellor))
        #expect(line.refusal(of: .role(device(2).id, .counsellor), by: device(2)) == .lastLead)
        // Saying again what already is changes no count.
        try line.write(.role(device(2).id, .lead), by: device(2))
        #expect(line.roster.state.leadCount == 1)
    }

    @Test("of two leads who remove each other the first entry counts")
    func mutualRemoval() throws {
        var line = TestLine()
        try line.write(line.admission(2, role: .lead))
        let next = line.nextEpoch()
        try line.write(.remove([device(2).id], next))
        #expect(line.refusal(of: .remove([line.founder.id], next), by: device(2)) == .unknownAuthor)
    }

    @Test("removals, roles and names are of workstations that are there, each once")
    func unknownDevices() throws {
        var line = TestLine()
        try line.write(line.admission(2))
        let next = line.nextEpoch()
        for devices in [[], [device(9).id], [device(2).id, device(2).id], [device(2).id, device(9).id]] {
            #expect(line.refusal(of: .remove(devices, next)) == .unknownDevice)
        }
        #expect(line.refusal(of: .role(device(9).id, .lead)) == .unknownDevice)
        #expect(line.refusal(of: .name(device(9).id, [1])) == .unknownDevice)
    }

    @Test("recovery takes new keys, and never ones that were in the roster")
    func recovery() throws {
        var line = TestLine()
        try line.write(line.admission(2))
        func recover(_ member: UInt8, _ recovery: UInt8) -> RosterAct {
            .recovering(
                line: line.line, device(member), sealedName: [1], recovery: device(recovery),
                .init(commitment: [UInt8](repeating: 1, count: 32), sealedPrevious: [UInt8](repeating: 2, count: 48)))
        }
        for (member, sheet) in [(2, 150), (101, 150), (9, 2), (9, 101), (9, 9)] as [(UInt8, UInt8)] {
            #expect(line.refusal(of: recover(member, sheet), by: line.recovery) == .knownDevice, "\(member) \(sheet)")
        }
        // Keys that nobody here has: a workstation's of another line, and another line's sheet.
        let genuine = recover(9, 150)
        guard case .recover(let member, let keys, let next, let consent, let proof) = genuine else { return }
        let stranger = RosterAct.NewMember(keys: device(70).publicKeys, sealedName: [1])
        for forged: RosterAct in [
            .recover(member: stranger, recovery: keys, next, consent: consent, proof: proof),
            .recover(member: member, recovery: device(171).publicKeys, next, consent: consent, proof: proof),
            .recover(member: member, recovery: keys, next, consent: proof, proof: consent),
        ] {
            #expect(line.refusal(of: forged, by: line.recovery) == .noConsent)
        }
        try line.write(genuine, by: line.recovery)
        #expect(line.roster.state.isLead(device(9).id) && line.roster.state.leadCount == 2)
        #expect(line.refusal(of: recover(10, 151), by: line.recovery) == .unknownAuthor)
        #expect(line.refusal(of: recover(10, 101), by: device(150)) == .knownDevice, "the old sheet once more")
        #expect(line.refusal(of: line.admission(101, invitation: 7)) == .knownDevice)
    }

    @Test("unknown kinds below 128 stop a program, others are passed over")
    func unknownKinds() throws {
        let line = TestLine()
        for kind in [10, 11, 127] as [UInt64] {
            #expect(line.refusal(of: .other(kind: kind, body: [1])) == .unknownAct)
        }
        // A known kind in an unknown one's clothes is none.
        #expect(line.refusal(of: .other(kind: 6, body: [0x81, 0x41, 1])) == .unknownAct)
        #expect(line.refusal(of: .other(kind: 128, body: [1])) == nil)
    }

    @Test("nobody signs what no reader would take")
    func malformed() throws {
        let line = TestLine()
        let long = [UInt8](repeating: 0, count: 40_000)
        for act in [
            .rules(long), .name(line.founder.id, long), .server(address: "ftp://x", pins: []),
            .server(address: "https://" + String(repeating: "x", count: 200), pins: []),
            .server(address: "https://a b", pins: []), .server(address: "https://x", pins: [[1]]),
            .other(kind: 200, body: long), .other(kind: 6, body: [0x81, 0x41, 1]),
        ] as [RosterAct] {
            #expect(throws: RosterError(.malformed, number: 1)) {
                try line.roster.next(act, by: line.founder, now: TestLine.now)
            }
        }
    }
}
