import ChangeLog
import Merge
import Replica
import SQLite
import SyncProtocol

/// The answers that bring a replica from one cursor to the log's end, as they come over the wire.
struct Feed {
    private(set) var answers: [[UInt8]] = []
    /// The changes of each answer.
    private(set) var counts: [Int] = []

    /// The page size is what a workstation asks for.
    init(_ line: BenchLine, for replica: Replica) async throws {
        let device = try await line.device(replica)
        var request = try SyncRequest(encoded: replica.nextRequest().body)
        while true {
            let page = try await line.log.page(for: request, proven: request.acknowledged, from: device)
            let answer = SyncResponse(
                outcome: .done, heldNumber: request.acknowledged,
                cursor: page.cursor, head: page.head, more: page.more, serverTime: request.clock,
                fingerprint: page.fingerprint, page: page.bytes[...])
            answers.append(answer.encoded())
            counts.append(try Self.count(page.bytes))
            if !page.more { return }
            request.cursor = page.cursor
        }
    }

    private static func count(_ page: [UInt8]) throws -> Int {
        var reader = CBORReader(page)
        var count = 0
        while !reader.isAtEnd { count += try reader.feedCommit(limits: Limits()).changes.count }
        return count
    }

    var total: Int { counts.reduce(0, +) }

    /// The changes of each answer, as ranges of their numbers: the transactions that they are applied in.
    var parts: [Range<Int>] {
        var start = 0
        return counts.map { count in
            defer { start += count }
            return start..<start + count
        }
    }

    /// Takes all answers in, and returns how long that took, from the bytes on.
    func apply(to replica: Replica) throws -> Stopwatch {
        var watch = Stopwatch()
        for answer in answers {
            let request = try replica.nextRequest()
            try watch.time { _ = try SyncSession(replica).receive(answer, to: request) }
        }
        return watch
    }
}

extension Workload {
    static let merging = [
        Workload(
            name: "merge-new", summary: "new records into an empty replica", target: .ratioAtLeast(0.60),
            measure: { try await mergeNew($0, key: nil) }),
        Workload(
            name: "merge-new-random", summary: "the same with random ids", target: .ratioAtLeast(0.60),
            measure: { try await mergeNew($0, key: Keys.random) }),
        Workload(
            name: "merge-again", summary: "the same pages a second time", target: .ratioAtLeast(0.50),
            measure: mergeAgain),
        Workload(
            name: "merge-win", summary: "single-field edits that win, 100 per commit", target: .ratioAtLeast(0.55),
            measure: mergeWinning),
        Workload(
            name: "merge-lose", summary: "concurrent edits that lose, each kept as a sibling",
            target: .ratioAtLeast(0.40), measure: mergeLosing),
    ]

    private static func mergeNew(_ bench: Bench, key: ((Int) -> RecordID)?) async throws -> Measurement {
        let folder = try bench.fresh("merge")
        let (line, ids, _) = try await filled(bench, folder, key: key)
        let reader = try await line.replica(folder + "/empty.db")
        let feed = try await Feed(line, for: reader)
        let peers = key == nil ? [] : try bench.peersMerging(ids, feed.parts, again: false)
        return try await bench.interleave(unit: "rows/s", peers: peers) { _ in
            let plain = try PlainEntries(bench.fresh("plain") + "/plain.db")
            return try plain.fill(feed.parts) { ids[$0] }.rate(bench.rows)
        } lugn: { run in
            let replica = try await line.replica(folder + "/reader\(run).db")
            return try feed.apply(to: replica).rate(feed.total)
        }
    }

    private static func mergeAgain(_ bench: Bench) async throws -> Measurement {
        let folder = try bench.fresh("merge")
        let (line, ids, _) = try await filled(bench, folder, key: nil)
        let path = folder + "/reader.db"
        let plain = try PlainEntries(folder + "/plain.db")
        let feed: Feed
        do {
            let reader = try await line.replica(path)
            feed = try await Feed(line, for: reader)
            _ = try feed.apply(to: reader)
            _ = try plain.fill(feed.parts) { ids[$0] }
        }
        let peers = try bench.peersMerging(ids, feed.parts, again: true)
        return try await bench.interleave(unit: "rows/s", peers: peers) { _ in
            try plain.fill(feed.parts) { ids[$0] }.rate(bench.rows)
        } lugn: { _ in
            try resetCursor(path)
            return try feed.apply(to: Replica(path: path, schema: Entries.schema)).rate(feed.total)
        }
    }

