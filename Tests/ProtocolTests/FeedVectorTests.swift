import Foundation
import JSON
import Merge
import Replica
import Sealing
import SyncProtocol
import Testing
import Trust

/// A page of the feed, and what a replica shows and holds once it has taken it in.
@Suite("Vectors of the feed")
struct FeedVectorTests {
    private enum Library {
        static let title = Field<String>(1, "title")
        static let year = Field<Int64>(2, "year")
        static let books = CollectionSchema.records(1, "books", fields: [title, year])
        static let heading = Field<String>(1, "heading")
        static let chapters = CollectionSchema.records(2, "chapters", parent: books, fields: [heading])
        static let text = Field<String>(1, "text")
        static let remarks = CollectionSchema.notes(3, "remarks", parent: chapters, fields: [text])
        static let schema = Schema(version: 1, [books, chapters, remarks])
    }

    private let line: VectorLine

    init() throws { line = try VectorLine() }

    private static let wall: Int64 = 1_700_000_100_000

    /// Makes commits of the feed, one after the other.
    private struct Feed {
        let line: LineID
        var page = CBORWriter()
        var position: UInt64 = 0

        init(_ line: LineID) { self.line = line }

        mutating func append(
            _ stamp: Stamp, _ changes: [(ChangeHeader, [UInt8])], key: EpochKey = SealedVectorTests.key
        ) {
            position += 1
            let nonce = [UInt8](repeating: UInt8(position), count: SealedCommit.nonceBytes)
            let sealed = changes.enumerated().map { index, change -> FeedChange in
                var bytes: [UInt8] = []
                Sealer(line: line, key: key).seal(
                    change.1[...], header: change.0, stamp: stamp, nonce: nonce, index: UInt64(index), to: &bytes)
                return FeedChange(index: UInt64(index), header: change.0, sealed: bytes[...])
            }
            page.feedCommit(FeedCommit(position: position, stamp: stamp, nonce: nonce, changes: sealed))
        }
    }

    private static func id(_ number: UInt64) -> RecordID {
        RecordID(high: 0x018B_CFE5_6800_7000, low: 1 << 63 | number)
    }

    private static func stamp(_ second: Int64, _ dot: UInt64) -> Stamp {
        Stamp(time: HybridTimestamp(milliseconds: 1_700_000_000_000 + second * 1_000), dot: Dot(rawValue: dot))
    }

    private static func values(_ body: (inout CBORWriter) -> Void) -> [UInt8] {
        var writer = CBORWriter()
        body(&writer)
        return writer.bytes
    }

    private static func book(
        _ number: UInt64, _ fields: UInt64, _ replaced: [(UInt64, UInt64)] = []
    ) -> ChangeHeader {
        ChangeHeader(
            kind: .put, collection: 1, record: id(number), fields: .init(rawValue: fields),
            replaced: RecordState.Entry(0, 0, fields, replaced).replaced, epoch: 1)
    }

    private static func chapter(_ number: UInt64, of book: UInt64) -> ChangeHeader {
        ChangeHeader(
            kind: .put, collection: 2, record: id(number), parent: id(book), fields: .init(rawValue: 2), epoch: 1)
    }

    private static func remark(_ number: UInt64, of chapter: UInt64, in book: UInt64) -> ChangeHeader {
        ChangeHeader(
            kind: .add, collection: 3, record: id(number), parent: id(chapter), ancestors: [id(book)],
            fields: .init(rawValue: 2), epoch: 1)
    }

