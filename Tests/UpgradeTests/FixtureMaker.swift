import ChangeLog
import Foundation
import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Lives the history that the frozen files keep: a small line to which everything has happened once.
///
/// Every step has a time of its own, so that what wins is settled by the stamps' times and not by chance.
final class FixtureMaker {
    private static let incarnations: [UInt64] = [0x1111_1111, 0x2222_2222]
    private let clock = SettableWallClock(atMilliseconds: 1_700_000_000_000)
    private var frozen: Frozen
    private var invitations: [String] = []
    private var oak = RecordID(high: 0, low: 0)
    private var elm = RecordID(high: 0, low: 0)
    private var doomed = RecordID(high: 0, low: 0)

    init(folder: URL) { frozen = Frozen(folder: folder) }

    func make() async throws {
        let folder = TemporaryFolder()
        var site = try FixtureSite(folder: folder, clock: clock, incarnation: Self.incarnations[0])
        try await found(site)
        try await work(site)
        try await copyDesk(site)
        try await misplace(site)
        try FixtureSite.copy(site.log.path, to: folder.file("backup.db"))
        try await workThatIsLost(site)
        await site.stop()
        frozen.history += site.exchanges.withLock { $0 }

        site = try FixtureSite(folder: folder, clock: clock, store: "backup.db", incarnation: Self.incarnations[1])
        try await healInPart(site)
        try await leaveWork(site)
        await site.stop()
        frozen.history += site.exchanges.withLock { $0 }

        try freeze(folder)
        try await settle()
        try frozen.write()
    }

    private func tick() { clock.advance(byMilliseconds: 1_000) }

    private func write(_ desk: FixtureDesk, _ body: (WriteTransaction) throws -> Void) throws {
        tick()
        try desk.replica.write(body)
    }

    // MARK: The history

    private func found(_ site: FixtureSite) async throws {
        let line = try site.log.createLine(name: "Frozen", now: clock.clock.nowMilliseconds())
        try site.log.addOperator(tokenHash: Secrets.hash(FixtureSite.operatorToken))
        for _ in 0..<4 {
            invitations.append(
                try Secrets.invitation(
                    to: line, in: site.log, now: clock.clock.nowMilliseconds(), hours: 1_000_000
                ).text)
        }
        frozen.invitation = invitations[3]
        for (name, invitation) in zip(Frozen.desks, invitations) {
            try await site.join(name, invitation: invitation).sync()
        }
    }

    /// Records, notes, an erasure, a conflict, and what an older schema cannot show.
    private func work(_ site: FixtureSite) async throws {
        let one = try site.desk("one")
        let two = try site.desk("two")
        let three = try site.desk("three")
        try write(one) { tx in
            elm = try tx.insert(Greenhouse.plants) { $0[Greenhouse.name] = "elm" }
            oak = try tx.insert(Greenhouse.plants) { row in
                row[Greenhouse.name] = "oak 🌳"
                row[Greenhouse.height] = -3
                row[Greenhouse.price] = 12.5
                row[Greenhouse.isPerennial] = true
                row[Greenhouse.planted] = CalendarDate("2024-02-29")
                row[Greenhouse.seen] = Timestamp(milliseconds: 1_700_000_000_123)
                row[Greenhouse.photo] = [0, 1, 254, 255]
                row[Greenhouse.neighbour] = elm
            }
            try tx.add(Greenhouse.remarks, parent: oak) { $0[Greenhouse.text] = "planted by the gate" }
            try tx.insert(Greenhouse.leaves, parent: elm) { $0[Greenhouse.leafName] = "leaf" }
            doomed = try tx.insert(Greenhouse.plants) { $0[Greenhouse.name] = "doomed" }
        }
        try write(one) { tx in
            let compost = try tx.insert(Greenhouse.plants) { $0[Greenhouse.name] = "compost" }
            try tx.add(Greenhouse.remarks, parent: compost) { $0[Greenhouse.text] = "to be gone" }
        }
        try await site.settle([one, two, three])
        try write(two) { tx in
            try tx.insert(Greenhouse.pots) { $0[Greenhouse.potName] = "blue pot" }
            try tx.update(Greenhouse.plantsOnSoil, oak) { $0[Greenhouse.soil] = "clay" }
        }
        try write(two) { tx in
            guard let compost = try tx.snapshot.records(Greenhouse.plantsOnSoil, where: "name = 'compost'").first else {
                return
            }
            try tx.erase(Greenhouse.plantsOnSoil, compost.id)
        }
        try await site.settle([two, one, three])
        try write(one) { tx in try tx.update(Greenhouse.plants, elm) { $0[Greenhouse.height] = 3 } }
        try write(two) { tx in try tx.update(Greenhouse.plantsOnSoil, elm) { $0[Greenhouse.height] = 4 } }
        try write(one) { tx in _ = try tx.takeLeasedNumber() }
        try await site.settle([one, two, three])
        try await spoil(site, two, one)
    }