    private static func resetCursor(_ path: String) throws {
        let connection = try Connection(path: path, mode: .readWrite)
        try connection.execute(
            """
            UPDATE lugn_state SET position = 0;
            UPDATE lugn_link SET log = zeroblob(16), cursor_check = zeroblob(8), first_sync_done = 0
            """)
    }

    private static func mergeWinning(_ bench: Bench) async throws -> Measurement {
        let edits = try await Edits(bench, areContested: false)
        let peers = try bench.peersWinning(edits.ids, edits.edited, edits.feed.parts)
        return try await bench.interleave(unit: "rows/s", peers: peers) { run in
            try PlainEntries(edits.freshPlain(bench)).edit(edits.edited, edits.feed.parts, round: run).rate(bench.rows)
        } lugn: { _ in
            try edits.applied(bench)
        }
    }

    /// The reader has edited the same fields later, without having seen the edits that come now.
    private static func mergeLosing(_ bench: Bench) async throws -> Measurement {
        let edits = try await Edits(bench, areContested: true)
        let withRow = PeerRun(name: PlainSiblings.nameWithRow) { _ in
            let plain = try PlainSiblings(edits.freshPlain(bench))
            return try plain.fill(edits.edited, edits.feed.parts, round: 1, marksRow: true).rate(bench.rows)
        }
        return try await bench.interleave(unit: "rows/s", peers: bench.hasPeers ? [withRow] : []) { run in
            // What is kept of an edit that lost: its record, field and stamp, and its value.
            let plain = try PlainSiblings(bench.fresh("plain") + "/plain.db")
            return try plain.fill(edits.edited, edits.feed.parts, round: 1, marksRow: false).rate(bench.rows)
        } lugn: { _ in
            try edits.applied(bench)
        }
    }

    /// A reader that knows all rows, and a feed of edits of them in random order, to be merged from the same start again
    /// and again.
    private struct Edits {
        let ids: [RecordID]
        let edited: [RecordID]
        let feed: Feed
        private let folder: String

        /// - Parameter areContested: the reader has edited the same fields later, and the edits of the feed lose.
        init(_ bench: Bench, areContested: Bool) async throws {
            folder = try bench.fresh("merge")
            let (line, ids, writer) = try await Workload.filled(bench, folder, key: nil)
            self.ids = ids
            edited = Keys.shuffled(bench.rows).map { ids[$0] }
            let reader = try await line.replica(folder + "/base.db")
            try await line.sync(reader)
            _ = try writer.edit(edited, perTransaction: 100, round: 1)
            if areContested {
                _ = try reader.edit(edited, perTransaction: 100, round: 2)
                try await line.sync(reader)
            }
            try await line.sync(writer)
            feed = try await Feed(line, for: reader)
            _ = try PlainEntries(folder + "/plain-base.db").fill(Bench.parts(ids.count, of: 100)) { ids[$0] }
        }

        /// The path of a plain database with all rows.
        func freshPlain(_ bench: Bench) throws -> String {
            try bench.copy(folder + "/plain-base.db", to: folder + "/plain.db")
            return folder + "/plain.db"
        }

        func applied(_ bench: Bench) throws -> Double {
            try bench.copy(folder + "/base.db", to: folder + "/replica.db")
            return try feed.apply(to: Replica(path: folder + "/replica.db", schema: Entries.schema)).rate(feed.total)
        }
    }

    /// A line with the rows, written and sent by one replica.
    private static func filled(
        _ bench: Bench, _ folder: String, key: ((Int) -> RecordID)?
    ) async throws -> (BenchLine, [RecordID], Replica) {
        let line = try await BenchLine(folder: folder)
        let writer = try await line.replica()
        let ids = try writer.fill(bench.rows, perTransaction: 100, key: key).ids
        try await line.sync(writer)
        return (line, ids, writer)
    }
}
