import Merge
import PostgreSQL
import Support
import SyncProtocol

/// Notices on every new connection whether the database went back behind what it had confirmed to this process.
final class StoreWatch: Sendable {
    /// What was found when the database is not the one that it was.
    struct Replacement: Sendable {
        /// Lines whose log lacks a position that this process had seen there, and where each ends now.
        var lacking: [LineID: UInt64]
        var isOtherServer: Bool
        /// The process's own number was lower than it had been written.
        var hasGoneBack: Bool
    }
    private struct State {
        var identity: StoreIdentity?
        var heads: [LineID: Cursor] = [:]
        var beat: Int64 = 0
    }
    private let state = Lock(State())
    private let process: [UInt8]
    private let started: Int64
    private let onReplacement: @Sendable (Replacement) -> Void

    init(process: [UInt8], started: Int64, onReplacement: @escaping @Sendable (Replacement) -> Void) {
        self.process = process
        self.started = started
        self.onReplacement = onReplacement
    }

    /// Of the database that the last connection led to.
    var identityWord: UInt64 { state.withLock { $0.identity?.word ?? 0 } }

    /// Notes where a line stands: durably, as far as the database has said.
    func note(_ cursor: Cursor, of line: LineID) {
        state.withLock { state in
            if let known = state.heads[line], known.position > cursor.position { return }
            state.heads[line] = cursor
        }
    }

    /// Looks whether a new connection leads to what the ones before led to.
    func check(_ connection: PostgreSQLConnection) throws {
        let identity = try StoreIdentity(connection)
        let known = state.withLock { $0 }
        let lacking = try lacking(Array(known.heads.prefix(Self.mostLines)), connection)
        let beat = try connection.run(ProcessRows.beat) { $0.add(process) }.first?.integer(0) ?? 0
        let hasGoneBack = beat < known.beat
        let isOther = known.identity.map { $0 != identity } ?? false
        state.withLock { state in
            state.identity = identity
            for (line, _) in lacking { state.heads[line] = nil }
            if hasGoneBack { state.beat = beat }
        }
        if isOther || hasGoneBack || !lacking.isEmpty {
            onReplacement(Replacement(lacking: lacking, isOtherServer: isOther, hasGoneBack: hasGoneBack))
        }
    }

    /// Lines whose log lacks what was seen there, with their heads.
    private func lacking(
        _ heads: [(key: LineID, value: Cursor)], _ connection: PostgreSQLConnection
    ) throws -> [LineID: UInt64] {
        if heads.isEmpty { return [:] }
        for (line, cursor) in heads {
            try LogRows.sendChecks([cursor.position], line: line, connection)
            try connection.send(LineRows.find) { $0.add(line.bytes) }
        }
        let answers = try connection.receive()
        var lacking: [LineID: UInt64] = [:]
        for (index, (line, cursor)) in heads.enumerated() where cursor.position > 0 {
            if LogRows.decodeChecks(answers[2 * index])[cursor.position] == cursor.check { continue }
            lacking[line] = try answers[2 * index + 1].first.map(LineRows.decode)?.head ?? 0
        }
        return lacking
    }

    /// As many lines are looked at on a new connection. What a database lost, it lost of all that was written last.
    private static let mostLines = 256

    /// Raises the process's number in the database.
    func beat(_ connection: PostgreSQLConnection, now: Int64) throws {
        let next = state.withLock { $0.beat } + 1
        _ = try connection.run(ProcessRows.beating) {
            $0.add(process)
            $0.add(started)
            $0.add(next)
            $0.add(now)
        }
        state.withLock { $0.beat = max($0.beat, next) }
        if next % 1_000 == 1 { _ = try connection.run(ProcessRows.cleaning) { $0.add(now - Self.keptMilliseconds) } }
    }

    /// How long a process that is gone stays in the table.
    private static let keptMilliseconds: Int64 = 7 * 24 * 60 * 60 * 1_000
}