    /// A note that desk one cannot open.
    private func spoil(_ site: FixtureSite, _ writer: FixtureDesk, _ reader: FixtureDesk) async throws {
        var note = RecordID(high: 0, low: 0)
        try write(writer) { tx in
            note = try tx.add(Greenhouse.remarks, parent: oak) { $0[Greenhouse.text] = "damaged on its way" }
        }
        try await writer.sync()
        let store = try Connection(path: site.log.path, mode: .readWrite)
        let place = "WHERE record = x'\(note.description.filter(\.isHexDigit))'"
        let whole = try #require(try store.text("SELECT hex(sealed) FROM change \(place)"))
        try store.execute("UPDATE change SET sealed = zeroblob(length(sealed)) \(place)")
        try await reader.sync()
        try store.execute("UPDATE change SET sealed = x'\(whole)' \(place)")
    }

    /// A copy of desk three works beside it, and is found out; then desk three's clock is wrong.
    private func copyDesk(_ site: FixtureSite) async throws {
        try FixtureSite.copy(site.folder.file("three.db"), to: site.folder.file("copy.db"))
        let copy = try site.desk("copy")
        let three = try site.desk("three", clockAheadMilliseconds: 3_600_000)
        for (desk, words) in [(copy, "from the copy"), (three, "from the original")] {
            try write(desk) { tx in _ = try tx.add(Greenhouse.remarks, parent: elm) { $0[Greenhouse.text] = words } }
            try await desk.sync()
        }
        try await copy.sync()
    }

    /// Desk three writes what the server can never take.
    private func misplace(_ site: FixtureSite) async throws {
        let two = try site.desk("two")
        let three = try site.desk("three")
        let id = three.replica.makeID()
        try write(two) { tx in _ = try tx.insert(Greenhouse.pots, id: id) { $0[Greenhouse.potName] = "green pot" } }
        try await two.sync()
        try write(three) { tx in
            try tx.insert(Greenhouse.plants, id: id) { $0[Greenhouse.name] = "misplaced" }
            try tx.update(Greenhouse.plants, oak) { $0[Greenhouse.price] = 99 }
        }
        try await three.sync()
    }

    private func workThatIsLost(_ site: FixtureSite) async throws {
        let one = try site.desk("one")
        let three = try site.desk("three")
        try write(three) { tx in
            try tx.update(Greenhouse.plants, oak) { $0[Greenhouse.price] = 14 }
            try tx.insert(Greenhouse.plants) { $0[Greenhouse.name] = "lost by the server" }
        }
        try await site.settle([three, one])
    }

    /// The server was put back: desk one is healed, desk three is in the middle of it.
    private func healInPart(_ site: FixtureSite) async throws {
        let one = try site.desk("one")
        let three = try site.desk("three")
        tick()
        try await one.sync()
        three.wire.loseNext("/v1/heal")
        await #expect(throws: SyncError.self) { try await three.sync() }
        try write(three) { tx in try tx.update(Greenhouse.plants, elm) { $0[Greenhouse.name] = "elm, seen by three" } }
    }

    /// What nobody has sent yet.
    private func leaveWork(_ site: FixtureSite) async throws {
        let one = try site.desk("one")
        let two = try site.desk("two")
        try await one.sync()
        try write(one) { tx in
            try tx.update(Greenhouse.plants, oak) { $0[Greenhouse.name] = "oak, as one saw it" }
            try tx.insert(Greenhouse.plants) { $0[Greenhouse.name] = "unsent" }
        }
        try write(one) { tx in
            try tx.add(Greenhouse.remarks, parent: doomed) { $0[Greenhouse.text] = "below what is erased" }
        }
        try write(two) { tx in
            try tx.update(Greenhouse.plantsOnSoil, oak) { $0[Greenhouse.name] = "oak, as two saw it" }
            try tx.erase(Greenhouse.plantsOnSoil, doomed)
        }
        tick()
    }

    // MARK: What is kept

    private func freeze(_ folder: TemporaryFolder) throws {
        try FileManager.default.createDirectory(at: frozen.folder, withIntermediateDirectories: true)
        try FixtureSite.copy(folder.file("backup.db"), to: frozen.folder.appendingPathComponent("server.db").path)
        for name in Frozen.desks {
            try FixtureSite.copy(
                folder.file("\(name).db"), to: frozen.folder.appendingPathComponent("\(name).db").path)
        }
        frozen.now = clock.clock.nowMilliseconds()
        frozen.incarnation = Self.incarnations[1]
    }

    /// Opens what was frozen as the tests will, and writes down what there is.
    private func settle() async throws {
        let site = try FixtureSite(folder: frozen.copies(), clock: clock, incarnation: frozen.incarnation)
        frozen.serverFingerprint = try #require(try site.log.lines().first).fingerprint.description
        var desks = try Frozen.desks.map { try site.desk($0) }
        for desk in desks {
            frozen.fingerprints[desk.name] = try desk.replica.status().fingerprint.description
            frozen.standing[desk.name] = try desk.standing()
            frozen.contents[desk.name] = try desk.contents()
        }
        try await site.settle(desks)
        desks.append(try await site.join("four", invitation: frozen.invitation))
        try await site.settle([desks[3]])
        for desk in desks { frozen.settled[desk.name] = try desk.contents() }
        await site.stop()
        frozen.settling = site.exchanges.withLock { $0 }
    }
}
