import JSON
import Merge
import Sealing
import SyncProtocol
import Testing

/// What is sealed, what is authenticated with it, and the digests of commits.
@Suite("Vectors of sealing")
struct SealedVectorTests {
    static let secret = (0..<32).map { UInt8($0) }
    static let key = EpochKey(epoch: 1, secret: SecretBytes(copying: secret))!
    static let line = LineID((32..<48).map { UInt8($0) })!
    private static let nonce = (48..<64).map { UInt8($0) }
    private static let stamp = Stamp(
        time: HybridTimestamp(milliseconds: 1_700_000_000_000, counter: 2),
        dot: Dot(desk: DeskTag(rawValue: 0xC0DE), random: 77))

    private static let record = RecordID(high: 1, low: 2)
    private static let cases: [(header: ChangeHeader, plain: String)] = {
        let above = (1...3).map { RecordID(high: 3, low: UInt64($0)) }
        let replaced = RecordState.Entry(0, 0, 5, [(1, 1), (1 << 63, 5)]).replaced
        return [
            (ChangeHeader(kind: .put, collection: 9, record: record, fields: .init(rawValue: 5), epoch: 1), "62f6"),
            (
                ChangeHeader(
                    kind: .put, collection: 9, record: record, parent: above[0], fields: .init(rawValue: 5),
                    replaced: replaced, epoch: 1), "61626163"
            ),
            (
                ChangeHeader(
                    kind: .add, collection: 7, record: record, parent: above[0], ancestors: Array(above[1...]),
                    fields: .init(rawValue: 1 << 63), epoch: 1), "6161"
            ),
            (ChangeHeader(kind: .add, collection: 7, record: record, fields: .empty, epoch: 1), ""),
            (ChangeHeader(kind: .erase, collection: .max, record: record, fields: .empty, epoch: 1), ""),
        ]
    }()

    @Test("sealed.json")
    func sealed() throws {
        let changes = Self.cases.enumerated().map { index, item -> JSONValue in
            let header = item.header
            let plain = bytes(hexadecimal: item.plain)!
            var output: [UInt8] = []
            let sealer = Sealer(line: Self.line, key: Self.key)
            sealer.seal(
                plain[...], header: header, stamp: Self.stamp, nonce: Self.nonce, index: UInt64(index), to: &output)
            var opened: [UInt8] = []
            #expect(
                sealer.open(
                    output[...], header: header, stamp: Self.stamp, nonce: Self.nonce, index: UInt64(index),
                    into: &opened))
            #expect(opened == plain)
            var writer = CBORWriter()
            writer.change(header: header, content: output[...])
            return [
                "index": JSONValue(index), "change": Vectors.hex(writer.bytes),
                "replacedBytes": Vectors.hex(header.replaced.encoded()), "plain": .string(item.plain),
            ]
        }
        let purposes: [(String, EpochKey.Purpose)] = [
            ("content", .content), ("previousKey", .previousKey), ("names", .names),
            ("referenceNumbers", .referenceNumbers), ("checkpoints", .checkpoints),
        ]
        try Vectors.check(
            "sealed.json",
            [
                "secret": Vectors.hex(Self.secret), "epoch": 1, "line": Vectors.hex(Self.line.bytes),
                "nonce": Vectors.hex(Self.nonce), "time": Vectors.number(Self.stamp.time.rawValue),
                "dot": Vectors.number(Self.stamp.dot.rawValue),
                "keys": .array(
                    purposes.map {
                        [
                            "purpose": .string($0.0), "number": JSONValue(Int($0.1.rawValue)),
                            "key": Vectors.hex(Self.key.derived(for: $0.1).copied()),
                        ]
                    }),
                "changes": .array(changes), "digests": digests(),
            ])
    }

    private func digests() -> JSONValue {
        let replica = ReplicaID(rawValue: 0x1B52_7D82_93B3_1DE4)
        var previous = CommitDigest.start
        let chain = (1...3).map { number -> JSONValue in
            let stamp = Stamp(
                time: HybridTimestamp(milliseconds: 1_700_000_000_000 + Int64(number)),
                dot: Dot(rawValue: UInt64(number) << 60))
            previous = CommitDigest.digest(
                previous: previous, replica: replica, number: UInt64(number), stamp: stamp)
            return [
                "number": JSONValue(number), "time": Vectors.number(stamp.time.rawValue),
                "dot": Vectors.number(stamp.dot.rawValue), "digest": Vectors.hex(previous),
            ]
        }
        return ["replica": Vectors.number(replica.rawValue), "chain": .array(chain)]
    }
}
