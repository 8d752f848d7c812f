public import Merge

/// `POST /v2/sync`: what a workstation sends. One request pushes, pulls, and says how the workstation is.
public struct SyncRequest: Hashable, Sendable {
    public static let version: UInt64 = 2

    public var line: LineID
    public var replica: ReplicaID
    public var cursor: Cursor
    /// The last acknowledged commit: its number (0 for none) and the digest that the first commit sent is chained to.
    public var acknowledged: UInt64
    public var acknowledgedDigest: [UInt8]
    /// From the first unacknowledged on, without gaps.
    public var commits: [SealedCommit]
    /// Commits in the outbox, those of this request included.
    public var pending: UInt64
    /// Wall time of the oldest of them, in milliseconds since 1970.
    public var oldestPending: Int64?
    /// The workstation's wall clock, uncorrected, in milliseconds since 1970.
    public var clock: Int64
    /// How large a page it can take, in bytes. 0: none, and the cursor says nothing: so a replica sends while it heals.
    public var pageBytes: UInt64
    /// How long to wait if there is nothing new, in milliseconds. 0 answers at once.
    public var wait: UInt64
    /// The state's fingerprint, if the outbox is empty.
    public var fingerprint: Fingerprint?
    public var schema: UInt64
    public var leases: LeaseState
    /// Asks for the replica's own changes too: a deep verification reads the whole feed.
    public var includeOwn: Bool
    /// How the replica is, for operators.
    public var condition: ReplicaCondition

    public init(
        line: LineID, replica: ReplicaID, cursor: Cursor = .start, acknowledged: UInt64 = 0,
        acknowledgedDigest: [UInt8] = [UInt8](repeating: 0, count: SealedCommit.digestBytes),
        commits: [SealedCommit] = [], pending: UInt64 = 0, oldestPending: Int64? = nil, clock: Int64,
        pageBytes: UInt64 = UInt64(Limits().pageBytes), wait: UInt64 = 0, fingerprint: Fingerprint? = nil,
        schema: UInt64 = 1, leases: LeaseState = LeaseState(), includeOwn: Bool = false,
        condition: ReplicaCondition = ReplicaCondition()
    ) {
        self.line = line
        self.replica = replica
        self.cursor = cursor
        self.acknowledged = acknowledged
        self.acknowledgedDigest = acknowledgedDigest
        self.commits = commits
        self.pending = pending
        self.oldestPending = oldestPending
        self.clock = clock
        self.pageBytes = pageBytes
        self.wait = wait
        self.fingerprint = fingerprint
        self.schema = schema
        self.leases = leases
        self.includeOwn = includeOwn
        self.condition = condition
    }
}

/// What a replica says of the blocks of reference numbers it was leased.
public struct LeaseState: Hashable, Sendable {
    /// How many blocks it has received so far, under this replica id; blocks lost with an answer are sent again.
    public var received: UInt64
    /// How many more it would like.
    public var wanted: UInt64
    /// One past the last number of the highest block that it ever held, so that a restored server leases none twice.
    public var highest: UInt64

    public init(received: UInt64 = 0, wanted: UInt64 = 0, highest: UInt64 = 0) {
        self.received = received
        self.wanted = wanted
        self.highest = highest
    }
}

extension SyncRequest {
    /// Whether only its commits are to be taken.
    public var wantsNoPage: Bool { pageBytes == 0 }
    /// The number up to which the request shows the replica's commits; what a server holds beyond is somebody else's.
    public var confirmedNumber: UInt64 { commits.last?.number ?? acknowledged }

    private enum Key: UInt64, CaseIterable {
        case version = 0, line, replica, cursor, acknowledged, acknowledgedDigest, commits, pending, oldestPending
        case clock, pageBytes, wait, fingerprint, schema, leases, includeOwn
        case program, setAside, unopened, numbersLeft
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.bytes.reserveCapacity(256 + commits.reduce(0) { $0 + $1.changes.count * 300 })
        writer.map(Key.allCases.count)
        func key(_ key: Key) { writer.unsigned(key.rawValue) }
        key(.version); writer.unsigned(Self.version)
        key(.line); writer.data(line.bytes)
        key(.replica); writer.replica(replica)
        key(.cursor); writer.cursor(cursor)
        key(.acknowledged); writer.unsigned(acknowledged)
        key(.acknowledgedDigest); writer.data(acknowledgedDigest)
        key(.commits); writer.array(commits.count)
        for commit in commits { writer.commit(commit) }
        key(.pending); writer.unsigned(pending)
        key(.oldestPending)
        if let oldestPending { writer.integer(oldestPending) } else { writer.null() }
        key(.clock); writer.integer(clock)
        key(.pageBytes); writer.unsigned(pageBytes)
        key(.wait); writer.unsigned(wait)
        key(.fingerprint); writer.fingerprint(fingerprint)
        key(.schema); writer.unsigned(schema)
        key(.leases); writer.array(3)
        writer.unsigned(leases.received); writer.unsigned(leases.wanted); writer.unsigned(leases.highest)
        key(.includeOwn); writer.boolean(includeOwn)
        key(.program); writer.text(condition.program)
        key(.setAside); writer.unsigned(condition.setAside)
        key(.unopened); writer.unsigned(condition.unopened)
        key(.numbersLeft); writer.unsigned(condition.numbersLeft)
        return writer.bytes
    }

