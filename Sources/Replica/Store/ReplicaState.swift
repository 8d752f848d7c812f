import Merge
import SQLite

/// The one row that every local write reads and changes, as it stood when the transaction began.
struct ReplicaState {
    var replica: ReplicaID
    var clock: HybridLogicalClock
    /// The greatest time received or acknowledged: what re-stamping stays above.
    var received: HybridTimestamp
    var number: UInt64
    var acknowledged: UInt64
    var acknowledgedTime: HybridTimestamp
    var position: UInt64
    var clockOffsetMilliseconds: Int64
    var fingerprint: Fingerprint
    var isRereading: Bool
    var isHealing: Bool

    /// Whether positions in the log do not tell what a write has seen, so that it must say it itself.
    var needsContext: Bool { isRereading || isHealing }

    private static let selection = StatementText(
        """
        SELECT replica, clock, received, number, acknowledged, acknowledged_time, position, clock_offset, fingerprint,
            rereading, healing FROM lugn_state
        """)
    private static let update = StatementText(
        """
        UPDATE lugn_state SET replica = ?, clock = ?, received = ?, number = ?, acknowledged = ?, acknowledged_time = ?,
            position = ?, clock_offset = ?, fingerprint = ?, rereading = ?, healing = ?
        """)

    init(_ connection: Connection) throws {
        self = try connection.withStatement(Self.selection) { statement in
            guard try statement.step(), let halves = statement.halves(8) else {
                throw ReplicaError(.damaged, "the replica's state is missing; restore the file from a backup")
            }
            return ReplicaState(
                replica: ReplicaID(rawValue: UInt64(bitPattern: statement.integer(0))),
                clock: HybridLogicalClock(latest: HybridTimestamp(rawValue: UInt64(bitPattern: statement.integer(1)))),
                received: HybridTimestamp(rawValue: UInt64(bitPattern: statement.integer(2))),
                number: UInt64(bitPattern: statement.integer(3)),
                acknowledged: UInt64(bitPattern: statement.integer(4)),
                acknowledgedTime: HybridTimestamp(rawValue: UInt64(bitPattern: statement.integer(5))),
                position: UInt64(bitPattern: statement.integer(6)), clockOffsetMilliseconds: statement.integer(7),
                fingerprint: Fingerprint(value: UInt128(halves.high) << 64 | UInt128(halves.low)),
                isRereading: statement.integer(9) != 0, isHealing: statement.integer(10) != 0)
        }
    }

    private init(
        replica: ReplicaID, clock: HybridLogicalClock, received: HybridTimestamp, number: UInt64, acknowledged: UInt64,
        acknowledgedTime: HybridTimestamp, position: UInt64, clockOffsetMilliseconds: Int64, fingerprint: Fingerprint,
        isRereading: Bool, isHealing: Bool
    ) {
        self.replica = replica
        self.clock = clock
        self.received = received
        self.number = number
        self.acknowledged = acknowledged
        self.acknowledgedTime = acknowledgedTime
        self.position = position
        self.clockOffsetMilliseconds = clockOffsetMilliseconds
        self.fingerprint = fingerprint
        self.isRereading = isRereading
        self.isHealing = isHealing
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(Self.update) { statement in
            try statement.bind(1, Int64(bitPattern: replica.rawValue))
            try statement.bind(2, Int64(bitPattern: clock.latest.rawValue))
            try statement.bind(3, Int64(bitPattern: received.rawValue))
            try statement.bind(4, Int64(bitPattern: number))
            try statement.bind(5, Int64(bitPattern: acknowledged))
            try statement.bind(6, Int64(bitPattern: acknowledgedTime.rawValue))
            try statement.bind(7, Int64(bitPattern: position))
            try statement.bind(8, clockOffsetMilliseconds)
            try statement.bind(
                9, high: UInt64(truncatingIfNeeded: fingerprint.value >> 64),
                low: UInt64(truncatingIfNeeded: fingerprint.value))
            try statement.bind(10, isRereading ? 1 : 0)
            try statement.bind(11, isHealing ? 1 : 0)
            try statement.run()
        }
    }

    /// Notes a time that came from outside.
    mutating func receive(_ time: HybridTimestamp) {
        clock.receive(time)
        received = max(received, time)
    }
}
