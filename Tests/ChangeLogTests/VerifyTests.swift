import ChangeLog
import Merge
import SyncProtocol
import TestSupport
import Testing

/// A server that cannot read what it keeps finds its own damage all the same, and is mended by its replicas.
@Suite struct VerifyTests {
    @Test(
        "a changed row is found, counts as not held, and comes back by a healing",
        arguments: [
            "UPDATE change SET sealed = x'ff' WHERE record = (SELECT record FROM change ORDER BY position LIMIT 1)",
            "UPDATE change SET record = zeroblob(16) WHERE kind = 0",
            "UPDATE change SET fields = 2, live = 2 WHERE kind = 0",
            "UPDATE change SET kind = 9 WHERE kind = 1", "UPDATE change SET epoch = 7 WHERE kind = 1",
            "UPDATE change SET replaced = x'0102' WHERE kind = 0", "UPDATE change SET parent = NULL WHERE kind = 1",
            "UPDATE change SET sealed = x'00' WHERE kind = 2", "UPDATE change SET hash = zeroblob(16) WHERE kind = 2",
            "UPDATE log SET dot = dot + 1 WHERE key & 15 = 1", "UPDATE log SET nonce = zeroblob(16) WHERE key & 15 = 2",
        ], StoreKind.all)
    func damage(_ sql: String, _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let first = try desk.commit([put(1, 0), note(2, path: [1])])
        let second = try desk.commit([erase(3)])
        try await store.send(&desk)
        let (before, nonces) = (try await store.summary(), try await store.feed(desk).commits.map(\.nonce))
        #expect(nonces.count == 2)
        try store.site.execute(sql)
        let found = try await store.log.verify(line: store.line, now: store.now)
        #expect(found.damagedChanges > 0 && !found.isSound && found.setAsideChanges == found.damagedChanges)
        #expect(try await store.isSound())
        #expect(try await store.feed(desk).commits.flatMap(\.changes).count == 3 - found.damagedChanges)
        #expect(try await store.summary().liveChanges == before.liveChanges - found.damagedChanges)
        // What was erased stays erased, also while its erasure is damaged.
        var other = try await store.writer(2)
        try other.commit([put(3, 0)])
        try await store.send(&other)
        let items = [(first, put(1, 0)), (first, note(2, path: [1])), (second, erase(3))]
        let request = HealRequest(
            line: desk.line, replica: desk.replica, start: .start,
            parts: [
                HealPart(
                    range: .all,
                    items: items.enumerated().map { HealItem(stamp: $1.0, index: UInt64($0), change: $1.1) })
            ])
        _ = try await store.log.heal(request, from: desk.device, now: store.now)
        #expect(try await store.fingerprint() == before.fingerprint)
        #expect(try await store.summary().liveChanges == before.liveChanges)
        #expect(try await store.isSound())
    }

    @Test("sums and counts that are not those of the rows are computed anew", arguments: StoreKind.all)
    func sums(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0)])
        try await store.send(&desk)
        let before = try await store.summary()
        for sql in ["UPDATE line SET fingerprint = zeroblob(16)", "UPDATE line SET live_changes = 7, sealed_bytes = 1"]
        {
            try store.site.execute(sql)
            let found = try await store.log.verify(line: store.line, now: store.now)
            #expect(!found.isSumRight && found.damagedChanges == 0)
            var after = try await store.summary()
            #expect(after.verified == VerificationNote(at: store.now, damagedChanges: 0, isSumRight: false))
            after.verified = nil
            #expect(after == before)
        }
        // A row that is gone without a trace: the sum follows, and the next healing finds what lacks.
        try store.site.execute("DELETE FROM change WHERE position & 1 = 1")
        #expect(try await !store.isSound())
        #expect(try await store.summary().liveChanges == 1)
        #expect(try await store.isSound())
    }

    @Test(
        "what was found is remembered; what was set aside is forgotten when all are noted as equal, who were not any more"
    )
    func remembered() async throws {
        let store = try await TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), note(2)])
        try await store.send(&desk)
        let sum = try await store.fingerprint()
        var request = desk.request()
        request.cursor = try await store.feed(desk).last.cursor
        request.fingerprint = sum
        _ = try await store.accept(request, from: desk)
        func agreed() async throws -> UInt64? { try await store.log.replicas(of: store.line).first?.agreed }
        #expect(try await agreed() == 1)
        #expect(try await store.isSound())
        let sound = VerificationNote(at: store.now, damagedChanges: 0, isSumRight: true)
        #expect(try await store.site.open().lines().first?.verified == sound)
        #expect(try await agreed() == 1)
        store.now += 1_000
        try store.site.execute("UPDATE change SET epoch = 7 WHERE kind = 1")
        #expect(try await !store.isSound())
        let again = try store.site.open()
        let line = try #require(try await again.lines().first)
        #expect(line.verified == VerificationNote(at: store.now, damagedChanges: 1, isSumRight: true))
        #expect(line.setAsideChanges == 1)
        #expect(try await agreed() == nil)
        try await again.noteRefilled(store.line, now: store.now)
        #expect(try await store.summary().setAsideChanges == 0)
    }

    @Test("a store holds 511 lines, and says so")
    func lines() async throws {
        let store = try await TestStore(.sqlite)
        for _ in 2...511 { _ = try await store.newLine() }
        await #expect { try await store.newLine() } throws: {
            ($0 as? ChangeLogError)?.code == .tooManyLines
        }
        // Already when somebody would be invited to found one.
        let audit = try store.log.audit(from: 0, limit: 0).end
        for act: OperatorAct in [
            .inviteFounder(signingKey: [UInt8](repeating: 7, count: 32), name: "x", expires: store.now + 1),
            .awaitLine(try #require(LineID([UInt8](repeating: 8, count: 16))), name: "x"),
        ] {
            await #expect { try await store.perform(act) } throws: {
                ($0 as? ChangeLogError)?.code == .tooManyLines
            }
        }
        #expect(try store.log.audit(from: 0, limit: 0).end == audit)
        let last = try #require(try await store.log.lines().last)
        var desk = try await store.writer(1, line: last.id)
        try desk.commit([put(1, 0)])
        #expect(try await store.send(&desk).outcome == .done)
        #expect(try await store.feed(desk).commits.count == 1)
        #expect(try await store.isSound(last.id))
    }
}
