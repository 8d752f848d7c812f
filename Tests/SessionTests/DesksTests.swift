import ChangeLog
import Foundation
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// What a report may say of other desks: how they stood when they last called.
@Suite struct DesksTests {
    private func enter(_ name: String, at desk: Desk) throws {
        try desk.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = name } }
    }

    @Test("others are counted once each, by what they last said; the one that asks and those shut out are not")
    func counts() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        #expect(try await a.client.desks() == DesksResponse(serverTime: line.clock.now))
        let b = try await line.desk()
        try enter("oak", at: a)
        try await a.sync()
        // What it says of itself is what it was before the exchange.
        for _ in 0..<2 { try await b.sync() }
        #expect(try await a.client.desks() == DesksResponse(others: 1, serverTime: line.clock.now))
        // The server takes a commit, and its answer is lost: the next request never comes.
        try enter("elm", at: b)
        try enter("ash", at: b)
        line.network.fail([.answerLost, .requestLost])
        await #expect(throws: SyncError.self) { try await b.sync() }
        line.network.fail([])
        let unsent = try await a.client.desks()
        #expect(unsent.others == 1 && unsent.unsent == 1 && unsent.unverified == 1 && unsent.silent == 0)
        line.clock.advance(by: 25 * 3_600_000)
        #expect(try await a.client.desks().silent == 1)
        #expect(try await b.client.desks().silent == 1)
        // A new process of the server, and b goes on under another id: still one workstation.
        try line.restartServer()
        // What it says of itself is what it was before the exchange.
        for _ in 0..<2 { try await b.sync() }
        #expect(try await a.client.desks() == DesksResponse(others: 1, serverTime: line.clock.now))
        try await line.block(b)
        #expect(try await a.client.desks().others == 0)
        await #expect(throws: SyncError.self) { try await b.client.desks() }
    }

    @Test("an answer that cannot be, or of another version, is refused")
    func malformed() throws {
        let good = DesksResponse(others: 3, unsent: 1, unverified: 2, silent: 3, serverTime: 5)
        #expect(try DesksResponse(encoded: good.encoded()) == good)
        var more = good
        more.unsent = 4
        #expect(throws: ProtocolError.self) { try DesksResponse(encoded: more.encoded()) }
        more = good
        more.others = .max
        #expect(throws: ProtocolError.self) { try DesksResponse(encoded: more.encoded()) }
        for count in 0..<good.encoded().count {
            #expect(throws: ProtocolError.self) { try DesksResponse(encoded: Array(good.encoded().prefix(count))) }
        }
    }
}
