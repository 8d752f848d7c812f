import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import SQLite
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Files that earlier versions left behind, opened by this one. docs/format-versions.md has the rules.
@Suite("Upgrade: files of every format version")
struct UpgradeTests {
    @Test("the present format version is frozen")
    func presentIsFrozen() throws {
        let version = try PresentFormat().version
        #expect(try Frozen.everyVersion().contains { $0.testDescription == "format-\(version)" })
    }

    @Test("the tables of the present version are those that were frozen under its number")
    func tables() throws {
        let present = try PresentFormat()
        let folder = Frozen.all.appendingPathComponent("format-\(present.version)")
        let copies = try Frozen(reading: folder).copies()
        for name in Frozen.stores {
            let file = try Connection(path: copies.file(name), mode: .readOnly)
            #expect(try file.userVersion() == present.version)
            #expect(try PresentFormat.tables(file) == present.tables[name], "\(name): a new version is needed")
        }
    }

    @Test("they show what they held when they were closed", arguments: try Frozen.everyVersion())
    func opening(_ frozen: Frozen) async throws {
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now))
        for name in Frozen.desks {
            let desk = try site.desk(name)
            #expect(try desk.contents() == frozen.contents[name])
            #expect(try desk.standing() == frozen.standing[name])
            #expect(try desk.replica.status().fingerprint.description == frozen.fingerprints[name])
            #expect(try desk.replica.recomputedFingerprint() == desk.replica.status().fingerprint)
        }
        let line = try #require(try site.log.lines().first)
        #expect(line.fingerprint.description == frozen.serverFingerprint)
        #expect(try site.log.verify(line: line.id))
        #expect(try site.log.isOperator(tokenHash: Secrets.hash(FixtureSite.operatorToken)))
        await site.stop()
    }

    @Test(
        "they sync with each other and with a workstation that joins now, and all hold the same",
        arguments: try Frozen.everyVersion())
    func syncing(_ frozen: Frozen) async throws {
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now + 60_000))
        var desks = try Frozen.desks.map { try site.desk($0) }
        try await site.settle(desks)
        desks.append(try await site.join("four", invitation: frozen.invitation))
        try await site.settle([desks[3]])
        let line = try #require(try site.log.lines().first)
        for desk in desks {
            #expect(try desk.contents() == frozen.settled[desk.name])
            let status = try desk.replica.status()
            #expect(status.pending == 0 && status.isVerified == true && !status.isHealing)
            #expect(status.fingerprint == line.fingerprint)
            #expect(try desk.replica.recomputedFingerprint() == status.fingerprint)
        }
        #expect(try site.log.verify(line: line.id))
        await site.stop()
    }

    @Test(
        "a deep verification opens every value of theirs, and mends the one that was damaged on its way",
        arguments: try Frozen.everyVersion())
    func verifying(_ frozen: Frozen) async throws {
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now + 60_000))
        let desks = try Frozen.desks.map { try site.desk($0) }
        try await site.settle(desks)
        for desk in desks {
            let found = try await desk.client.verify(isDeep: true)
            #expect(found.isEqual && found.comparedValues > 0)
            #expect(try desk.replica.status().unopened == 0)
            #expect(try desk.contents().contains { $0.hasSuffix("'damaged on its way'") })
        }
        await site.stop()
    }

    @Test("work goes on in them, with the numbers they were leased", arguments: try Frozen.everyVersion())
    func working(_ frozen: Frozen) async throws {
        let clock = SettableWallClock(atMilliseconds: frozen.now)
        let site = try FixtureSite(folder: try frozen.copies(), clock: clock)
        let desks = try Frozen.desks.map { try site.desk($0) }
        var numbers: [UInt64] = []
        for desk in desks {
            clock.advance(byMilliseconds: 1_000)
            try desk.replica.write { tx in
                numbers.append(try #require(try tx.takeLeasedNumber()))
                let plants = desk.replica.schema.collections[0]
                let id = try tx.insert(plants) { $0[Greenhouse.name] = "by \(desk.name)" }
                try tx.add(Greenhouse.remarks, parent: id) { $0[Greenhouse.text] = "written later" }
            }
        }
        #expect(Set(numbers).count == desks.count)
        try await site.settle(desks)
        for desk in desks {
            let found = try desk.replica.read { snapshot in
                try snapshot.query("SELECT count(*) FROM plants WHERE name GLOB 'by *'") { $0.integer(0) }
            }
            #expect(found == [3])
            #expect(try desk.replica.status().isVerified == true)
        }
        await site.stop()
    }

    @Test(
        "a file of a newer format is refused with words that say so, and not a byte of it changes",
        arguments: Frozen.stores)
    func newerFormat(_ name: String) throws {
        let copies = try #require(try Frozen.everyVersion().last).copies()
        let path = copies.file(name)
        try Connection(path: path, mode: .readWrite).setUserVersion(try PresentFormat().version + 1)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        if name == "server.db" {
            #expect { _ = try SQLiteChangeLog(path: path) } throws: { error in
                (error as? ChangeLogError)?.code == .unusable && "\(error)".contains("newer version")
            }
        } else {
            #expect { _ = try Replica(path: path, schema: Greenhouse.newerSchema) } throws: { error in
                (error as? ReplicaError)?.code == .newerVersion && "\(error)".contains("newer version")
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
}
