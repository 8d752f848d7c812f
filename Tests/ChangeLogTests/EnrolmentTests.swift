import ChangeLog
import TestSupport
import Testing

/// Who may come in.
@Suite struct EnrolmentTests {
    private let invitation = [UInt8](repeating: 1, count: 32)
    private let key = [UInt8](repeating: 2, count: 16)

    private func enrol(_ store: TestStore, key: [UInt8], token: UInt8 = 1) async throws -> Device {
        try await store.log.enrol(
            invitationHash: invitation, name: "Desk", keyCheck: key, tokenHash: [UInt8](repeating: token, count: 32),
            now: store.now)
    }

    private func expect(_ code: ChangeLogError.Code, _ body: () async throws -> Void) async {
        await #expect { try await body() } throws: { ($0 as? ChangeLogError)?.code == code }
    }

    @Test("an invitation is good once", arguments: StoreKind.all)
    func once(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        await expect(.unknownInvitation) { _ = try await enrol(store, key: key) }
        try await store.log.addInvitation(hash: invitation, line: store.line, expires: store.now + 1)
        let device = try await enrol(store, key: key)
        #expect(device.line == store.line && !device.isRevoked)
        #expect(try store.log.device(tokenHash: [UInt8](repeating: 1, count: 32)) == device)
        #expect(try store.log.device(tokenHash: [UInt8](repeating: 9, count: 32)) == nil)
        await expect(.invitationUsed) { _ = try await enrol(store, key: key, token: 2) }
    }

    @Test("an invitation is good until it expires, to the millisecond", arguments: StoreKind.all)
    func expiry(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        try await store.log.addInvitation(hash: invitation, line: store.line, expires: store.now + 10)
        store.now += 10
        await expect(.invitationExpired) { _ = try await enrol(store, key: key) }
        store.now -= 1
        _ = try await enrol(store, key: key)
    }

    @Test("a device with another key is refused, and its invitation stays unused", arguments: StoreKind.all)
    func wrongKey(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let first = try await store.device()
        try await store.log.addInvitation(hash: invitation.map { $0 ^ 0xFF }, line: store.line, expires: store.now + 1)
        let hash = invitation.map { $0 ^ 0xFF }
        func join(_ key: UInt8) async throws -> Device {
            try await store.log.enrol(
                invitationHash: hash, name: "Desk", keyCheck: [UInt8](repeating: key, count: 16),
                tokenHash: [UInt8](repeating: 99, count: 32), now: store.now)
        }
        await expect(.wrongKey) { _ = try await join(8) }
        #expect(try await join(7).reference != first.reference)
    }
}
