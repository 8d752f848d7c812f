import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("The roster: what it costs", .serialized)
struct RosterCostTests {
    @Test("10,000 entries take about 5 MB, and verify in seconds")
    func tenThousand() throws {
        var line = TestLine()
        // Nine admissions for one removal: a thousand people in five years would be fewer.
        let device = DeviceKeys.random()
        for number in 1..<10_000 {
            let keys = number % 10 == 9 ? nil : DeviceKeys.random()
            if let keys {
                let invitation = InvitationKeys(secret: SecretBytes(randomCount: 16)).id
                try line.roster.append(
                    line.signed(
                        .admit(
                            .init(
                                member: .init(keys: keys.publicKeys, sealedName: [UInt8](repeating: 1, count: 108)),
                                role: .counsellor, invitation: invitation,
                                consent: Consent.sign(line: line.line, invitation: invitation, keys: keys))),
                        by: line.founder))
            } else {
                let last = line.roster.state.members.first { $0.value.isPresent && $0.key != line.founder.id }!.key
                try line.roster.append(line.signed(.remove([last], line.nextEpoch(5)), by: line.founder))
            }
        }
        _ = device
        let encoded = line.roster.entries.map { $0.encoded() }
        let bytes = encoded.reduce(0) { $0 + $1.count }
        #expect(bytes < 6_000_000, "\(bytes) bytes")
        let clock = ContinuousClock()
        var head: [UInt8] = []
        let time = try clock.measure {
            head = try Roster(encoded.map { try SignedEntry(encoded: $0) }, line: line.line).state.head
        }
        #expect(head == line.roster.state.head)
        // Some two seconds in a release build on an idle machine, four in a debug build; tests run beside others.
        #expect(time < .seconds(40), "\(time)")
        print("10,000 entries: \(bytes) bytes, verified in \(time)")
    }
}
