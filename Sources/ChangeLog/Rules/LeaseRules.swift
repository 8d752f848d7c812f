import Merge
import Support
import SyncProtocol

/// Leases blocks of reference numbers, and gives each replica a small number of its own.
///
/// Blocks are drawn at random among those that are not known as given: a server that was put back from a backup has
/// forgotten some, and counting up would lease exactly these again. Each new block then collides with a forgotten one with a
/// chance of *forgotten / not known as given*: with 100 blocks (2,000 numbers) forgotten and 1,000 known, 0.2 %. What replicas
/// report of their own is left out besides.
struct LeaseRules {
    /// The starts of the line's blocks; where none is wanted, at least the one that the replica reports, if it is one.
    var given: Set<UInt64>
    /// Those of this replica that it has not received, in their order.
    let unreceived: [Lease]
    var random: RandomSource

    /// Numbers in a block. Small, since a fork throws away what is left of one.
    static let blockSize: UInt64 = 20
    /// How many numbers there are: six digits.
    static let numberCount: UInt64 = 1_000_000
    static let blockCount = numberCount / blockSize
    /// How many blocks a replica may have been sent and not received.
    static let blocksAtOnce: UInt64 = 50
    static let lastDesk: UInt64 = 4_999

    /// Sends again what was lost with an answer, and as many new blocks as are wanted and left.
    mutating func decide(
        _ state: LeaseState, isNewReplica: Bool, _ replica: inout ReplicaState, _ line: inout LineState
    ) -> (leases: [Lease], new: [Lease]) {
        if replica.desk == 0, line.nextDesk <= Self.lastDesk {
            replica.desk = line.nextDesk
            line.nextDesk += 1
        }
        // A word beyond what there is says nothing, and believing it would leave nobody any.
        if state.received <= Self.blockCount { replica.leasesGiven = max(replica.leasesGiven, state.received) }
        var new: [Lease] = []
        if let held = Self.block(endingAt: state.highest), state.wanted > 0 || isNewReplica, given.insert(held).inserted
        {
            // Ordinal 0 is never sent: the replica has it.
            new.append(Lease(ordinal: 0, start: held, count: Self.blockSize))
        }
        let again = Array(unreceived.prefix(Limits.leases))
        if !again.isEmpty {
            Marks.reach(.leaseSentAgain)
            return (again, new)
        }
        var drawn: [Lease] = []
        for _ in 0..<min(state.wanted, Self.blocksAtOnce) {
            guard let start = draw() else { break }
            replica.leasesGiven += 1
            drawn.append(Lease(ordinal: replica.leasesGiven, start: start, count: Self.blockSize))
        }
        return (drawn, new + drawn)
    }

    /// The block whose last number comes before `end`; nil where there is none.
    static func block(endingAt end: UInt64) -> UInt64? {
        end >= blockSize && end <= numberCount && end % blockSize == 0 ? end - blockSize : nil
    }

    private mutating func draw() -> UInt64? {
        guard UInt64(given.count) < Self.blockCount else { return nil }
        var block = random.next() % Self.blockCount
        // Where few are left, a free one is looked for from there on.
        while given.contains(block * Self.blockSize) { block = (block + 1) % Self.blockCount }
        given.insert(block * Self.blockSize)
        return block * Self.blockSize
    }
}
