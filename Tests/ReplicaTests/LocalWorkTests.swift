import Merge
import Replica
import SQLite
import TestSupport
import Testing

@Suite("Local work")
struct LocalWorkTests {
    let folder = TemporaryFolder()

    func open(_ name: String = "a.db") throws -> Replica { try Replica(path: folder.file(name), schema: Garden.schema) }

    @Test("every type of value comes back as it was written, also after opening the file again (I2)")
    func values() throws {
        let other = RecordID(high: 7, low: 9)
        let day = try #require(CalendarDate("2024-02-29"))
        let id = try open().write { tx in
            try tx.insert(Garden.plants) { row in
                row[Garden.name] = "Björk 🌳"
                row[Garden.height] = .min
                row[Garden.price] = 1.5
                row[Garden.isPerennial] = true
                row[Garden.planted] = day
                row[Garden.seen] = Timestamp(milliseconds: 1_700_000_000_000)
                row[Garden.photo] = [0, 255]
                row[Garden.neighbour] = other
            }
        }
        let replica = try open()
        let plant = try #require(try replica.read { try $0.fetch(Garden.plants, id) })
        #expect(plant[Garden.name] == "Björk 🌳")
        #expect(plant[Garden.height] == .min)
        #expect(plant[Garden.price] == 1.5)
        #expect(plant[Garden.isPerennial] == true)
        #expect(plant[Garden.planted] == day)
        #expect(plant[Garden.seen] == Timestamp(milliseconds: 1_700_000_000_000))
        #expect(plant[Garden.photo] == [0, 255])
        #expect(plant[Garden.neighbour] == other)
        #expect(try replica.status().pending == 1)
        #expect(try replica.recomputedFingerprint() == replica.status().fingerprint)
    }

    @Test("empty texts and blobs are not null, and null clears a field")
    func emptyAndNull() throws {
        let replica = try open()
        let id = try replica.write { tx in
            try tx.insert(Garden.plants) {
                $0[Garden.name] = ""
                $0[Garden.photo] = []
                $0[Garden.height] = 3
            }
        }
        try replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.height] = nil } }
        let plant = try #require(try replica.read { try $0.fetch(Garden.plants, id) })
        #expect(plant[Garden.name] == "")
        #expect(plant[Garden.photo] == [])
        #expect(plant[Garden.height] == nil)
    }

    @Test("a transaction that throws leaves nothing: no row, no outbox, no clock")
    func rollback() throws {
        struct Stop: Error {}
        let replica = try open()
        let before = try replica.status()
        #expect(throws: Stop.self) {
            try replica.write { tx in
                try tx.insert(Garden.plants) { $0[Garden.name] = "lost" }
                throw Stop()
            }
        }
        #expect(try replica.read { try $0.records(Garden.plants) }.isEmpty)
        #expect(try replica.status().pending == 0)
        #expect(try replica.status().fingerprint == before.fingerprint)
    }

    @Test("one transaction is one commit, whatever it touches and however often")
    func oneCommit() throws {
        let replica = try open()
        let id = try replica.write { tx in
            let id = try tx.insert(Garden.plants) { $0[Garden.name] = "a" }
            try tx.update(Garden.plants, id) { $0[Garden.height] = 1 }
            try tx.update(Garden.plants, id) { $0[Garden.name] = "b" }
            let gone = try tx.insert(Garden.plants) { $0[Garden.name] = "gone" }
            try tx.add(Garden.remarks, parent: gone) { $0[Garden.text] = "gone with it" }
            try tx.erase(Garden.plants, gone)
            return id
        }
        #expect(try replica.status().pending == 1)
        let plant = try #require(try replica.read { try $0.fetch(Garden.plants, id) })
        #expect(plant[Garden.name] == "b")
        #expect(plant[Garden.height] == 1)
        #expect(try replica.read { try $0.records(Garden.remarks) }.isEmpty)
        #expect(try replica.recomputedFingerprint() == replica.status().fingerprint)
    }

    @Test("erasing takes everything below along, leaves no trace in the file, and is final (I5)")
    func erase() throws {
        let replica = try open()
        let marker = "marker-that-must-vanish-" + String(repeating: "x", count: 500)
        let id = try replica.write { tx in
            let id = try tx.insert(Garden.plants) { $0[Garden.name] = marker }
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = marker }
            try tx.insert(Garden.leaves, parent: id) { $0[Garden.leafName] = marker }
            return id
        }
        try replica.write { tx in try tx.erase(Garden.plants, id) }
        #expect(try replica.read { try $0.records(Garden.remarks) }.isEmpty)
        #expect(try replica.read { try $0.records(Garden.leaves) }.isEmpty)
        #expect(try replica.recomputedFingerprint() == replica.status().fingerprint)
        #expect { try replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "back" } } } throws: {
            ($0 as? ReplicaError)?.code == .recordErased
        }
        #expect {
            try replica.write { tx in try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "late" } }
        } throws: {
            ($0 as? ReplicaError)?.code == .recordErased
        }
        #expect {
            try replica.write { tx in try tx.insert(Garden.plants, id: id) { $0[Garden.name] = "back" } }
        } throws: {
            ($0 as? ReplicaError)?.code == .recordErased
        }
    }

    @Test("a child needs its parent, a record its id for itself")
    func refusals() throws {
        let replica = try open()
        let nobody = replica.makeID()
        #expect {
            try replica.write { tx in try tx.add(Garden.remarks, parent: nobody) { $0[Garden.text] = "x" } }
        } throws: {
            ($0 as? ReplicaError)?.code == .parentMissing
        }
        #expect { try replica.write { tx in try tx.update(Garden.plants, nobody) { $0[Garden.name] = "x" } } } throws: {
            ($0 as? ReplicaError)?.code == .recordMissing
        }
        try replica.write { tx in try tx.insert(Garden.plants, id: nobody) { $0[Garden.name] = "x" } }
        #expect {
            try replica.write { tx in try tx.insert(Garden.plants, id: nobody) { $0[Garden.name] = "y" } }
        } throws: {
            ($0 as? ReplicaError)?.code == .recordExists
        }
        #expect {
            try replica.write { tx in
                try tx.insert(Garden.plants) { $0[Garden.name] = String(repeating: "x", count: 1 << 20 + 1) }
            }
        } throws: {
            ($0 as? ReplicaError)?.code == .limit
        }
    }

    @Test("two instances on one file write in turn, under one identity and without a gap in their numbers")
    func twoProcesses() throws {
        let first = try open()
        let second = try open()
        for index in 0..<20 {
            try (index % 2 == 0 ? first : second).write { tx in
                try tx.insert(Garden.plants) { $0[Garden.height] = Int64(index) }
            }
        }
        #expect(try first.status().pending == 20)
        #expect(try first.status().replica == second.status().replica)
        #expect(try first.recomputedFingerprint() == second.status().fingerprint)
    }

    @Test("a reader's snapshot does not change under it")
    func snapshots() throws {
        let replica = try open()
        try replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "one" } }
        try replica.read { snapshot in
            #expect(try snapshot.records(Garden.plants).count == 1)
            try replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "two" } }
            #expect(try snapshot.records(Garden.plants).count == 1)
        }
        #expect(try replica.read { try $0.records(Garden.plants) }.count == 2)
    }

    @Test("observers are told which records changed")
    func observation() async throws {
        let replica = try open()
        var iterator = replica.changes().makeAsyncIterator()
        let id = try replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "seen" } }
        let notice = await iterator.next()
        #expect(notice?.records == [id])
    }
}
