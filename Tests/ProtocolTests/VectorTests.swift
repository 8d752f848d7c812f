import Foundation
import JSON
import Merge
import Sealing
import SyncProtocol
import Testing

@testable import Casework

/// The vectors of `Protocol/vectors` are what this implementation does. `LUGN_UPDATE_VECTORS=1` writes them anew, which
/// changes the protocol: `Protocol/check_vectors.py` derives them a second time from the specification alone.
@Suite("The protocol's vectors")
struct VectorTests {
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
                "latest": Vectors.number(step.latest), "wall": .string(String(step.wall)),
                "reading": Vectors.number(reading.rawValue),
            ]
        }
        let instants: [(Int64, Int64)] = [(1_700_000_000_000, 0), (0, 1_700_000_000_000)]
        let bounds = instants.map { now, highest -> JSONValue in
            let latest = ClockBound().latestAccepted(
                nowMilliseconds: now, highestAccepted: HybridTimestamp(milliseconds: highest))
            return [
                "now": JSONValue(now), "highestMilliseconds": JSONValue(highest),
                "latest": Vectors.number(latest.rawValue),
            ]
        }
        try Vectors.check("clock.json", ["ticks": .array(ticks), "bounds": .array(bounds)])
    }

    @Test("dots.json: which desk wrote, and the order among changes that stand side by side")
    func dots() throws {
        let made: [(UInt16, UInt64)] = [(0, 0), (0xC0DE, 77), (.max, .max), (1, 1 << 48)]
        let dots = made.map { desk, random -> JSONValue in
            let dot = Dot(desk: DeskTag(rawValue: desk), random: random)
            #expect(dot.desk.rawValue == desk)
            return [
                "desk": JSONValue(Int(desk)), "random": Vectors.number(random), "dot": Vectors.number(dot.rawValue),
                "written": .string(dot.description),
            ]
        }
        let stamps = [(5, 1), (5, 2), (4, 9), (0, .max), (.max, 0), (5, 1 << 63)].map { time, dot in
            Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: dot))
        }
        func json(_ stamps: [Stamp]) -> JSONValue {
            .array(stamps.map { [Vectors.number($0.time.rawValue), Vectors.number($0.dot.rawValue)] })
        }
        try Vectors.check(
            "dots.json",
            ["dots": .array(dots), "unsorted": json(stamps), "ascending": json(stamps.sorted())])
    }

    @Test("fingerprints.json")
    func fingerprints() throws {
        let hasher = ItemHasher(Blake2b.hash128)
        let id = RecordID(milliseconds: 1_700_000_000_000, randomHigh: 1, randomLow: 2)
        let entries: [RecordState.Entry] = [
            .init(9, 1 << 63, 1, [(7, 1)]), .init(5, 2, 6), .init(5, 1, 1 << 63),
        ]
        let hashes = [
            hasher.record(id, collection: 1, entries: entries), hasher.note(id, collection: 3), hasher.tombstone(id),
        ]
        var sum = Fingerprint()
        for _ in 0..<3 { hashes.forEach { sum.add($0) } }
        try Vectors.check(
            "fingerprints.json",
            [
                "record": Vectors.id(id), "entries": .array(entries.map(Vectors.json)), "recordCollection": 1,
                "noteCollection": 3, "recordHash": Vectors.sum(hashes[0]), "noteHash": Vectors.sum(hashes[1]),
                "tombstoneHash": Vectors.sum(hashes[2]), "sumOfThreeOfEach": Vectors.sum(sum.value),
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
        let key = SealedVectorTests.key.derived(for: .referenceNumbers).copied()
        let permutation = NumberPermutation(key: key)
        let scattered = [0, 1, 2, 999, 1_000, 123_456, 999_999].map { leased -> JSONValue in
            let number = ReferenceNumber(scattered: permutation.scatter(leased))
            return ["leased": JSONValue(leased), "written": .string(number.description)]
        }
        let long = [(12, 7), (4_999, 9_999), (5_000, 10_000), (9_999, 999_999)].map { desk, counter -> JSONValue in
            let number = ReferenceNumber(desk: desk, counter: counter)
            return [
                "desk": JSONValue(desk), "counter": JSONValue(counter), "digits": .string(number.digits),
                "written": .string(number.description),
            ]
        }
        try Vectors.check(
            "damm.json",
            [
                "valid": .array(valid), "read": .array(read), "key": Vectors.hex(key), "scattered": .array(scattered),
                "long": .array(long),
            ])
    }

    @Test("cbor.json")
    func cbor() throws {
        let integers: [Int64] = [0, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_296, -1, -25, .max, .min]
        let floats: [Double] = [0, 1.5, 1.1, 65_504, 100_000, -4.1, 5.960464477539063e-8]
        let items = integers.map { value -> JSONValue in
            var writer = CBORWriter()
            writer.integer(value)
            return ["integer": .string(String(value)), "hex": Vectors.hex(writer.bytes)]
        }
        let reals = floats.map { value -> JSONValue in
            var writer = CBORWriter()
            writer.real(value)
            return ["float": .string(String(value)), "hex": Vectors.hex(writer.bytes)]
        }
        var text = CBORWriter()
        text.text("Lugn – åäö")
        let nested = { (depth: Int) in String(repeating: "81", count: depth) + "00" }
        let refused = [
            "1800", "190017", "5f41004100ff", "a201000100", "a200000000", "fa3fc00000", "62c328", "1b", "f7", "0000",
            nested(CBORReader.maximumDepth + 1),
        ]
        let accepted = ["a2000001f6", "f97e00", "c000", nested(CBORReader.maximumDepth)]
        for text in refused { #expect(throws: ProtocolError.self) { try passOver(text) } }
        for text in accepted { try passOver(text) }
        try Vectors.check(
            "cbor.json",
            [
                "integers": .array(items), "floats": .array(reals),
                "text": ["text": "Lugn – åäö", "hex": Vectors.hex(text.bytes)],
                "refused": .array(refused.map { .string($0) }), "accepted": .array(accepted.map { .string($0) }),
            ])
    }

    private func passOver(_ hexadecimal: String) throws(ProtocolError) {
        var reader = CBORReader(bytes(hexadecimal: hexadecimal)!)
        if try reader.peek() >> 5 == 5 {
            try reader.map { _, _ in false }
        } else {
            try reader.skip()
        }
        try reader.finish()
    }
}
