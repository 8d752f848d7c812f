import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Epochs and keyrings")
struct KeyringTests {
    let device = TestLine.device

    /// A line of four epochs and a workstation (3) that was there from before the second.
    func line() throws -> TestLine {
        var line = TestLine()
        try line.write(line.admission(3))
        try line.write(line.admission(4))
        try line.write(.remove([device(4).id], line.nextEpoch(10)))
        try line.write(.rotate(line.nextEpoch(11)))
        try line.write(.rotate(line.nextEpoch(12)))
        return line
    }

    func box(_ key: EpochKey, _ seed: UInt8 = 3) -> (epoch: UInt32, box: [UInt8]) {
        (key.epoch, BoxKey.seal(key.secret, to: device(seed).publicKeys.box)!)
    }

    func epochs(_ line: TestLine, _ boxes: [(epoch: UInt32, box: [UInt8])], seed: UInt8 = 3) -> [UInt32]? {
        guard let ring = Keyring(line.roster.state, boxes: boxes, key: device(seed).box) else { return nil }
        for key in ring.keys { #expect(key.secret.isEqual(to: line.keys[Int(key.epoch) - 1].secret)) }
        return ring.keys.map(\.epoch)
    }

    @Test("one box of the newest epoch gives all keys, whatever was missed")
    func newest() throws {
        let line = try line()
        #expect(epochs(line, [box(line.keys[3])]) == [1, 2, 3, 4])
        #expect(epochs(line, [box(line.keys[1])]) == [1, 2], "three rotations missed but one")
        #expect(epochs(line, [box(line.keys[0]), box(line.keys[3])]) == [1, 2, 3, 4])
        #expect(epochs(line, []) == nil)
    }

    @Test("bad boxes are passed over: changed ones, another key's, another device's, of no epoch")
    func badBoxes() throws {
        let line = try line()
        let good = box(line.keys[3])
        var changed = good
        changed.box[60] ^= 1
        let wrongKey = (epoch: UInt32(4), box: box(line.keys[2]).box)
        let others = box(line.keys[3], 4)
        for bad in [
            changed, wrongKey, others, (4, []), (4, [UInt8](repeating: 0, count: 80)), (0, good.box), (5, good.box),
            (.max, good.box),
        ] as [(epoch: UInt32, box: [UInt8])] {
            #expect(epochs(line, [bad]) == nil)
            #expect(epochs(line, [bad, good]) == [1, 2, 3, 4])
            #expect(epochs(line, [good, bad]) == [1, 2, 3, 4])
            #expect(epochs(line, [bad, box(line.keys[2])]) == [1, 2, 3])
        }
        for changed in flips(good.box) where changed != good.box {
            if epochs(line, [(4, changed)]) != nil { Issue.record("a box with a changed bit opened") }
        }
    }

    @Test("a key that a lead boxed and did not commit to is none")
    func wrongCommitment() throws {
        let line = try line()
        let other = EpochKey.random(epoch: 4)
        #expect(epochs(line, [box(other)]) == nil)
        // The right secret under another number is another key.
        let renumbered = EpochKey(epoch: 3, secret: line.keys[3].secret)!
        #expect(epochs(line, [box(renumbered)]) == nil)
        #expect(renumbered.commitment(line: line.line) != line.keys[3].commitment(line: line.line))
        #expect(line.keys[3].commitment(line: line.line) != line.keys[3].commitment(line: TestLine(seed: 9).line))
    }

    @Test("an entry that seals another key before takes nothing away from whoever has older boxes")
    func sabotage() throws {
        var line = try line()
        let key = EpochKey.random(epoch: 5)
        let next = RosterAct.NextEpoch(
            commitment: key.commitment(line: line.line), sealedPrevious: [UInt8](repeating: 0, count: 48))
        try line.write(.rotate(next))
        line.keys.append(key)
        #expect(epochs(line, [box(key)]) == nil)
        #expect(epochs(line, [box(key), box(line.keys[3])]) == [1, 2, 3, 4, 5])
        #expect(epochs(line, [box(key), box(line.keys[1])]) == [1, 2, 5], "epochs 3 and 4 are nowhere")
        // So each is kept by itself, and for nobody else.
        let state = line.roster.state
        for (epoch, box) in [box(key), box(line.keys[3])] {
            let known = EpochBox(device: device(3).id, epoch: epoch, box: box)
            #expect(state.isGood(known, key: device(3).box) && !state.isGood(known, key: device(4).box))
            #expect(!state.isGood(EpochBox(device: device(3).id, epoch: epoch - 1, box: box), key: device(3).box))
            #expect(!state.isGood(EpochBox(device: device(3).id, epoch: 0, box: box), key: device(3).box))
            #expect(!state.isGood(EpochBox(device: device(3).id, epoch: 99, box: box), key: device(3).box))
        }
        // The one before, sealed properly, but of another key than the one that is committed to.
        let wrong = EpochKey.random(epoch: 5).followed(by: EpochKey.random(epoch: 6), line: line.line)
        try line.write(.rotate(wrong))
        #expect(epochs(line, [box(key), box(line.keys[3])]) == [1, 2, 3, 4, 5])
    }

    @Test(
        "a key that was lost with the only workstation that had it is passed over: recovery goes on from the one before"
    )
    func lostKey() throws {
        var line = try line()
        // A lead's computer dies between the entry and the boxes.
        let lost = EpochKey.random(epoch: 5)
        try line.write(.rotate(line.keys[3].followed(by: lost, line: line.line)))
        line.keys.append(lost)
        #expect(epochs(line, [box(line.keys[3])]) == [1, 2, 3, 4], "nobody has the newest one")
        let next = EpochKey.random(epoch: 6)
        try line.write(
            .recovering(
                line: line.line, device(9), sealedName: [1], recovery: device(150),
                line.keys[3].followed(by: next, line: line.line)), by: line.recovery)
        line.keys.append(next)
        // One box is enough as before, for old workstations and new ones.
        #expect(epochs(line, [box(next)]) == [1, 2, 3, 4, 6])
        let ring = try #require(Keyring(line.roster.state, boxes: [box(next)], key: device(3).box))
        #expect(ring.current.epoch == 6 && ring.sealer.epoch == 6 && ring.sealer(epoch: 5) == nil)
        #expect(ring.open(name: ring.seal(name: "Desk 3")) == "Desk 3")
    }

    @Test("whoever was removed opens no epoch that came after, with all that the server has")
    func removed() throws {
        let line = try line()
        let all = line.keys.flatMap { key in [box(key), box(key, 1)] } + [box(line.keys[0], 4)]
        #expect(epochs(line, all, seed: 4) == [1])
        let sealedPrevious = line.roster.state.epochs.compactMap(\.sealedPrevious)
        for sealed in sealedPrevious {
            #expect(
                line.keys[0].previous(
                    sealed: sealed, epoch: 1, commitment: line.roster.state.epochs[0].commitment, line: line.line)
                    == nil)
            #expect(
                KeyWrap.open(
                    sealed, key: line.keys[0].derived(for: .previousKey),
                    nonce: Array(line.roster.state.epochs[0].commitment.prefix(24)),
                    purpose: Array("lugn previous key 2".utf8) + line.line.bytes) == nil)
        }
    }

    @Test("the key before, sealed twice under one new key on two branches, shares no key stream")
    func twoBranches() {
        let line = TestLine().line
        let next = EpochKey.random(epoch: 3)
        let (first, second) = (EpochKey.random(epoch: 2), EpochKey.random(epoch: 2))
        let left = first.followed(by: next, line: line).sealedPrevious
        let right = second.followed(by: next, line: line).sealedPrevious
        let stream = zip(
            zip(left, right).map { $0 ^ $1 }, zip(first.secret.copied(), second.secret.copied()).map { $0 ^ $1 })
        #expect(!stream.allSatisfy { $0 == $1 })
        #expect(
            next.previous(sealed: left, epoch: 2, commitment: first.commitment(line: line), line: line)?.secret.isEqual(
                to: first.secret) == true)
        #expect(next.previous(sealed: left, epoch: 2, commitment: second.commitment(line: line), line: line) == nil)
    }

    @Test("boxes for present workstations and recovery open there, and others get none")
    func boxes() throws {
        let line = try line()
        let state = line.roster.state
        let boxes = state.boxes(of: line.keys[3], for: state.keyHolders + [device(4).id, device(50).id])
        #expect(boxes.map(\.device) == [device(1).id, device(3).id, line.recovery.id])
        #expect(boxes.allSatisfy { $0.box.count == EpochBox.bytes && $0.epoch == 4 })
        #expect(line.recovery.box.open(boxes[2].box)?.isEqual(to: line.keys[3].secret) == true)
        #expect(line.recovery.box.open(boxes[1].box) == nil)
        #expect(BoxKey.seal(line.keys[3].secret, to: [UInt8](repeating: 0, count: 32)) == nil, "a key of small order")
        #expect(BoxKey.seal(line.keys[3].secret, to: [1]) == nil)
    }

    @Test("names read back under every epoch, and say nothing of their length")
    func names() throws {
        let line = try line()
        let ring = try #require(Keyring(line.roster.state, boxes: [box(line.keys[3])], key: device(3).box))
        let older = try #require(Keyring(line.roster.state, boxes: [box(line.keys[1])], key: device(3).box))
        for name in ["", "Desk 3", "Stödlinjen, plats två"] {
            #expect(ring.open(name: ring.seal(name: name)) == name)
            #expect(ring.open(name: older.seal(name: name)) == name)
            #expect(older.open(name: ring.seal(name: name)) == nil)
            #expect(
                ring.seal(name: name).count == ring.seal(name: "x").count
                    && ring.seal(name: name) != ring.seal(name: name))
        }
        let sealed = ring.seal(name: "Desk 3")
        for changed in flips(sealed) { #expect(ring.open(name: changed) == nil) }
        for end in sealed.indices { #expect(ring.open(name: Array(sealed[..<end])) == nil) }
    }

    @Test("each purpose and each epoch has a key of its own; reference numbers keep the first epoch's")
    func purposes() throws {
        let line = try line()
        let purposes: [EpochKey.Purpose] = [.content, .previousKey, .names, .referenceNumbers, .checkpoints]
        let keys = line.keys.flatMap { key in purposes.map { key.derived(for: $0).copied() } + [key.secret.copied()] }
        #expect(Set(keys).count == keys.count)
        let ring = try #require(Keyring(line.roster.state, boxes: [box(line.keys[3])], key: device(3).box))
        #expect(ring.referenceNumberKey.isEqual(to: line.keys[0].derived(for: .referenceNumbers)))
        #expect(ring.sealer.epoch == 4 && ring.sealer(epoch: 2)?.epoch == 2)
        #expect(ring.sealer(epoch: 0) == nil && ring.sealer(epoch: 5) == nil)
    }
}
