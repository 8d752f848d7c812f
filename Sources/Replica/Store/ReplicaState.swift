import Merge
import SQLite
import SyncProtocol

/// The one row that every local write reads and changes, as it stood when the transaction began. Owner of `lugn_state`.
struct ReplicaState {
    var replica = ReplicaID(rawValue: 0)
    /// What this desk's writes are known by: 16 bits.
    var desk: UInt64 = 0
    /// The greatest time given here, or received and near enough to follow.
    var clock = HybridTimestamp.zero
    /// The last commit made here, and the last that the server holds.
    var number: UInt64 = 0
    var acknowledged: UInt64 = 0
    /// Where the feed has been read to.
    var position: UInt64 = 0
    /// Milliseconds to add to the wall clock: the server's word.
    var clockOffset: Int64 = 0
    /// The sum over what the server should hold once everything is sent.
    var fingerprint = Fingerprint()
    /// Differences with the server are being joined; until that is done, the feed is not read.
    var isHealing = false

    static let codec = RowCodec<ReplicaState>(
        "lugn_state",
        [
            .column("replica", \.replica), .column("desk", \.desk), .column("clock", \.clock),
            .column("number", \.number),
            .column("acknowledged", \.acknowledged), .column("position", \.position),
            .column("clock_offset", \.clockOffset), .column("fingerprint", \.fingerprint),
            .column("healing", \.isHealing),
        ])

    static let definition = """
        -- One row: what every write reads and changes.
        CREATE TABLE lugn_state (
            replica INTEGER NOT NULL, desk INTEGER NOT NULL, clock INTEGER NOT NULL, number INTEGER NOT NULL, acknowledged INTEGER NOT NULL,
            position INTEGER NOT NULL, clock_offset INTEGER NOT NULL, fingerprint BLOB NOT NULL, healing INTEGER NOT NULL
        ) STRICT;
        """

    private static let selection = StatementText(codec.select)
    private static let update = StatementText(codec.update)

    /// That of a new file.
    init(randomWord: () -> UInt64) {
        replica = ReplicaID(rawValue: randomWord())
        desk = randomWord() & 0xFFFF
    }

    /// The dot of a write that is being made.
    func makeDot(_ random: UInt64) -> Dot { Dot(desk: tag, random: random) }

    var tag: DeskTag { DeskTag(rawValue: UInt16(truncatingIfNeeded: desk)) }

    init(_ connection: Connection) throws {
        try connection.withStatement(Self.selection) { row in
            guard try row.step() else { throw ReplicaError.damagedRow("the replica's state") }
            try Self.codec.read(row, into: &self)
        }
    }

    func insert(_ connection: Connection) throws {
        try connection.withStatement(Self.codec.insert) { row in
            try Self.codec.bind(row, self)
            try row.run()
        }
    }

    func save(_ connection: Connection) throws {
        try connection.withStatement(Self.update) { row in
            try Self.codec.bind(row, self)
            try row.run()
        }
    }

    /// The reading for a local write. Never refused: a clock beyond the plausible, however it came to be, starts again from
    /// the wall clock, since what a write replaces is named and needs no greater time.
    mutating func tick(wallMilliseconds: Int64) -> HybridTimestamp {
        let wall = HybridTimestamp(milliseconds: min(corrected(wallMilliseconds), Self.latestWall))
        if clock >= .implausible { clock = wall }
        clock = max(wall, HybridTimestamp(rawValue: clock.rawValue + 1))
        return clock
    }

    /// A day before the implausible, so that readings never come near it.
    private static let latestWall = HybridTimestamp.implausible.milliseconds - 86_400_000

    /// The server's time, as far as it is known.
    func corrected(_ wallMilliseconds: Int64) -> Int64 {
        let (time, overflow) = wallMilliseconds.addingReportingOverflow(clockOffset)
        return overflow ? wallMilliseconds : time
    }

    /// Follows the time of a write that came in and was opened, unless it lies further ahead than a server would take:
    /// who writes over it names it, and needs no greater time. So nothing that comes in can carry the clock away.
    mutating func receive(_ time: HybridTimestamp, wallMilliseconds: Int64) {
        let latest = ClockBound().latestAccepted(
            nowMilliseconds: corrected(wallMilliseconds), highestAccepted: .zero)
        if time > clock, time <= latest { clock = time }
    }
}
