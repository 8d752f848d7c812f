import JSON
import Merge
import Sealing
import SyncProtocol
import Testing
import Trust

/// The chain of entries: what each kind looks like, what is refused, and which of two branches counts.
@Suite("Vectors of the roster")
struct RosterVectorTests {
    private func hex(_ entry: SignedEntry) -> JSONValue { Vectors.hex(entry.encoded()) }

    @Test("roster.json: every kind of entry, the state after them, and what is refused")
    func roster() throws {
        let line = try TrustVectorLine.withEveryKind()
        let state = line.roster.state
        let members = state.members.sorted { $0.value.admitted < $1.value.admitted }.map { id, member -> JSONValue in
            [
                "id": Vectors.hex(id.bytes), "role": JSONValue(Int(member.role.rawValue)),
                "admitted": JSONValue(Int(member.admitted)),
                "removed": member.removed.map { JSONValue(Int($0)) } ?? .null,
            ]
        }
        try Vectors.check(
            "roster.json",
            [
                "line": Vectors.hex(line.line.bytes), "entries": .array(line.roster.entries.map(hex)),
                "hashes": .array(line.roster.entries.map { Vectors.hex($0.entry.hash) }), "members": .array(members),
                "epochs": .array(state.epochs.map { Vectors.hex($0.commitment) }),
                "recovery": Vectors.hex(state.recoveryID.bytes), "refused": .array(try refusals(line)),
            ])
    }

    /// Entries that do not belong behind the whole roster, each signed by whom it names.
    private func refusals(_ line: TrustVectorLine) throws -> [JSONValue] {
        let device = TrustVectorLine.device
        var refused: [(RosterError.Code, SignedEntry)] = [
            (.notNext, line.signed(.rules([1]), by: device(1)) { $0.number += 1 }),
            (.notNext, line.signed(.rules([1]), by: device(1)) { $0.previous[0] ^= 1 }),
            (.unknownAuthor, line.signed(.rules([1]), by: device(50))),
            (.unknownAuthor, line.signed(.rules([1]), by: device(4))),
            (.unknownAuthor, line.signed(.rotate(line.next), by: device(TrustVectorLine.recoveryNumber))),
            (.notAllowed, line.signed(.rules([1]), by: device(3))),
            (.notAllowed, line.signed(.other(kind: 200, body: [1]), by: device(3))),
            (.notAllowed, line.signed(.rotate(line.next), by: device(201))),
            (.misplaced, line.signed(line.roster.entries[0].entry.act, by: device(1))),
            (.invitationUsed, line.signed(line.admission(8, invitation: 2), by: device(1))),
            (.knownDevice, line.signed(line.admission(4, invitation: 8), by: device(1))),
            (.knownDevice, line.signed(line.admission(201, invitation: 8), by: device(1))),
            (.unknownDevice, line.signed(.role(device(4).id, .lead), by: device(1))),
            (.unknownDevice, line.signed(.remove([], line.next), by: device(1))),
            (.removesItself, line.signed(.remove([device(1).id], line.next), by: device(1))),
            (.lastLead, line.signed(.remove([1, 2, 5].map { device($0).id }, line.next), by: device(201))),
            (.unknownAct, line.signed(.other(kind: 127, body: [1]), by: device(1))),
        ]
        if case .admit(var admission) = line.admission(8) {
            admission.consent[0] ^= 1
            refused.append((.noConsent, line.signed(.admit(admission), by: device(1))))
        }
        var unsigned = line.signed(.rules([1]), by: device(1))
        unsigned.signature[0] ^= 1
        refused.append((.wrongSignature, unsigned))
        return refused.map { code, entry in
            #expect(throws: RosterError(code, number: entry.entry.number)) {
                var roster = line.roster
                try roster.append(entry)
            }
            return ["code": .string(code.rawValue), "entry": hex(entry)]
        }
    }

    @Test("forks.json: which of two branches counts")
    func forks() throws {
        let device = TrustVectorLine.device
        func branch(_ write: (inout TrustVectorLine) throws -> Void) throws -> TrustVectorLine {
            var line = try TrustVectorLine()
            try line.write(line.admission(2, .lead))
            try line.write(line.admission(3, .lead))
            try write(&line)
            return line
        }
        let branches = [
            try branch { try $0.write($0.admission(20)) }, try branch { try $0.write($0.admission(21, .lead)) },
            try branch {
                try $0.write(.rules([1]))
                try $0.write(.keep(RecordID(high: 1, low: 1)))
            },
            try branch { try $0.write(.remove([device(2).id], $0.next)) },
            try branch { try $0.write(.rotate($0.next), by: 2) },
            try branch {
                try $0.write($0.admission(22))
                try $0.write(.role(device(2).id, .counsellor))
            },
            try branch { try $0.recover(member: 30, sheet: 210) },
            try branch {
                try $0.write(.rotate($0.next))
                try $0.recover(member: 31, sheet: 211)
            },
            try branch { _ in },
        ]
        let results = branches.map { ours in JSONValue.array(branches.map { .string(result(ours.roster, $0.roster)) }) }
        try Vectors.check(
            "forks.json",
            [
                "shared": 3, "branches": .array(branches.map { .array($0.roster.entries.map(hex)) }),
                "results": .array(results),
            ])
    }

    private func result(_ ours: Roster, _ theirs: Roster) -> String {
        do throws(RosterError) {
            switch try ours.compared(with: theirs.entries) {
            case .equal: return "equal"
            case .behind: return "behind"
            case .ahead: return "ahead"
            case .ours: return "ours"
            case .theirs: return "theirs"
            }
        } catch {
            return error.code.rawValue
        }
    }
}
