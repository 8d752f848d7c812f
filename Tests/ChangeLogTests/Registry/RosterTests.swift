import ChangeLog
import SQLite
import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

/// The roster at the server: whoever hands over what follows, what follows counts.
@Suite struct RosterTests {
    @Test("entries are taken in their order, from anybody, again without a change, and the epoch follows")
    func appending() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let (desk, second) = (DeviceKeys.random(), DeviceKeys.random())
        try roster.admit(desk)
        try roster.admit(second, role: .lead)
        #expect(try await store.append(roster.entries(from: 1), roster.line).hasChanged)
        #expect(try await !store.append(roster.entries(from: 1), roster.line).hasChanged)
        #expect(try await !store.append(roster.entries(from: 0), roster.line).hasChanged)
        #expect(try await store.append([], roster.line).roster.count == 3)
        try store.expectSound(roster.line, roster.roster)
        #expect(try Set(store.log.lackingBoxes(line: roster.line)) == [desk.id, second.id])
        try roster.remove(desk, by: second)
        try roster.write(.role(roster.lead.id, .counsellor), by: second)
        // From the first on, as somebody hands them over who does not know what the server has.
        #expect(try await store.append(roster.entries(from: 0), roster.line).hasChanged)
        try store.expectSound(roster.line, roster.roster)
        #expect(try store.device(desk).isRemoved && !store.device(roster.lead).isLead)
        // All over again from the file.
        try store.open()
        try store.expectSound(roster.line, roster.roster)
    }

    @Test("up to the first entry that is not valid; those before it are kept")
    func badEntries() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        await expect(.unknownLine) { try await store.append([], TestRoster().line) }
        let (desk, thief) = (DeviceKeys.random(), DeviceKeys.random())
        let first = try roster.admit(desk)
        let second = try roster.admit(.random())
        await expect(.rosterRefused) { try await store.append([first.forged, second], roster.line) }
        await expect(.rosterRefused) { try await store.append([second], roster.line) }
        #expect(try store.log.roster(of: roster.line)?.count == 1)
        // One that a lead of another line wrote, and one that a counsellor wrote.
        var other = try TestRoster()
        let foreign = try other.admit(thief)
        await expect(.rosterRefused) { try await store.append([foreign], roster.line) }
        await expect(.rosterRefused) { try await store.append(other.entries(from: 0), roster.line) }
        let (hasChanged, kept) = try await store.append([first, second.forged], roster.line)
        #expect(hasChanged && kept.count == 2)
        let unsigned = RosterEntry(
            number: 2, previous: kept.state.head, author: desk.id, milliseconds: 1,
            act: .role(desk.id, .lead))
        let byCounsellor = SignedEntry(unsigned, line: roster.line, by: desk.signing)
        await expect(.rosterRefused) { try await store.append([byCounsellor], roster.line) }
        #expect(try store.log.device(thief.id) == nil)
        #expect(try await store.append([second], roster.line).roster.entries == roster.roster.entries)
        try store.expectSound(roster.line, roster.roster)
    }

    @Test("entries that were just written are taken only behind the last one: what stands is not displaced by them")
    func newEntries() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        // Whatever their hashes are: one of the two would displace the other if they were branches.
        for _ in 0..<16 {
            var (first, second) = (roster, roster)
            let count = roster.roster.count
            try first.admit(.random())
            try second.admit(.random())
            #expect(try await store.append(first.entries(from: count), first.line, isNew: true).hasChanged)
            let answer = try await store.append(second.entries(from: count), second.line, isNew: true)
            #expect(!answer.hasChanged && answer.roster.state.head == first.roster.state.head)
            // The same again, after a lost answer.
            #expect(try await !store.append(first.entries(from: count), first.line, isNew: true).hasChanged)
            roster = first
        }
        try store.expectSound(roster.line, roster.roster)
    }

    @Test(
        "branches come at once: the one that counts is taken whatever their order, and nothing is torn",
        arguments: 1...5)
    func atOnce(round: Int) async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let second = DeviceKeys.random()
        try roster.admit(second, role: .lead)
        try await store.append(roster.entries(from: 1), roster.line)
        var branches: [TestRoster] = []
        for index in 0..<16 {
            var branch = roster
            try branch.admit(.random(), by: index % 2 == 0 ? roster.lead : second)
            branches.append(branch)
        }
        let (log, now, line) = (store.log, store.now, roster.line)
        await withTaskGroup(of: Void.self) { group in
            for branch in branches {
                let entries = branch.entries(from: 2)
                group.addTask {
                    do { _ = try await log.append(entries, isNew: false, to: line, now: now) } catch {
                        Issue.record(error)
                    }
                }
            }
        }
        // Of many branches that only admit, the one with the lowest hash counts, in whatever order they came.
        let lowest = try #require(
            branches.min { $0.roster.state.head.lexicographicallyPrecedes($1.roster.state.head) })
        try store.expectSound(line, lowest.roster)
        for branch in branches {
            let admitted = try #require(branch.roster.state.present.last)
            #expect(try (store.log.device(admitted) != nil) == (branch.roster.state.head == lowest.roster.state.head))
        }
    }

    @Test(
        "a server that was put back to before an admission is given it again; one before a removal lets nobody back in")
    func putBack() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let before = try store.backUp()
        let desk = DeviceKeys.random()
        try roster.admit(desk)
        try await store.append(roster.entries(from: 1), roster.line)
        let admitted = try store.backUp()
        try roster.remove(desk)
        try await store.append(roster.entries(from: 2), roster.line)
        #expect(try store.device(desk).isRemoved)

        try store.open(before)
        #expect(try store.log.device(desk.id) == nil)
        try await store.append(roster.entries(from: 1), roster.line)
        try store.expectSound(roster.line, roster.roster)

        try store.open(admitted)
        #expect(try !store.device(desk).isRemoved)
        let held = try store.device(desk)
        try await store.append(roster.entries(from: 1), roster.line)
        #expect(try store.device(desk).isRemoved)
        // Who was let in before the entry came does not get through with it.
        await expect(.removed) { try await store.log.add(roster.boxes(2), by: held) }
    }

    @Test(
        "a workstation that left one line belongs to the next that lets it in, with what it was in the first kept apart"
    )
    func otherLine() async throws {
        let store = try RegistryStore()
        var (first, second) = (try TestRoster(), try TestRoster())
        try await store.found(first)
        try await store.found(second)
        let desk = DeviceKeys.random()
        try first.admit(desk)
        try first.remove(desk)
        try await store.append(first.entries(from: 1), first.line)
        let reference = try store.device(desk).reference
        try second.admit(desk, role: .lead)
        try await store.append(second.entries(from: 1), second.line)
        let device = try store.device(desk)
        #expect(device.line == second.line && device.isLead && !device.isRemoved && device.reference != reference)
        #expect(try store.log.devices(of: first.line).map(\.isRemoved) == [false, true])
        try store.expectSound(second.line, second.roster)
    }

    // MARK: Forks

    enum Branch: CaseIterable { case admits, names, removes, rotates, lowers, recovers }

    private func write(_ kind: Branch, _ roster: inout TestRoster, _ author: DeviceKeys, _ victim: DeviceKeys) throws {
        switch kind {
        case .admits: try roster.admit(.random(), by: author)
        case .names: try roster.write(.name(victim.id, randomBytes(20)), by: author)
        case .removes: try roster.remove(victim, by: author)
        case .rotates: try roster.rotate(by: author)
        case .lowers: try roster.write(.role(victim.id, .counsellor), by: author)
        case .recovers: try roster.recover(to: .random())
        }
    }

    /// Nil where a person has to decide, or the hash does.
    private func winner(_ kind: Branch, _ other: Branch) -> Int? {
        func weight(_ kind: Branch) -> Int {
            switch kind {
            case .admits, .names: 0
            case .removes, .rotates, .lowers: 1
            case .recovers: 2
            }
        }
        return weight(kind) == weight(other) ? nil : weight(kind) > weight(other) ? 0 : 1
    }

    @Test(
        "of two branches the server keeps the one that counts, in whatever order they come", arguments: Branch.allCases)
    func forks(_ kind: Branch) async throws {
        for other in Branch.allCases {
            for order in [[0, 1], [1, 0]] {
                let store = try RegistryStore()
                var base = try TestRoster()
                try await store.found(base)
                let (second, victim) = (DeviceKeys.random(), DeviceKeys.random())
                try base.admit(second, role: .lead)
                try base.admit(victim, role: .lead)
                try await store.append(base.entries(from: 1), base.line)
                var branches = [base, base]
                try write(kind, &branches[0], base.lead, victim)
                try branches[0].admit(.random())
                try write(other, &branches[1], second, victim)
                try await store.append(branches[order[0]].entries(from: 3), base.line)
                let late = branches[order[1]].entries(from: 3)
                let isHeavy = ![.admits, .names].contains(kind)
                guard let winner = winner(kind, other) ?? (isHeavy ? nil : Self.lower(branches)) else {
                    await expect(.rosterUndecided) { try await store.append(late, base.line) }
                    try store.expectSound(base.line, branches[order[0]].roster)
                    continue
                }
                #expect(try await store.append(late, base.line).hasChanged == (winner == order[1]))
                try store.expectSound(base.line, branches[winner].roster)
                // Handed over whole, it is the same.
                #expect(try await !store.append(branches[1 - winner].entries(from: 0), base.line).hasChanged)
                try store.expectSound(base.line, branches[winner].roster)
                let acts = try store.log.audit(from: 0, limit: 100).entries.map(\.act)
                #expect(acts.contains(.rosterReplaced) == (winner == order[1]))
            }
        }
    }

    private static func lower(_ branches: [TestRoster]) -> Int {
        let hashes = branches.map { $0.roster.entries[3].entry.hash }
        return hashes[0].lexicographicallyPrecedes(hashes[1]) ? 0 : 1
    }

    @Test(
        "who was let in by a branch that does not count is unknown, until it is written again; their replicas stay theirs"
    )
    func lostAdmission() async throws {
        let store = try RegistryStore()
        var base = try TestRoster()
        try await store.found(base)
        let second = DeviceKeys.random()
        try base.admit(second, role: .lead)
        try await store.append(base.entries(from: 1), base.line)
        let (desk, invitation) = (DeviceKeys.random(), TestInvitation())
        var loser = base
        try loser.admit(desk, invitation: invitation.id)
        try await store.append(loser.entries(from: 2), base.line)
        let reference = try store.device(desk).reference
        try await store.log.add(
            [EpochBox(device: desk.id, epoch: 1, box: randomBytes(80))], by: try store.device(base.lead))
        var counting = base
        try counting.rotate(by: second)
        try await store.append(counting.entries(from: 2), base.line)
        #expect(try store.log.device(desk.id) == nil)
        try store.expectSound(base.line, counting.roster)
        // By the same invitation, as the lead's workstation does it.
        try counting.admit(desk, invitation: invitation.id)
        try await store.append(counting.entries(from: 3), base.line)
        #expect(try store.device(desk).reference == reference)
        try store.expectSound(base.line, counting.roster)
    }
}
