import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

@testable import ChangeLog

/// Boxes with the line's keys: the server cannot tell a good one from a bad one.
@Suite struct BoxTests {
    private func box(_ device: DeviceKeys, _ epoch: UInt32 = 1) -> EpochBox {
        EpochBox(device: device.id, epoch: epoch, box: randomBytes(80))
    }

    @Test("a bad box keeps no good one out, whoever filled in how many of them")
    func candidates() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let desk = DeviceKeys.random()
        try roster.admit(desk)
        let bad = (0..<6).map { _ in DeviceKeys.random() }
        for keys in bad { try roster.admit(keys) }
        try await store.append(roster.entries(from: 1), roster.line)
        for keys in bad { try await store.log.add([box(desk)], by: try store.device(keys)) }
        #expect(try store.log.boxes(of: desk.id, line: roster.line).count == BoxRules.candidates)
        // Again and again changes nothing but the author's own.
        for _ in 1...5 { try await store.log.add([box(desk)], by: try store.device(bad[0])) }
        #expect(try store.log.boxes(of: desk.id, line: roster.line).count == BoxRules.candidates)
        let good = box(desk)
        try await store.log.add([good], by: try store.device(roster.lead))
        #expect(try store.log.boxes(of: desk.id, line: roster.line).contains(good))
        #expect(try store.log.boxes(of: desk.id, line: roster.line).count == BoxRules.candidates)
    }

    @Test("boxes are for who is present, and the recovery, of epochs that are; others are passed over")
    func receivers() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let (desk, gone) = (DeviceKeys.random(), DeviceKeys.random())
        try roster.admit(desk)
        try roster.admit(gone)
        try roster.remove(gone)
        try await store.append(roster.entries(from: 1), roster.line)
        try store.expectSound(roster.line, roster.roster)
        #expect(try Set(store.log.lackingBoxes(line: roster.line)) == [roster.lead.id, desk.id, roster.recovery.id])
        let author = try store.device(desk)
        try await store.log.add(
            [box(gone, 2), box(.random(), 2), box(desk, 3), box(desk, 0), box(roster.recovery, 2)], by: author)
        #expect(try store.log.boxes(of: gone.id, line: roster.line).isEmpty)
        #expect(try store.log.boxes(of: desk.id, line: roster.line).isEmpty)
        #expect(try store.log.boxes(of: roster.recovery.id, line: roster.line).map(\.epoch) == [2, 1])
        try await store.log.add([box(desk, 2), box(roster.lead, 2)], by: author)
        #expect(try store.log.lackingBoxes(line: roster.line).isEmpty)
        try store.expectSound(roster.line, roster.roster)
        await expect(.removed) { try await store.log.add([box(desk, 2)], by: try store.device(gone)) }
    }

    @Test("who can open none says so, and lacks one again; nobody says so for another")
    func refused() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let (desk, bad) = (DeviceKeys.random(), DeviceKeys.random())
        try roster.admit(desk)
        try roster.admit(bad)
        try roster.rotate()
        try await store.append(roster.entries(from: 1), roster.line)
        try await store.log.add(roster.boxes(2), by: try store.device(bad))
        #expect(try store.log.lackingBoxes(line: roster.line).isEmpty)
        for holder in [desk.id, roster.recovery.id] {
            try await store.log.refuseBoxes(of: holder, epoch: 2, line: roster.line)
        }
        #expect(try store.log.lackingBoxes(line: roster.line) == [desk.id, roster.recovery.id])
        #expect(try store.log.boxes(of: roster.recovery.id, line: roster.line).map(\.epoch) == [1])
        try store.expectSound(roster.line, roster.roster)
        let good = box(desk, 2)
        try await store.log.add([good], by: try store.device(roster.lead))
        try await store.log.add([box(desk, 2)], by: try store.device(bad))
        #expect(try store.log.boxes(of: desk.id, line: roster.line).contains(good))
        await expect(.unknownDevice) {
            try await store.log.refuseBoxes(of: DeviceKeys.random().id, epoch: 2, line: roster.line)
        }
        try roster.remove(desk)
        try await store.append([try #require(roster.roster.entries.last)], roster.line)
        await expect(.removed) { try await store.log.refuseBoxes(of: desk.id, epoch: 2, line: roster.line) }
    }

    @Test("boxes of a branch that does not count go; of many epochs the newest are kept")
    func outdated() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let second = DeviceKeys.random()
        try roster.admit(second, role: .lead)
        try await store.append(roster.entries(from: 1), roster.line)
        var loser = roster
        try loser.rotate()
        try await store.append(loser.entries(from: 2), roster.line)
        try await store.log.add(loser.boxes(2), by: try store.device(roster.lead))
        #expect(try store.log.lackingBoxes(line: roster.line).isEmpty)
        try roster.recover(to: .random())
        try await store.append(roster.entries(from: 2), roster.line)
        #expect(try store.log.boxes(of: roster.lead.id, line: roster.line).map(\.epoch) == [1])
        #expect(try store.log.lackingBoxes(line: roster.line).count == 4)
        for epoch in 3...70 as ClosedRange<UInt32> {
            try roster.rotate()
            try await store.append([try #require(roster.roster.entries.last)], roster.line)
            try await store.log.add(roster.boxes(epoch), by: try store.device(roster.lead))
        }
        #expect(try store.log.boxes(of: roster.lead.id, line: roster.line).map(\.epoch) == (7...70).reversed())
        try store.expectSound(roster.line, roster.roster)
    }
}
