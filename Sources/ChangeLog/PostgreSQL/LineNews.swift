import PostgreSQL
import Support
import SyncProtocol

/// News of lines, from process to process: by NOTIFY and LISTEN, which is a matter of milliseconds, and by asking for the
/// heads each second, which is enough where there is no LISTEN, and finds what a process that was killed did not tell.
///
/// A notification is a transaction of its own, after the commit: PostgreSQL lets transactions that notify commit one after
/// the other only, and lines must not wait for each other.
final class LineNews: Sendable {
    private struct Watched {
        var head: UInt64
        /// As it was found last; nil before that.
        var rights: Int64?
        var asked: Int64
    }
    private struct Untold {
        var head: UInt64?
        var areRightsChanged = false

        var words: [String] {
            (head.map { [String($0)] } ?? []) + (areRightsChanged ? [LineNews.rightsWord] : [])
        }
    }
    private struct State {
        var subscribers: [Int: AsyncStream<StoreNews>.Continuation] = [:]
        var nextSubscriber = 0
        var untold: [LineID: Untold] = [:]
        var isTelling = false
        /// Lines that somebody here has asked for lately, with the head that was told last.
        var watched: [LineID: Watched] = [:]
        var isListening = false
        var isStopped = false
        var nextBeat: Int64 = 0
    }
    private let state = Lock(State())
    private let pool: ConnectionPool
    private let address: DatabaseAddress
    private let clock: MonotonicClock
    private let isAlone: Bool
    private let listens: Bool
    private let beat: @Sendable (PostgreSQLConnection) throws -> Void
    private let onRights: @Sendable () -> Void

    static let telling = SQLStatement("SELECT pg_notify('lugn', $1)")
    static let listening = SQLStatement("LISTEN lugn")
    static let statements = [telling, listening]

    /// In the place of a head: that rights have changed.
    private static let rightsWord = "rights"
    private static let pollMilliseconds: Int64 = 1_000
    private static let beatMilliseconds: Int64 = 5_000
    /// A request waits for news for less than a minute, and comes again.
    private static let watchMilliseconds: Int64 = 120_000

    /// - Parameters:
    ///   - isAlone: no other process has the store, and nobody need be told.
    ///   - onRights: called when somebody's rights have changed, before anybody else is told.
    ///   - beat: shows that the process is there, on the connection that listens.
    init(
        _ address: DatabaseAddress, _ pool: ConnectionPool, isAlone: Bool = false, listens: Bool = true,
        clock: MonotonicClock = .system, onRights: @escaping @Sendable () -> Void = {},
        beat: @escaping @Sendable (PostgreSQLConnection) throws -> Void = { _ in }
    ) {
        self.onRights = onRights
        self.beat = beat
        self.isAlone = isAlone
        self.listens = listens
        self.address = address
        self.pool = pool
        self.clock = clock
    }

    /// Whoever reads it is told; listening begins with the first.
    func stream() -> AsyncStream<StoreNews> {
        let isFirst = state.withLock { state in
            defer { state.isListening = true }
            return !state.isListening && !isAlone
        }
        if isFirst { start() }
        return makeStream()
    }

