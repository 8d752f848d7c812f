import Merge
import Sealing
import SyncProtocol
import Testing

@Suite("Sealing (I12)")
struct SealingTests {
    let key = Self.key(1, (0..<32).map { UInt8($0) })
    let stamp = Examples.stamp

    static func key(_ epoch: UInt32, _ secret: [UInt8]) -> EpochKey {
        EpochKey(epoch: epoch, secret: SecretBytes(copying: secret))!
    }

    func sealed(_ plain: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        Sealer(line: Examples.line, key: key).seal(
            plain[...], header: Examples.header, stamp: stamp, nonce: Examples.nonce, index: 3, to: &output)
        return output
    }

    func open(
        _ bytes: [UInt8], key: EpochKey? = nil, line: LineID = Examples.line, header: ChangeHeader = Examples.header,
        stamp: Stamp? = nil, nonce: [UInt8] = Examples.nonce, index: UInt64 = 3
    ) -> [UInt8]? {
        var output: [UInt8] = []
        let isOpen = Sealer(line: line, key: key ?? self.key).open(
            bytes[...], header: header, stamp: stamp ?? self.stamp, nonce: nonce, index: index, into: &output)
        return isOpen ? output : nil
    }

    @Test("what was sealed opens, also the empty", arguments: [0, 1, 15, 16, 17, 1_000, 100_000])
    func roundTrip(count: Int) {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(sealed(plain).count == Sealer.sealedBytes(count))
        #expect(open(sealed(plain)) == plain)
    }

    @Test("no changed bit, and nothing else that belongs to it, goes unnoticed")
    func tampering() throws {
        let bytes = sealed([1, 2, 3, 4])
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(open(changed) == nil)
        }
        for end in bytes.indices { #expect(open(Array(bytes[..<end])) == nil) }
        #expect(open(bytes, key: Self.key(1, [UInt8](repeating: 9, count: 32))) == nil)
        #expect(open(bytes, key: Self.key(2, (0..<32).map { UInt8($0) })) == nil)
        #expect(open(bytes, line: LineID([UInt8](repeating: 1, count: 16))!) == nil)
        #expect(open(bytes, stamp: Stamp(time: .zero, dot: stamp.dot)) == nil)
        #expect(open(bytes, stamp: Stamp(time: stamp.time, dot: Dot(rawValue: 1))) == nil)
        #expect(open(bytes, nonce: [UInt8](repeating: 0, count: 16)) == nil)
        #expect(open(bytes, index: 4) == nil)
        let changes: [(inout ChangeHeader) -> Void] = [
            { $0.kind = .add }, { $0.collection = 2 }, { $0.record = Examples.parent }, { $0.parent = Examples.parent },
            { $0.ancestors = [Examples.parent] }, { $0.fields = FieldMask(rawValue: 0b1111) }, { $0.epoch = 2 },
            { $0.replaced = .none }, { $0.replaced.insert(Dot(rawValue: 4), fields: FieldMask(rawValue: 1)) },
            { $0.replaced.insert(Dot(rawValue: 3), fields: FieldMask(rawValue: 8)) },
        ]
        for change in changes {
            var header = Examples.header
            change(&header)
            // A parent's ancestors say nothing without the parent, and no header is read that has them so.
            if header.parent == nil, !header.ancestors.isEmpty { header.parent = Examples.parent }
            #expect(open(bytes, header: header) == nil)
        }
    }

    @Test("a commit's sealer keeps nothing of one change for the next")
    func reuse() {
        let sealer = Sealer(line: Examples.line, key: key)
        let headers = [Examples.add.header, Examples.header, Examples.add.header, Examples.erase.header]
        var together = sealer.commit(stamp: stamp, nonce: Examples.nonce)
        for (index, plain) in headers.enumerated() {
            var header = plain
            header.epoch = key.epoch
            var output: [UInt8] = []
            together.seal([1, 2][...], header: header, index: UInt64(index), to: &output)
            #expect(open(output, header: header, index: UInt64(index)) == [1, 2])
        }
    }

    @Test("short values of different lengths have one length when sealed, and nothing stays nothing")
    func lengths() {
        #expect(Set((1...63).map { sealed([UInt8](repeating: 1, count: $0)).count }) == [64 + 16])
        #expect(sealed([]).count == 16)
        #expect(sealed([UInt8](repeating: 1, count: 64)).count > 64 + 16)
    }
}
