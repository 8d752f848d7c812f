import Casework
import Foundation
import JSON
import Merge
import Sealing
import SyncProtocol
import Testing

/// The vectors of `Protocol/vectors` are what this implementation does. `LUGN_UPDATE_VECTORS=1` writes them anew, which
/// changes the protocol: `Protocol/check_vectors.py` derives them a second time from the specification alone.
@Suite("The protocol's vectors")
struct VectorTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Protocol/vectors")

    static func check(_ name: String, _ document: JSONValue) throws {
        let file = folder.appendingPathComponent(name)
        let text = document.indentedText + "\n"
        if ProcessInfo.processInfo.environment["LUGN_UPDATE_VECTORS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name) differs from what the code does")
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> JSONValue { .string(hexadecimalText(bytes)) }
    private func number(_ value: UInt64) -> JSONValue { .string(String(value)) }

    @Test("clock.json")
    func clock() throws {
        let steps: [(latest: UInt64, wall: Int64)] = [
            (0, 0), (0, 1_700_000_000_000), (1_700_000_000_000 << 16, 1_699_999_999_999),
            (1_700_000_000_000 << 16 | 0xFFFF, 5), (7, -5), (0, .max),
        ]
        let ticks = try steps.map { step -> JSONValue in
            var clock = HybridLogicalClock(latest: HybridTimestamp(rawValue: step.latest))
            let reading = try clock.tick(wallMilliseconds: step.wall)
            return [
                "latest": number(step.latest), "wall": .string(String(step.wall)), "reading": number(reading.rawValue),
            ]
        }
        let instants: [(Int64, Int64)] = [(1_700_000_000_000, 0), (0, 1_700_000_000_000)]
        let bounds = instants.map { now, highest -> JSONValue in
            let latest = ClockBound().latestAccepted(
                nowMilliseconds: now, highestAccepted: HybridTimestamp(milliseconds: highest))
            return [
                "now": JSONValue(now), "highestMilliseconds": JSONValue(highest), "latest": number(latest.rawValue),
            ]
        }
        try Self.check("clock.json", ["ticks": .array(ticks), "bounds": .array(bounds)])
    }

    private let stamps: [Stamp] = [(5, 1), (5, 2), (4, 9), (0, .max), (.max, 0), (5, 1 << 63)].map {
        Stamp(time: HybridTimestamp(rawValue: $0), replica: ReplicaID(rawValue: $1))
    }

    private func json(_ stamp: Stamp) -> [JSONValue] { [number(stamp.time.rawValue), number(stamp.replica.rawValue)] }
    private func json(_ vector: StampVector) -> JSONValue {
        .array(vector.entries.map { .array(json($0.stamp) + [number($0.fields.rawValue)]) })
    }

    @Test("stamps.json")
    func order() throws {
        try Self.check(
            "stamps.json",
            [
                "unsorted": .array(stamps.map { .array(json($0)) }),
                "ascending": .array(stamps.sorted().map { .array(json($0)) }),
            ])
    }

    @Test("merge.json")
    func merge() throws {
        func vector(_ entries: [(Int, UInt64)]) -> StampVector {
            StampVector(unsorted: entries.map { .init(stamp: stamps[$0.0], fields: FieldMask(rawValue: $0.1)) })!
        }
        let starts = [vector([]), vector([(0, 3)]), vector([(0, 3), (2, 4)]), vector([(1, 1), (2, 1), (0, 6)])]
        var writes: [JSONValue] = []
        for start in starts {
            for seen in [[], [stamps[0]], start.entries.map(\.stamp)] {
                var after = start
                after.write(stamp: stamps[5], fields: FieldMask(rawValue: 5)) { seen.contains($0) }
                writes.append([
                    "before": json(start), "stamp": .array(json(stamps[5])), "fields": "5",
                    "seen": .array(seen.map { .array(json($0)) }), "after": json(after),
                    "contested": number(after.contested.rawValue),
                ])
            }
        }
        var joins: [JSONValue] = []
        for left in starts {
            for right in starts {
                let leftSeen = VersionVector(
                    Dictionary(left.entries.map { ($0.stamp.replica, $0.stamp.time) }, uniquingKeysWith: max))
                var rightSeen = VersionVector(
                    Dictionary(right.entries.map { ($0.stamp.replica, $0.stamp.time) }, uniquingKeysWith: max))
                rightSeen.include(stamps[0])
                joins.append([
                    "left": json(left), "leftSeen": .array(leftSeen.sorted.map { .array(json($0)) }),
                    "right": json(right),
                    "rightSeen": .array(rightSeen.sorted.map { .array(json($0)) }),
                    "joined": json(left.joined(with: right, seen: leftSeen, otherSeen: rightSeen)),
                ])
            }
        }
        try Self.check("merge.json", ["writes": .array(writes), "joins": .array(joins)])
    }

    @Test("fingerprints.json")
    func fingerprints() throws {
        let hasher = ItemHasher(Blake2b.hash128)
        let id = RecordID(milliseconds: 1_700_000_000_000, randomHigh: 1, randomLow: 2)
        let entries = [
            StampVector.Entry(stamp: stamps[5], fields: .init(rawValue: 1)),
            .init(stamp: stamps[0], fields: .init(rawValue: 6)),
        ]
        let hashes = [
            hasher.record(id, collection: 1, entries: entries), hasher.note(id, collection: 3), hasher.tombstone(id),
        ]
        var sum = Fingerprint()
        for _ in 0..<3 { hashes.forEach { sum.add($0) } }
        let vector = StampVector(unsorted: entries)!
        try Self.check(
            "fingerprints.json",
            [
                "record": .string(id.description.replacing("-", with: "")),
                "entries": json(vector), "recordCollection": 1, "noteCollection": 3,
                "recordHash": .string(Fingerprint(value: hashes[0]).description),
                "noteHash": .string(Fingerprint(value: hashes[1]).description),
                "tombstoneHash": .string(Fingerprint(value: hashes[2]).description),
                "sumOfThreeOfEach": .string(sum.description),
            ])
    }

    @Test("sealed.json")
    func sealed() throws {
        let key = LineKey(epoch: 1, secret: (0..<32).map { UInt8($0) })!
        let line = LineID((32..<48).map { UInt8($0) })!
        let nonce = (48..<64).map { UInt8($0) }
        let record = RecordID(high: 1, low: 2)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: 1_700_000_000_000), replica: ReplicaID(rawValue: 77))
        let cases = [
            (ChangeHeader.Kind.put, nil as RecordID?, UInt64(5), "62f6"), (.add, RecordID(high: 3, low: 4), 1, "6161"),
            (.erase, nil, 0, ""),
        ]
        let documents = cases.enumerated().map { index, item -> JSONValue in
            let header = ChangeHeader(
                kind: item.0, collection: 9, record: record, parent: item.1, fields: FieldMask(rawValue: item.2),
                epoch: 1)
            let plain = bytes(hexadecimal: item.3)!
            var output: [UInt8] = []
            Sealer(line: line, key: key).seal(
                plain[...], header: header, stamp: stamp, nonce: nonce, index: UInt64(index), to: &output)
            return [
                "kind": JSONValue(item.0.rawValue), "collection": 9,
                "record": hex(bytes(hexadecimal: record.description.replacing("-", with: ""))!),
                "parent": item.1.map { .string($0.description.replacing("-", with: "")) } ?? nil,
                "fields": number(item.2),
                "index": JSONValue(index), "plain": .string(item.3), "sealed": hex(output),
            ]
        }
        try Self.check(
            "sealed.json",
            [
                "secret": hex((0..<32).map { UInt8($0) }), "epoch": 1, "line": hex(line.bytes), "nonce": hex(nonce),
                "time": number(stamp.time.rawValue), "replica": number(stamp.replica.rawValue),
                "sealingKey": hex(key.derived(for: .sealing)), "keyCheck": hex(key.check), "changes": .array(documents),
            ])
    }

    @Test("damm.json")
    func damm() throws {
        let numbers = ["4829153", "0000000", "482 915-3", "482915-3"]
        var valid: [JSONValue] = []
        var generator = UInt64(1)
        for _ in 0..<40 {
            generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let payload = String(1_000_000 + generator >> 33 % 1_000_000).suffix(6)
            if let number = (0...9).lazy.compactMap({ ReferenceNumber(digits: payload + String($0)) }).first {
                valid.append(["digits": .string(number.digits), "written": .string(number.description)])
            }
        }
        let read = numbers.map { text -> JSONValue in
            ["text": .string(text), "valid": .bool((try? ReferenceNumber(parsing: text)) != nil)]
        }
        try Self.check("damm.json", ["valid": .array(valid), "read": .array(read)])
    }

    @Test("cbor.json")
    func cbor() throws {
        let integers: [Int64] = [0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_296, -1, -25, .max, .min]
        let floats: [Double] = [0, 1.5, 1.1, 65_504, 100_000, -4.1, 5.960464477539063e-8]
        let items = integers.map { value -> JSONValue in
            var writer = CBORWriter()
            writer.integer(value)
            return ["integer": .string(String(value)), "hex": hex(writer.bytes)]
        }
        let reals = floats.map { value -> JSONValue in
            var writer = CBORWriter()
            writer.real(value)
            return ["float": .string(String(value)), "hex": hex(writer.bytes)]
        }
        var text = CBORWriter()
        text.text("Lugn – åäö")
        let refused = ["1800", "190017", "5f41004100ff", "a201000100", "fa3fc00000", "62c328", "1b"]
        try Self.check(
            "cbor.json",
            [
                "integers": .array(items), "floats": .array(reals),
                "text": ["text": "Lugn – åäö", "hex": hex(text.bytes)],
                "refused": .array(refused.map { .string($0) }),
            ])
    }
}