    private func makeStream() -> AsyncStream<StoreNews> {
        AsyncStream { continuation in
            let id = state.withLock { state in
                state.nextSubscriber += 1
                state.subscribers[state.nextSubscriber] = continuation
                return state.nextSubscriber
            }
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.subscribers.removeValue(forKey: id) }
            }
        }
    }

    func publish(_ news: StoreNews) {
        if case .rightsChanged = news { onRights() }
        let subscribers = state.withLock { state in
            switch news {
            case .advanced(let line, let head):
                let known = state.watched[line]?.head ?? 0
                state.watched[line]?.head = max(head, known)
            case .wentBack(let line, let head): state.watched[line]?.head = head
            case .replaced, .rightsChanged: break
            }
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.yield(news) }
    }

    /// Somebody here may wait for news of the line from now on. Where it has grown since it was last looked at, those who
    /// wait already are told.
    func watch(_ line: LineID, head: UInt64) {
        let now = milliseconds
        let known = state.withLock { state in
            let known = state.watched[line]
            state.watched[line] = Watched(head: max(head, known?.head ?? 0), rights: known?.rights, asked: now)
            return known?.head
        }
        if let known, head > known { publish(.advanced(line, head: head)) }
    }

    // MARK: Telling others

    /// Tells the other processes that a line has grown. Returns at once; several tellings become one.
    func tell(_ line: LineID, head: UInt64) { tell(line) { $0.head = max(head, $0.head ?? 0) } }

    /// Tells them, and this process, that somebody's rights have changed.
    func tellRights(of line: LineID) {
        publish(.rightsChanged(line))
        tell(line) { $0.areRightsChanged = true }
    }

    private func tell(_ line: LineID, _ change: (inout Untold) -> Void) {
        if isAlone { return }
        let begins = state.withLock { state in
            change(&state.untold[line, default: Untold()])
            defer { state.isTelling = true }
            return !state.isTelling
        }
        if begins { Task { await tellAll() } }
    }

    private func tellAll() async {
        while let batch = nextBatch() {
            do {
                try await pool.run { connection in
                    for (line, untold) in batch {
                        for word in untold.words { try connection.send(Self.telling) { $0.add("\(line):\(word)") } }
                    }
                    try connection.receive()
                }
            } catch {
                // The others ask each second: they hear of it a little later. One that knows no NOTIFY is not asked again soon.
                state.withLock { $0.isTelling = false }
                return
            }
        }
    }

    private func nextBatch() -> [LineID: Untold]? {
        state.withLock { state in
            if state.untold.isEmpty {
                state.isTelling = false
                return nil
            }
            defer { state.untold.removeAll() }
            return state.untold
        }
    }

    // MARK: Listening

    private func start() {
        SystemThread { [weak self] in
            var connection: PostgreSQLConnection?
            while let self, !state.withLock({ $0.isStopped }) {
                do {
                    let current = try connection ?? connect()
                    connection = current
                    try listen(current)
                } catch {
                    connection = nil
                    SystemThread.sleep(seconds: 1)
                }
            }
        }?.detach()
    }

    func stop() {
        let subscribers = state.withLock { state in
            state.isStopped = true
            defer { state.subscribers.removeAll() }
            return Array(state.subscribers.values)
        }
        // Not under the lock: whoever ends takes itself out of the list.
        for subscriber in subscribers { subscriber.finish() }
    }

    private func connect() throws -> PostgreSQLConnection {
        let connection = try PostgreSQLConnection(address)
        if !listens { return connection }
        do {
            try connection.send(Self.listening)
            try connection.receive()
        } catch {
            // Where there is no LISTEN, asking each second is the way.
            if connection.isBroken { throw error }
        }
        return connection
    }

    /// Hears what is told until the next second, then asks.
    private func listen(_ connection: PostgreSQLConnection) throws {
        let end = milliseconds + Self.pollMilliseconds
        while true {
            let rest = end - milliseconds
            if rest <= 0 { break }
            for payload in try connection.notifications(milliseconds: Int32(clamping: rest)) { hear(payload) }
        }
        try ask(connection)
        let now = milliseconds
        let isDue = state.withLock { state in
            if now < state.nextBeat { return false }
            state.nextBeat = now + Self.beatMilliseconds
            return true
        }
        if isDue { try beat(connection) }
    }

    private func hear(_ payload: String) {
        let parts = payload.split(separator: ":")
        guard parts.count == 2, let line = LineID(hexadecimal: parts[0]) else { return }
        if parts[1] == Self.rightsWord { return publish(.rightsChanged(line)) }
        guard let head = UInt64(parts[1]) else { return }
        if state.withLock({ $0.watched[line] }) != nil { publish(.advanced(line, head: head)) }
    }

    private func ask(_ connection: PostgreSQLConnection) throws {
        let now = milliseconds
        let watched = state.withLock { state in
            state.watched = state.watched.filter { now - $0.value.asked < Self.watchMilliseconds }
            return state.watched
        }
        if watched.isEmpty { return }
        let rows = try connection.run(LineRows.heads) { parameters in
            parameters.add(uuids: watched.keys.map(\.halves))
        }
        for index in rows.indices {
            guard let line = LineID(rows[index].bytes(0)), let known = watched[line] else { continue }
            let (head, rights) = (rows[index].word(1), rows[index].integer(2))
            if head > known.head { publish(.advanced(line, head: head)) }
            state.withLock { $0.watched[line]?.rights = rights }
            if let before = known.rights, before != rights { publish(.rightsChanged(line)) }
        }
    }

    private var milliseconds: Int64 { clock.nowNanoseconds() / 1_000_000 }
}

extension LineID {
    fileprivate init?(hexadecimal text: Substring) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        var bytes: [UInt8] = []
        var rest = text
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.init(bytes)
    }

    fileprivate var halves: (high: UInt64, low: UInt64) {
        let words = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        return (words[0], words[1])
    }
}
