import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Checkpoints")
struct CheckpointTests {
    let device = TestLine.device
    let checkpoint = Checkpoint(
        log: [UInt8](repeating: 1, count: 16), position: 7, roster: [UInt8](repeating: 2, count: 32),
        sum: [UInt8](repeating: 3, count: 16), milliseconds: TestLine.now)

    func line() throws -> (TestLine, Keyring) {
        let line = try TestLine.withEveryKind()
        return (line, Keyring(line: line.line, keys: line.keys))
    }

    @Test("one opens at every workstation of the line, and says whose it is")
    func roundTrip() throws {
        let (line, ring) = try line()
        let sealed = ring.seal(checkpoint, by: device(3))
        #expect(ring.open(sealed, line.roster.state) == checkpoint)
        #expect(sealed.sealed.count <= SealedCheckpoint.limitBytes && sealed.epoch == 4)
        #expect(try CheckpointList(encoded: CheckpointList([sealed]).encoded()).checkpoints == [sealed])
    }

    @Test("nobody speaks for another: not the server, a stranger, one who was removed, or one with an older key")
    func forged() throws {
        let (line, ring) = try line()
        let state = line.roster.state
        var moved = ring.seal(checkpoint, by: device(3))
        moved.device = device(2).id
        #expect(ring.open(moved, state) == nil)
        #expect(ring.open(ring.seal(checkpoint, by: device(50)), state) == nil)
        #expect(ring.open(ring.seal(checkpoint, by: device(4)), state) == nil)
        let older = Keyring(line: line.line, keys: Array(line.keys.dropLast()))
        #expect(ring.open(older.seal(checkpoint, by: device(3)), state) == nil)
        var renumbered = older.seal(checkpoint, by: device(3))
        renumbered.epoch = 4
        #expect(ring.open(renumbered, state) == nil)
        #expect(
            Keyring(line: TestLine(seed: 9).line, keys: line.keys).open(ring.seal(checkpoint, by: device(3)), state)
                == nil)
        let sealed = ring.seal(checkpoint, by: device(3))
        for changed in flips(sealed.sealed) {
            #expect(ring.open(SealedCheckpoint(device: sealed.device, epoch: 4, sealed: changed), state) == nil)
        }
    }

    @Test("only those of the same log, position and roster are compared")
    func places() {
        #expect(checkpoint.isOfSamePlace(as: checkpoint))
        let changes: [(inout Checkpoint) -> Void] = [{ $0.log[0] ^= 1 }, { $0.position += 1 }, { $0.roster[31] ^= 1 }]
        for change in changes {
            var other = checkpoint
            change(&other)
            #expect(!checkpoint.isOfSamePlace(as: other))
        }
        var later = checkpoint
        later.milliseconds += 1
        later.sum[0] ^= 1
        #expect(checkpoint.isOfSamePlace(as: later), "and then their sums must be equal")
    }

    @Test("sums have a key of their own, that the server and who was removed do not have")
    func sumKey() throws {
        let (line, ring) = try line()
        #expect(!ring.checkpointSumKey.isEqual(to: ring.current.derived(for: .checkpoints)))
        let older = Keyring(line: line.line, keys: Array(line.keys.dropLast()))
        #expect(!ring.checkpointSumKey.isEqual(to: older.checkpointSumKey))
    }
}
