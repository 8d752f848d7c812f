import Support
import SyncProtocol
import Trust

/// Who was let in lately, and what was told them: asked before a request's body is read, on the thread that all requests
/// share.
///
/// What this process changes is forgotten at once, what another one changes when that is heard of, and everything after a
/// second. Until then a workstation that was let out may still ask; what it wants to write is refused by the store itself.
final class RegistryCache: Sendable {
    private struct State {
        var devices = Lately<DeviceID, Device>()
        var administrators = Lately<OperatorID, Administrator>()
        var marks = Lately<LineID, RosterMark>()
        var generation = Lately<Bool, UInt64>()
        /// Raised with each forgetting: what was read before that is not kept.
        var version = 0
    }
    private let state = Lock(State())
    private let clock: MonotonicClock
    private let nanoseconds: Int64

    /// - Parameter milliseconds: how long something is remembered; 0: not at all.
    init(milliseconds: Int64, clock: MonotonicClock = .system) {
        nanoseconds = milliseconds * 1_000_000
        self.clock = clock
    }

    func device(_ id: DeviceID, _ find: () throws -> Device?) rethrows -> Device? {
        try lookUp(id, \.devices, find)
    }
    func administrator(_ id: OperatorID, _ find: () throws -> Administrator?) rethrows -> Administrator? {
        try lookUp(id, \.administrators, find)
    }
    func mark(_ line: LineID, _ find: () throws -> RosterMark?) rethrows -> RosterMark? {
        try lookUp(line, \.marks, find)
    }
    func generation(_ find: () throws -> UInt64) rethrows -> UInt64 {
        try lookUp(true, \.generation) { try find() } ?? find()
    }

    func forgetAll() {
        state.withLock { state in
            let version = state.version + 1
            state = State()
            state.version = version
        }
    }

    private func lookUp<Key, Value>(
        _ key: Key, _ table: WritableKeyPath<State, Lately<Key, Value>>, _ find: () throws -> Value?
    ) rethrows -> Value? {
        if nanoseconds == 0 { return try find() }
        let now = clock.nowNanoseconds()
        let (known, version) = state.withLock { ($0[keyPath: table].value(of: key, now: now), $0.version) }
        if let known { return known }
        guard let found = try find() else { return nil }
        state.withLock { state in
            if state.version == version { state[keyPath: table].keep(found, of: key, until: now + nanoseconds) }
        }
        return found
    }
}

/// Values that are good until a moment.
private struct Lately<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var entries: [Key: (value: Value, until: Int64)] = [:]
    private static var most: Int { 100_000 }

    func value(of key: Key, now: Int64) -> Value? {
        guard let entry = entries[key], now < entry.until else { return nil }
        return entry.value
    }

    mutating func keep(_ value: Value, of key: Key, until: Int64) {
        if entries.count >= Self.most { entries.removeAll() }
        entries[key] = (value, until)
    }
}
