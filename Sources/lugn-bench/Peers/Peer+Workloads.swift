import Merge

/// What an engine does in each workload.
extension Peer {
    static func inserting(
        _ bench: Bench, _ library: String?, _ parts: [Range<Int>],
        _ key: @escaping (Int) -> RecordID
    ) -> PeerRun {
        PeerRun(name: name) { _ in
            let peer = try Self(bench.fresh("peer") + "/peer.db", library: library)
            let rate = try peer.fill(parts, key: key).rate(count(parts))
            try peer.finish()
            return rate
        }
    }

    static func updating(
        _ bench: Bench, _ library: String?, _ ids: [RecordID], _ edited: [RecordID], _ parts: [Range<Int>]
    ) throws -> PeerRun {
        let folder = try bench.fresh("peer-\(name)")
        _ = try written(library, folder + "/base.db", ids)
        return PeerRun(name: name) { run in
            try bench.copy(folder + "/base.db", to: folder + "/peer.db")
            let peer = try Self(folder + "/peer.db", library: library)
            let rate = try peer.edit(edited, parts, round: run).rate(count(parts))
            try peer.finish()
            return rate
        }
    }

    static func merging(
        _ bench: Bench, _ library: String?, _ ids: [RecordID], _ parts: [Range<Int>], again: Bool
    ) throws -> PeerRun {
        let folder = try bench.fresh("peer-\(name)")
        let changes = try written(library, folder + "/writer.db", ids)
        if again {
            let reader = try Self(folder + "/reader.db", library: library)
            _ = try reader.apply(changes, parts)
            try reader.finish()
        }
        return PeerRun(name: name) { run in
            let reader = try Self(folder + (again ? "/reader.db" : "/reader\(run).db"), library: library)
            let rate = try reader.apply(changes, parts).rate(count(parts))
            guard try reader.entries.count() == ids.count else { throw BenchError("\(name) did not take all rows in") }
            try reader.finish()
            return rate
        }
    }

    static func winning(
        _ bench: Bench, _ library: String?, _ ids: [RecordID], _ edited: [RecordID], _ parts: [Range<Int>]
    ) throws -> PeerRun {
        let folder = try bench.fresh("peer-\(name)")
        let inserts = try written(library, folder + "/writer.db", ids)
        let reader = try Self(folder + "/base.db", library: library)
        _ = try reader.apply(inserts, Bench.parts(ids.count, of: 100))
        try reader.finish()
        let writer = try Self(folder + "/writer.db", library: library)
        let position = try writer.position
        _ = try writer.edit(edited, Bench.parts(edited.count, of: 100))
        let edits = try writer.changes(after: position, perTransaction: 100)
        try writer.finish()
        return PeerRun(name: name) { _ in
            try bench.copy(folder + "/base.db", to: folder + "/peer.db")
            let peer = try Self(folder + "/peer.db", library: library)
            let rate = try peer.apply(edits, parts).rate(count(parts))
            try peer.finish()
            return rate
        }
    }

    /// Writes the rows to a file, 100 per transaction, and returns the changes.
    private static func written(
        _ library: String?, _ path: String, _ ids: [RecordID]
    ) throws -> Changes {
        let writer = try Self(path, library: library)
        _ = try writer.fill(Bench.parts(ids.count, of: 100)) { ids[$0] }
        let changes = try writer.changes(after: 0, perTransaction: 100)
        try writer.finish()
        return changes
    }

    private static func count(_ parts: [Range<Int>]) -> Int { parts.reduce(0) { $0 + $1.count } }
}