    private static func feed(_ line: LineID) -> Feed {
        var feed = Feed(line)
        let text = { (text: String) in values { $0.text(text) } }
        let both = { (title: String, year: Int64) in
            values {
                $0.text(title); $0.integer(year)
            }
        }
        // A book, a chapter, and a remark on it.
        feed.append(
            stamp(1, 0x11),
            [
                (book(1, 6), both("Calm", 1999)), (chapter(2, of: 1), text("One")),
                (remark(3, of: 2, in: 1), text("good")),
            ])
        // Its title is written twice without having seen each other, the second on a clock that is behind; then the year.
        feed.append(stamp(5, 0x22), [(book(1, 2, [(0x11, 2)]), text("Calmer"))])
        feed.append(stamp(4, 0x33), [(book(1, 2, [(0x11, 2)]), text("Calmest"))])
        feed.append(stamp(2, 0x44), [(book(1, 4, [(0x11, 4)]), values { $0.integer(2000) })])
        // One that names what was never here, and what replaced it.
        feed.append(stamp(6, 0x55), [(book(4, 2, [(0x56, 2), (0x57, 2)]), text("Late"))])
        feed.append(stamp(7, 0x57), [(book(4, 2, [(0x56, 2)]), text("Replaced before it came"))])
        // A remark comes before the erasure of the book above it, another behind it; what lies between never comes.
        feed.append(stamp(8, 0x66), [(remark(7, of: 6, in: 5), text("before"))])
        feed.append(
            stamp(9, 0x67), [(ChangeHeader(kind: .erase, collection: 1, record: id(5), fields: .empty, epoch: 1), [])])
        feed.append(stamp(10, 0x68), [(remark(8, of: 6, in: 5), text("behind")), (chapter(6, of: 5), text("between"))])
        // What does not open: sealed with another key. It names what is shown of book 9, and erases chapter 2.
        let stranger = EpochKey(epoch: 1, secret: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))!
        feed.append(stamp(11, 0x71), [(book(9, 2), text("Whole"))])
        feed.append(stamp(12, 0x72), [(book(9, 2, [(0x71, 2)]), text("garbled"))], key: stranger)
        feed.append(
            stamp(13, 0x73),
            [(ChangeHeader(kind: .erase, collection: 2, record: id(2), parent: id(1), fields: .empty, epoch: 1), [])],
            key: stranger)
        // A time that no clock has.
        feed.append(
            Stamp(time: HybridTimestamp(milliseconds: 7_258_118_400_000), dot: Dot(rawValue: 0x81)),
            [(book(10, 2), text("from the year 2200"))])
        // A newer schema: another field, and another collection.
        feed.append(
            stamp(14, 0x91),
            [
                (
                    book(11, 10),
                    values {
                        $0.text("New"); $0.boolean(true)
                    }
                ),
                (
                    ChangeHeader(kind: .put, collection: 4, record: id(12), fields: .init(rawValue: 1), epoch: 1),
                    values { $0.null() }
                ),
            ])
        // One dot with two times: the lesser counts.
        feed.append(stamp(16, 0xA1), [(book(13, 2), text("twice"))])
        feed.append(stamp(15, 0xA1), [(book(13, 2), text("twice"))])
        return feed
    }

    @Test("feed.json: a page is taken in, and taken in again")
    func page() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-feed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let replica = try Replica(
            path: folder.appendingPathComponent("replica.db").path, schema: Library.schema,
            environment: .init(wallMilliseconds: { Self.wall }, keyStore: MemoryKeyStore(VectorLine.founder)))
        try replica.enrol(line.roster, boxes: line.boxes, lineName: "Feed", server: "http://nowhere")
        let feed = Self.feed(line.id)
        let cursor = Cursor(
            log: [UInt8](repeating: 1, count: 16), position: feed.position, check: [UInt8](repeating: 2, count: 8))
        let session = SyncSession(replica)
        for _ in 0..<2 {
            let request = try session.nextRequest()
            let answer = SyncResponse(
                outcome: .done, cursor: cursor, head: cursor.position, more: true, serverTime: Self.wall,
                page: feed.page.bytes[...])
            _ = try session.receive(answer.encoded(), to: request)
        }
        let status = try replica.status()
        #expect(status.cursor == feed.position)
        #expect(try replica.recomputedFingerprint() == status.fingerprint)
        try Vectors.check(
            "feed.json",
            [
                "secret": Vectors.hex(SealedVectorTests.secret), "epoch": 1, "line": Vectors.hex(line.id.bytes),
                "schema": [
                    "records": ["1": ["1": "text", "2": "integer"], "2": ["1": "text"]], "notes": ["3": ["1": "text"]],
                ],
                "page": Vectors.hex(feed.page.bytes), "shown": try shown(replica), "beside": try beside(replica),
                "erased": .array(try erased(replica).map(Vectors.id)), "unopened": JSONValue(status.unopened),
                "sum": Vectors.sum(status.fingerprint.value),
            ])
    }

    /// `[record, [field, value], …]`
    private func shown(_ replica: Replica) throws -> JSONValue {
        try replica.read { snapshot in
            var rows: [JSONValue] = []
            for record in try snapshot.records(Library.books) {
                var row: [JSONValue] = [Vectors.id(record.id)]
                if let title = record[Library.title] { row.append([1, .string(title)]) }
                if let year = record[Library.year] { row.append([2, JSONValue(year)]) }
                rows.append(.array(row))
            }
            for record in try snapshot.records(Library.chapters) {
                rows.append([Vectors.id(record.id), [1, .string(record[Library.heading] ?? "")]])
            }
            for record in try snapshot.records(Library.remarks) {
                rows.append([Vectors.id(record.id), [1, .string(record[Library.text] ?? "")]])
            }
            return .array(rows)
        }
    }

    /// `[record, field, dot, value]`: the other values of conflicts.
    private func beside(_ replica: Replica) throws -> JSONValue {
        try replica.read { snapshot in
            .array(
                try snapshot.conflicts().map { conflict in
                    guard case .text(let value) = conflict.other else { return nil }
                    return [
                        Vectors.id(conflict.record), JSONValue(conflict.field.number),
                        Vectors.number(conflict.otherStamp.dot.rawValue), .string(value),
                    ]
                })
        }
    }

    private func erased(_ replica: Replica) throws -> [RecordID] {
        var erased: [RecordID] = []
        try replica.write { tx in
            for number in 1...13 where try tx.isErased(Self.id(UInt64(number))) {
                erased.append(Self.id(UInt64(number)))
            }
        }
        return erased
    }
}
