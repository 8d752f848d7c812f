import Merge
import Sealing
import SyncProtocol

/// Sealed values: they open to what was sealed, under what they were sealed with, and under nothing else; bytes that
/// nobody sealed never open.
enum SealingHarness {
    private static let line = LineID((0..<16).map { UInt8($0) })!
    private static let otherLine = LineID((1..<17).map { UInt8($0) })!
    private static let secret = (0..<32).map { UInt8($0) }
    private static let sealer = Sealer(line: line, key: key(1, secret))
    private static let others = [
        Sealer(line: line, key: key(1, secret.reversed())),
        Sealer(line: line, key: key(2, secret)),
        Sealer(line: otherLine, key: key(1, secret)),
    ]

    private static func key(_ epoch: UInt32, _ secret: [UInt8]) -> EpochKey {
        EpochKey(epoch: epoch, secret: SecretBytes(copying: secret))!
    }

    private struct Wrapping: Equatable {
        var header: ChangeHeader
        var stamp: Stamp
        var nonce: [UInt8]
        var index: UInt64
    }

    static func run(_ bytes: [UInt8]) throws {
        var choices = Choices(bytes)
        let wrapping = wrapping(&choices)
        let other = altered(wrapping, &choices)
        let flips = (0..<choices.below(4)).map { _ in (Int(choices.number() % (1 << 20)), choices.byte()) }
        let cut = choices.below(3)
        let plain = choices.rest()

        var sealed: [UInt8] = []
        sealer.seal(
            plain[...], header: wrapping.header, stamp: wrapping.stamp, nonce: wrapping.nonce, index: wrapping.index,
            to: &sealed)
        try hold(sealed.count == Sealer.sealedBytes(plain.count), "sealed values are not as long as they should be")
        try hold(open(sealed, wrapping) == plain, "sealed values do not open to what was sealed")
        if other != wrapping { try hold(open(sealed, other) == nil, "sealed values open under another header") }
        for other in others { try hold(open(sealed, wrapping, other) == nil, "sealed values open under another key") }
        try hold(open(plain, wrapping) == nil, "bytes that nobody sealed open")

        var damaged = sealed
        for (place, mask) in flips { damaged[place % damaged.count] ^= mask }
        damaged.removeLast(min(cut, damaged.count))
        if damaged != sealed { try hold(open(damaged, wrapping) == nil, "damaged values open") }
    }

    private static func open(_ sealed: [UInt8], _ wrapping: Wrapping, _ sealer: Sealer = sealer) throws -> [UInt8]? {
        // What was in the buffer before must be gone, whatever the outcome.
        var output: [UInt8] = Array("left over".utf8)
        let isOpen = sealer.open(
            sealed[...], header: wrapping.header, stamp: wrapping.stamp, nonce: wrapping.nonce, index: wrapping.index,
            into: &output)
        if !isOpen { try hold(output.isEmpty, "what could not be opened left something behind") }
        return isOpen ? output : nil
    }

    private static func wrapping(_ choices: inout Choices) -> Wrapping {
        let kind = ChangeHeader.Kind(rawValue: choices.byte() % 3) ?? .put
        let record = RecordID(high: choices.number(), low: choices.number())
        let parent = choices.oneIn(2) ? RecordID(high: choices.number(), low: choices.number()) : nil
        let header = ChangeHeader(
            kind: kind, collection: UInt32(truncatingIfNeeded: choices.number()), record: record, parent: parent,
            fields: FieldMask(rawValue: choices.number()), epoch: 1)
        var nonce = choices.take(SealedCommit.nonceBytes)
        nonce += [UInt8](repeating: 0, count: SealedCommit.nonceBytes - nonce.count)
        return Wrapping(header: header, stamp: stamp(&choices), nonce: nonce, index: choices.number())
    }

    private static func stamp(_ choices: inout Choices) -> Stamp {
        Stamp(
            time: HybridTimestamp(rawValue: choices.number()), dot: Dot(rawValue: choices.number()))
    }

    private static func altered(_ wrapping: Wrapping, _ choices: inout Choices) -> Wrapping {
        var other = wrapping
        switch choices.below(11) {
        case 0: other.header.kind = ChangeHeader.Kind(rawValue: choices.byte() % 3) ?? .put
        case 1: other.header.collection = UInt32(truncatingIfNeeded: choices.number())
        case 2: other.header.record = RecordID(high: choices.number(), low: choices.number())
        case 3: other.header.parent = choices.oneIn(2) ? RecordID(high: choices.number(), low: choices.number()) : nil
        case 4: other.header.fields = FieldMask(rawValue: choices.number())
        case 5: other.header.epoch = UInt32(truncatingIfNeeded: choices.number())
        case 6: other.stamp = stamp(&choices)
        case 7: other.nonce = choices.take(choices.below(32))
        case 8: other.index = choices.number()
        case 9:
            (other.header.record, other.header.parent) = (
                other.header.parent ?? other.header.record, other.header.record
            )
        default: other = self.wrapping(&choices)
        }
        return other
    }
}