    /// Reads a request. All keys are required, in ascending order; others are passed over.
    public init(encoded bytes: [UInt8], limits: Limits = Limits()) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var found = 0
        var request = SyncRequest(
            line: LineID([UInt8](repeating: 0, count: 16))!, replica: .init(rawValue: 0), clock: 0)
        try reader.map { key, reader throws(ProtocolError) in
            guard let key = Key(rawValue: key) else { return false }
            try request.read(key, &reader, limits)
            found += 1
            return true
        }
        try reader.finish()
        guard found == Key.allCases.count else { throw ProtocolError(.missing, offset: reader.offset) }
        // Without gaps, and in the order of their times.
        for (previous, next) in zip(request.commits, request.commits.dropFirst()) {
            guard next.number == previous.number + 1, next.stamp.time > previous.stamp.time else {
                throw ProtocolError(.invalidValue, offset: reader.offset)
            }
        }
        if let first = request.commits.first, first.number != request.acknowledged + 1 {
            throw ProtocolError(.invalidValue, offset: reader.offset)
        }
        self = request
    }

    private mutating func read(_ key: Key, _ reader: inout CBORReader, _ limits: Limits) throws(ProtocolError) {
        switch key {
        case .version: _ = try reader.version()
        case .line:
            let start = reader.offset
            guard let id = LineID(try reader.data(exactly: 16)) else {
                throw ProtocolError(.invalidValue, offset: start)
            }
            line = id
        case .replica: replica = try reader.replica()
        case .cursor: cursor = try reader.cursor()
        case .acknowledged: acknowledged = try reader.unsigned(below: SealedCommit.numberLimit)
        case .acknowledgedDigest: acknowledgedDigest = Array(try reader.data(exactly: SealedCommit.digestBytes))
        case .commits:
            let count = try reader.array(limit: Limits.requestCommits, elementBytes: 40)
            commits.reserveCapacity(count)
            for _ in 0..<count { commits.append(try reader.commit(limits: limits)) }
        case .pending: pending = try reader.unsigned(below: SealedCommit.numberLimit)
        case .oldestPending: oldestPending = try reader.takeNull() ? nil : try reader.milliseconds()
        case .clock: clock = try reader.milliseconds()
        case .pageBytes: pageBytes = try reader.unsigned()
        case .wait: wait = try reader.unsigned()
        case .fingerprint: fingerprint = try reader.fingerprint()
        case .schema: schema = try reader.unsigned(below: 1 << 48)
        case .leases:
            try reader.array(exactly: 3)
            let received = try reader.unsigned(below: 1 << 48)
            let wanted = try reader.unsigned(below: 1 << 48)
            leases = LeaseState(received: received, wanted: wanted, highest: try reader.unsigned(below: 1 << 48))
        case .includeOwn: includeOwn = try reader.boolean()
        case .program: condition.program = try reader.text(limit: ReplicaCondition.programBytes)
        case .setAside: condition.setAside = try reader.unsigned(below: 1 << 48)
        case .unopened: condition.unopened = try reader.unsigned(below: 1 << 48)
        case .numbersLeft: condition.numbersLeft = try reader.unsigned(below: 1 << 48)
        }
    }
}

extension CBORWriter {
    mutating func fingerprint(_ value: Fingerprint?) {
        guard let value else { return null() }
        head(2, 16)
        append(value.value)
    }
}

extension CBORReader {
    mutating func fingerprint() throws(ProtocolError) -> Fingerprint? {
        if try takeNull() { return nil }
        var value: UInt128 = 0
        for byte in try data(exactly: 16) { value = value << 8 | UInt128(byte) }
        return Fingerprint(value: value)
    }
}

extension CBORReader {
    /// The version of a message, checked to be the one that this program speaks.
    public mutating func version() throws(ProtocolError) -> UInt64 {
        let start = offset
        let version = try unsigned()
        if version != SyncRequest.version { throw ProtocolError(.version, offset: start) }
        return version
    }

    /// A wall clock, right or wrong, in milliseconds since 1970: within ±2⁵³, so that differences never overflow.
    public mutating func milliseconds() throws(ProtocolError) -> Int64 {
        let start = offset
        let value = try integer()
        guard value.magnitude <= 1 << 53 else { throw ProtocolError(.invalidValue, offset: start) }
        return value
    }

    /// A server's clock: from 1970 to the end of 2199. One that says anything else is no clock to follow.
    public mutating func serverTime() throws(ProtocolError) -> Int64 {
        let start = offset
        let value = try integer()
        guard (0..<HybridTimestamp.implausible.milliseconds).contains(value) else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        return value
    }
}
