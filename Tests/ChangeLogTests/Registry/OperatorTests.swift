import ChangeLog
import SQLite
import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

/// What operators do, and what is written down of it.
@Suite struct OperatorTests {
    private func administrator(_ store: RegistryStore, line: LineID? = nil) async throws -> Administrator {
        let keys = OperatorKeys.random()
        try await store.perform(.addOperator(signingKey: keys.signing.publicKey, label: "Karin", line: line))
        return try #require(try store.log.administrator(keys.id))
    }

    @Test("an act that is asked for again is done once, also after another one came in between")
    func repeated() async throws {
        let store = try RegistryStore()
        let roster = try TestRoster()
        try await store.found(roster)
        let (first, second) = (randomBytes(16), randomBytes(16))
        for (label, request) in [("A", first), ("B", second), ("A", first)] {
            try await store.perform(.label(roster.lead.id, label), request: request)
        }
        #expect(try store.log.devices(of: roster.line).map(\.label) == ["B"])
        let acts = try store.log.audit(from: 0, limit: 10).entries.map(\.act)
        #expect(acts == [.founderInvited, .founded, .labelled, .labelled])
    }

    @Test("blocking is about access: the roster stays, and a device that never synced is blocked as any")
    func blocking() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        try await store.found(roster)
        let desk = DeviceKeys.random()
        try roster.admit(desk)
        try await store.append(roster.entries(from: 1), roster.line)
        try await store.perform(.block(desk.id))
        let device = try store.device(desk)
        #expect(device.isBlocked && !device.isRemoved)
        await expect(.revoked) { try await store.log.add([], by: device) }
        let seen = try store.log.devices(of: roster.line)
        #expect(seen.map(\.id) == [roster.lead.id, desk.id] && seen.map(\.isBlocked) == [false, true])
        #expect(seen.map(\.lastSeen) == [nil, nil] && seen.map(\.role) == [.lead, .counsellor])
        try store.expectSound(roster.line, roster.roster)
    }

    @Test("an operator of one line does nothing about another, nor about who else is let in")
    func oneLine() async throws {
        let store = try RegistryStore()
        let (mine, other) = (try TestRoster(), try TestRoster())
        try await store.found(mine)
        try await store.found(other)
        let karin = try await administrator(store, line: mine.line)
        let theirs = TestInvitation()
        try await store.perform(
            .inviteRecovery(signingKey: theirs.signingKey, line: other.line, expires: store.now + 1_000))
        let key = OperatorKeys.random().signing.publicKey
        let before = try store.log.audit(from: 0, limit: 100).end
        for act in [
            OperatorAct.block(other.lead.id), .label(other.lead.id, "x"), .withdraw(theirs.id),
            .inviteRecovery(signingKey: key, line: other.line, expires: store.now + 1_000),
        ] {
            await expect(.notFound) { try await store.perform(act, by: karin) }
        }
        for act in [
            OperatorAct.addOperator(signingKey: key, label: "x", line: nil), .removeOperator(karin.id), .noteRestored,
            .inviteFounder(signingKey: key, name: "x", expires: store.now + 1_000),
        ] {
            await expect(.notAllowed) { try await store.perform(act, by: karin) }
        }
        #expect(try store.log.audit(from: 0, limit: 100).end == before)
        try await store.perform(.block(mine.lead.id), by: karin)
        #expect(try store.log.audit(from: 0, limit: 100).entries.last?.author == karin.id)
    }

    @Test("the last operator of all lines is removed by nobody but who has the store")
    func lastOperator() async throws {
        let store = try RegistryStore()
        let first = try await administrator(store)
        await expect(.notAllowed) { try await store.perform(.removeOperator(first.id), by: first) }
        let second = try await administrator(store)
        try await store.perform(.removeOperator(first.id), by: second)
        #expect(try store.log.administrator(first.id) == nil)
        await expect(.notFound) { try await store.perform(.removeOperator(first.id), by: second) }
        try await store.perform(.removeOperator(second.id))
        #expect(try store.log.administrators().isEmpty)
    }

    @Test("a store that was put back has another generation, and says so in the log")
    func restored() async throws {
        let store = try RegistryStore()
        let before = try store.log.generation()
        try store.open()
        #expect(try store.log.generation() == before)
        try await store.perform(.noteRestored)
        #expect(try store.log.generation() != before)
        #expect(try store.log.audit(from: 0, limit: 9).entries.map(\.act) == [.restored])
    }

    // MARK: The audit log

    private func verify(_ store: RegistryStore, _ anchor: AuditChain.Anchor? = nil) throws -> AuditChain.Problem? {
        var chain = AuditChain(anchor: anchor)
        do throws(AuditChain.Problem) {
            for entry in (try? store.log.audit(from: 0, limit: 100).entries) ?? [] { try chain.append(entry) }
            try chain.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what somebody does to the log in the store's file is found",
        arguments: [
            ("UPDATE audit SET entry = (SELECT entry FROM audit WHERE number = 5) WHERE number = 3", 3),
            ("DELETE FROM audit WHERE number = 3", 3),
            ("DELETE FROM audit WHERE number = 0", 0),
            (
                "UPDATE audit SET number = -1 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; "
                    + "UPDATE audit SET number = 3 WHERE number = -1", 2
            ),
        ] as [(String, UInt64)])
    func tampering(_ sql: String, _ number: UInt64) async throws {
        let store = try await storeWithLog()
        #expect(try verify(store) == nil)
        try store.execute(sql)
        #expect(try verify(store) == .notNext(number: number))
    }

    @Test("an entry that is changed, cut off at the end or written anew is found by who kept the end")
    func kept() async throws {
        let store = try await storeWithLog()
        let end = try store.log.audit(from: 0, limit: 0).end
        #expect(try verify(store, end) == nil)
        try await store.perform(.noteRestored)
        #expect(try verify(store, end) == nil)
        try store.execute("DELETE FROM audit WHERE number >= 5")
        #expect(try verify(store) == nil)
        #expect(try verify(store, end) == .shorterThanKept(count: end.count))
        // Written anew from there on: the chain holds together, and is another one.
        for _ in 1...3 { try await store.perform(.noteRestored) }
        #expect(try verify(store) == nil)
        #expect(try verify(store, end) == .otherThanKept(count: end.count))
    }

    private func storeWithLog() async throws -> RegistryStore {
        let store = try RegistryStore()
        for label in 1...6 {
            try await store.perform(
                .addOperator(
                    signingKey: OperatorKeys.random().signing.publicKey, label: "Operator \(label)", line: nil))
        }
        return store
    }
}
